"""Families of distributions of one variable: their densities, and their distribution functions from both ends.

In: nodes of a point and of shape parameters. Out: nodes. The formulas are those of Johnson, Kotz and Balakrishnan,
Continuous Univariate Distributions (1994). What lies above a point has a formula of its own wherever 1 minus what lies
below would cancel, far out, to 0.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.ops import composites
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops import scipy_distributions as special
from symdiff.ops.scipy_integrals import hyp2f1
from symdiff.ops.special import lgamma
from symdiff.ops.stable import sigmoid, softplus, xlog1py, xlogy

_LOG_ROOT_TWO_PI = 0.5 * math.log(2.0 * math.pi)
_LOG_HALF = math.log(0.5)


class Family(NamedTuple):
    """A distribution in its standard form, with location 0 and scale 1. Functions of a point and the shape parameters.

    below, above: the probability of less, and of more.
    log_below, log_above: their logarithms, where a formula reaches farther than the logarithm of the probability.
    lowest, highest: the support.
    is_discrete: whether it gives probabilities to whole numbers; such a one has no scale.
    """

    shapes: tuple[str, ...]
    log_density: Callable[..., Node]
    below: Callable[..., Node]
    above: Callable[..., Node]
    log_below: Callable[..., Node] | None = None
    log_above: Callable[..., Node] | None = None
    lowest: float = -math.inf
    highest: float = math.inf
    is_discrete: bool = False


def logarithm(probability: Node, of_the_rest: Node) -> Node:
    """The logarithm of a probability, by that of the rest where it is near 1."""
    return make.select(p.less(probability, 0.5), e.log(probability), e.log1p(-of_the_rest))


def _normal(z: Node) -> Node:
    return -0.5 * (z * z) - _LOG_ROOT_TWO_PI


def _student(z: Node, df: Node) -> Node:
    constant = lgamma((df + 1.0) / 2.0) - lgamma(df / 2.0) - 0.5 * e.log(math.pi * df)
    return constant - 0.5 * (df + 1.0) * e.log1p(z * z / df)  # type: ignore[no-any-return]


def _student_below(z: Node, df: Node) -> Node:
    """Near 0 by a series, which is smooth there, far out by the incomplete beta function, which does not cancel."""
    density = e.exp(lgamma((df + 1.0) / 2.0) - lgamma(df / 2.0)) / e.sqrt(math.pi * df)
    inside = 0.5 + z * density * hyp2f1(0.5, (df + 1.0) / 2.0, 1.5, -z * z / df)
    tail = 0.5 * special.betainc(df / 2.0, 0.5, df / (df + z * z))
    outside = make.select(p.greater(z, 0.0), 1.0 - tail, tail)
    return make.select(p.less(z * z, df), inside, outside)


def _gamma(z: Node, a: Node) -> Node:
    return xlogy(a - 1.0, z) - z - lgamma(a)  # type: ignore[no-any-return]


def _chi_squared(z: Node, df: Node) -> Node:
    return _gamma(z / 2.0, df / 2.0) - math.log(2.0)


def _beta(z: Node, a: Node, b: Node) -> Node:
    return xlogy(a - 1.0, z) + xlog1py(b - 1.0, -z) - special.betaln(a, b)  # type: ignore[no-any-return]


def _poisson(k: Node, mu: Node) -> Node:
    """Only whole numbers have a probability."""
    return make.select(p.equal(k, p.floor(k)), xlogy(k, mu) - lgamma(k + 1.0) - mu, -math.inf)


def _log_normal(z: Node, s: Node) -> Node:
    """The density ends in 0 at 0, where the logarithm of the point has no number."""
    return make.select(p.greater(z, 0.0), _normal(e.log(z) / s) - e.log(s * z), -math.inf)


def _log_normal_score(z: Node, s: Node) -> Node:
    return make.select(p.greater(z, 0.0), e.log(z) / s, -math.inf)


def _logistic(z: Node) -> Node:
    return -z - 2.0 * softplus(-z)  # type: ignore[no-any-return]


def _laplace_below(z: Node) -> Node:
    return make.select(p.less(z, 0.0), 0.5 * e.exp(z), 1.0 - 0.5 * e.exp(-z))


def _laplace_log_below(z: Node) -> Node:
    return make.select(p.less(z, 0.0), _LOG_HALF + z, e.log1p(-0.5 * e.exp(-z)))


FAMILIES: dict[str, Family] = {
    "norm": Family(
        (),
        _normal,
        composites.ndtr,
        lambda z: composites.ndtr(-z),
        special.log_ndtr,
        lambda z: special.log_ndtr(-z),
    ),
    "t": Family(("df",), _student, _student_below, lambda z, df: _student_below(-z, df)),
    "gamma": Family(
        ("a",), _gamma, lambda z, a: special.gammainc(a, z), lambda z, a: special.gammaincc(a, z), lowest=0.0
    ),
    "chi2": Family(
        ("df",),
        _chi_squared,
        lambda z, df: special.gammainc(df / 2.0, z / 2.0),
        lambda z, df: special.gammaincc(df / 2.0, z / 2.0),
        lowest=0.0,
    ),
    "beta": Family(
        ("a", "b"),
        _beta,
        lambda z, a, b: special.betainc(a, b, z),
        lambda z, a, b: special.betainc(b, a, 1.0 - z),
        lowest=0.0,
        highest=1.0,
    ),
    "expon": Family((), lambda z: -z, lambda z: -e.expm1(-z), lambda z: e.exp(-z), log_above=lambda z: -z, lowest=0.0),
    "lognorm": Family(
        ("s",),
        _log_normal,
        lambda z, s: composites.ndtr(_log_normal_score(z, s)),
        lambda z, s: composites.ndtr(-_log_normal_score(z, s)),
        lambda z, s: special.log_ndtr(_log_normal_score(z, s)),
        lambda z, s: special.log_ndtr(-_log_normal_score(z, s)),
        lowest=0.0,
    ),
    "laplace": Family(
        (),
        lambda z: -p.absolute(z) - math.log(2.0),
        _laplace_below,
        lambda z: _laplace_below(-z),
        _laplace_log_below,
        lambda z: _laplace_log_below(-z),
    ),
    "logistic": Family((), _logistic, sigmoid, lambda z: sigmoid(-z), lambda z: -softplus(-z), lambda z: -softplus(z)),
    "cauchy": Family(
        (),
        lambda z: -e.log(math.pi * (1.0 + z * z)),
        lambda z: e.atan2(1.0, -z) / math.pi,
        lambda z: e.atan2(1.0, z) / math.pi,
    ),
    "poisson": Family(
        ("mu",),
        _poisson,
        lambda k, mu: special.gammaincc(p.floor(k) + 1.0, mu),
        lambda k, mu: special.gammainc(p.floor(k) + 1.0, mu),
        lowest=0.0,
        is_discrete=True,
    ),
}
