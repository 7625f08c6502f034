"""The distributions of scipy.stats: densities and distribution functions in closed form.

In: a distribution of SciPy's, or a frozen one. Out: a stand-in whose `logpdf`, `pdf`, `cdf` and their kind take traced
values. SciPy's own methods are generic: they look at their arguments' values, so none of them can be traced. Drawing
random numbers is refused. The formulas are those of Johnson, Kotz and Balakrishnan, Continuous Univariate
Distributions (1994).
"""

import functools
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.ops import composites
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops import scipy_distributions as special
from symdiff.ops.scipy_integrals import hyp2f1
from symdiff.ops.special import lgamma
from symdiff.ops.stable import sigmoid, softplus, xlog1py, xlogy
from symdiff.tracing.calls import unsupported
from symdiff.tracing.chance import Chance
from symdiff.tracing.forking import refuse
from symdiff.tracing.normal_distribution import normal_density, normal_entropy, normal_log_density
from symdiff.tracing.rules import Rule
from symdiff.tracing.tracer import call
from symdiff.tracing.values import has_tracer, to_node

_LOG_ROOT_TWO_PI = 0.5 * math.log(2.0 * math.pi)


class Family(NamedTuple):
    """A distribution in its standard form, with location 0 and scale 1.

    log_density: of a point and the shape parameters. below: its distribution function. lowest, highest: the support.
    is_discrete: whether it gives probabilities to whole numbers; such a one has no scale.
    """

    shapes: tuple[str, ...]
    log_density: Callable[..., Node]
    below: Callable[..., Node]
    lowest: float = -math.inf
    highest: float = math.inf
    is_discrete: bool = False


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
    return xlogy(k, mu) - lgamma(k + 1.0) - mu  # type: ignore[no-any-return]


def _log_normal(z: Node, s: Node) -> Node:
    return _normal(e.log(z) / s) - e.log(s * z)  # type: ignore[no-any-return]


def _logistic(z: Node) -> Node:
    return -z - 2.0 * softplus(-z)  # type: ignore[no-any-return]


def _laplace_below(z: Node) -> Node:
    return make.select(p.less(z, 0.0), 0.5 * e.exp(-p.absolute(z)), 1.0 - 0.5 * e.exp(-p.absolute(z)))


FAMILIES: dict[str, Family] = {
    "norm": Family((), _normal, composites.ndtr),
    "t": Family(("df",), _student, _student_below),
    "gamma": Family(("a",), _gamma, lambda z, a: special.gammainc(a, z), 0.0),
    "chi2": Family(("df",), _chi_squared, lambda z, df: special.gammainc(df / 2.0, z / 2.0), 0.0),
    "beta": Family(("a", "b"), _beta, lambda z, a, b: special.betainc(a, b, z), 0.0, 1.0),
    "expon": Family((), lambda z: -z, lambda z: -e.expm1(-z), 0.0),
    "lognorm": Family(("s",), _log_normal, lambda z, s: composites.ndtr(e.log(z) / s), 0.0),
    "laplace": Family((), lambda z: -p.absolute(z) - math.log(2.0), _laplace_below),
    "logistic": Family((), _logistic, sigmoid),
    "cauchy": Family((), lambda z: -e.log(math.pi * (1.0 + z * z)), lambda z: 0.5 + e.atan(z) / math.pi),
    "poisson": Family(
        ("mu",), _poisson, lambda k, mu: special.gammaincc(p.floor(k) + 1.0, mu), 0.0, math.inf, is_discrete=True
    ),
}


def _placed(family: Family, x: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Node, list[Node], Node]:
    """The standard point, the shape parameters, the scale."""
    names = [*family.shapes, "loc", *([] if family.is_discrete else ["scale"])]
    given: dict[str, Any] = {"loc": 0.0, "scale": 1.0, **dict(zip(names, args, strict=False)), **kwargs}
    missing = [name for name in family.shapes if name not in given]
    if missing or len(args) > len(names) or set(given) - {*names, "scale"}:
        raise TypeError(f"the parameters are {', '.join(names)}")
    scale = to_node(given["scale"])
    point = (to_node(x) - to_node(given["loc"])) / scale
    return point, [to_node(given[name]) for name in family.shapes], scale


def _log_density(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    z, shapes, scale = _placed(family, x, args, kwargs)
    value = family.log_density(z, *shapes) - e.log(scale)
    return _inside(family, z, value, -math.inf)


def _inside(family: Family, z: Node, value: Node, outside: float) -> Node:
    """The value in the support, another outside."""
    if math.isfinite(family.highest):
        value = make.select(p.greater(z, family.highest), outside, value)
    if math.isfinite(family.lowest):
        value = make.select(p.less(z, family.lowest), outside, value)
    return value


def _density(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    return e.exp(_log_density(family, x, *args, **kwargs))  # type: ignore[no-any-return]


def _below(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    z, shapes, _ = _placed(family, x, args, kwargs)
    value = family.below(z, *shapes)
    if math.isfinite(family.highest):
        value = make.select(p.greater(z, family.highest), 1.0, value)
    return make.select(p.less(z, family.lowest), 0.0, value) if math.isfinite(family.lowest) else value


def _above(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    if family is FAMILIES["norm"]:
        z, _, _ = _placed(family, x, args, kwargs)
        return composites.ndtr(-z)  # type: ignore[no-any-return]
    return 1.0 - _below(family, x, *args, **kwargs)


def _log_below(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    if family is FAMILIES["norm"]:
        return special.log_ndtr(_placed(family, x, args, kwargs)[0])  # type: ignore[no-any-return]
    return e.log(_below(family, x, *args, **kwargs))  # type: ignore[no-any-return]


def _log_above(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    if family is FAMILIES["norm"]:
        return special.log_ndtr(-_placed(family, x, args, kwargs)[0])  # type: ignore[no-any-return]
    return e.log1p(-_below(family, x, *args, **kwargs))  # type: ignore[no-any-return]


_DISTRIBUTION_FUNCTIONS = {"cdf": _below, "sf": _above, "logcdf": _log_below, "logsf": _log_above}
_CONTINUOUS = {"logpdf": _log_density, "pdf": _density, **_DISTRIBUTION_FUNCTIONS}
_DISCRETE = {"logpmf": _log_density, "pmf": _density, **_DISTRIBUTION_FUNCTIONS}

# -- several variables --------------------------------------------------------------------------------------------


def _dirichlet_log_density(x: Any, alpha: Any) -> Node:
    point, weights = to_node(x), to_node(alpha)
    if point.shape[0] + 1 == weights.shape[0]:
        rest = 1.0 - make.reduce("sum", point, [0])
        point = make.concatenate([point, make.reshape(rest, (1, *rest.shape))], 0)
    constant = lgamma(make.reduce("sum", weights)) - make.reduce("sum", lgamma(weights))
    powers = make.reshape(weights - 1.0, (weights.shape[0], *(1 for _ in point.shape[1:])))
    return constant + make.reduce("sum", xlogy(powers, point), [0])  # type: ignore[no-any-return]


def _dirichlet_density(x: Any, alpha: Any) -> Node:
    return e.exp(_dirichlet_log_density(x, alpha))  # type: ignore[no-any-return]


_SEVERAL: dict[str, dict[str, Callable[..., Node]]] = {
    "multivariate_normal": {
        "logpdf": normal_log_density,
        "pdf": normal_density,
        "entropy": normal_entropy,
    },
    "dirichlet": {"logpdf": _dirichlet_log_density, "pdf": _dirichlet_density},
}

# -- stand-ins ----------------------------------------------------------------------------------------------------


def is_distribution(value: Any) -> bool:
    """Whether a value is one of SciPy's distributions, or a frozen one."""
    stats = sys.modules.get("scipy.stats")
    if stats is None or not str(type(value).__module__).startswith("scipy.stats"):
        return False
    return _unfrozen(value) is not None


def _unfrozen(value: Any) -> Any:
    """The distribution that a frozen one has fixed parameters for."""
    inner = getattr(value, "dist", None) or getattr(value, "_dist", None) or value
    named = getattr(sys.modules["scipy.stats"], _name(inner), None)
    return inner if named is not None and type(named) is type(inner) else None


def _name(distribution: Any) -> str:
    name = getattr(distribution, "name", None)
    return name if isinstance(name, str) else type(distribution).__name__.removesuffix("_gen")


class Distribution:
    """The stand-in of a distribution; called, one with its parameters fixed."""

    def __init__(self, original: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None) -> None:
        self._original = original
        self._args = args
        self._kwargs = dict(kwargs or {})
        self._name = _name(original)

    def __call__(self, *args: Any, **kwargs: Any) -> "Distribution":
        return Distribution(self._original, args, kwargs)

    def __getattr__(self, method: str) -> Any:
        if method == "rvs":
            draw = functools.partial(self._original.rvs, *self._args, **self._kwargs)
            seeded = functools.partial(draw, random_state=np.random.RandomState(0))
            return Chance(draw, f"scipy.stats.{self._name}.rvs", seeded)
        original = getattr(self._original, method)
        if not callable(original):
            return original

        def applied(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = (*args, *self._args), {**self._kwargs, **kwargs}
            if not has_tracer(args) and not has_tracer(kwargs):
                return original(*args, **kwargs)
            return call(self._rule(method), args, kwargs)

        return applied

    def _rule(self, method: str) -> Rule:
        name = f"scipy.stats.{self._name}.{method}"
        several = _SEVERAL.get(self._name, {}).get(method)
        if several is not None:
            return Rule(name, several)
        family = FAMILIES.get(self._name)
        methods = {} if family is None else _DISCRETE if family.is_discrete else _CONTINUOUS
        if family is None or method not in methods:
            listed = ", ".join(methods) or ", ".join([*FAMILIES, *_SEVERAL])
            refuse(unsupported(name, f"symdiff knows {listed}; or write the formula out with scipy.special"))

        def rule(x: Any, *args: Any, **kwargs: Any) -> Node:
            return methods[method](family, x, *args, **kwargs)

        return Rule(name, rule)


def distribution(value: Any) -> Distribution:
    """The stand-in of a distribution, or of a frozen one."""
    inner = _unfrozen(value)
    if inner is value:
        return Distribution(value)
    if hasattr(value, "kwds"):
        return Distribution(inner, value.args, value.kwds)
    fixed = {key: getattr(value, key) for key in ("mean", "cov", "allow_singular", "alpha") if hasattr(value, key)}
    return Distribution(inner, (), fixed)
