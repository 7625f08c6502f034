"""The distributions of scipy.stats: densities and distribution functions in closed form.

In: a distribution of SciPy's, or a frozen one. Out: a stand-in whose `logpdf`, `pdf`, `cdf` and their kind take traced
values, and whose `rvs` draws as SciPy's does. SciPy's own methods are generic: they look at their arguments' values, so
none of them can be traced.
"""

import functools
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.special import lgamma
from symdiff.ops.stable import xlogy
from symdiff.tracing.calls import unsupported
from symdiff.tracing.chance import Chance
from symdiff.tracing.families import FAMILIES, Family, logarithm
from symdiff.tracing.forking import refuse
from symdiff.tracing.normal_distribution import normal_density, normal_entropy, normal_log_density
from symdiff.tracing.rules import Rule
from symdiff.tracing.tracer import call
from symdiff.tracing.values import has_tracer, to_node


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
    return _inside(family, z, value, -math.inf, -math.inf)


def _inside(family: Family, z: Node, value: Node, below: float, above: float) -> Node:
    """The value in the support, others below and above it."""
    if math.isfinite(family.highest):
        value = make.select(p.greater(z, family.highest), above, value)
    if math.isfinite(family.lowest):
        value = make.select(p.less(z, family.lowest), below, value)
    return value


def _density(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    return e.exp(_log_density(family, x, *args, **kwargs))  # type: ignore[no-any-return]


def _below(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    z, shapes, _ = _placed(family, x, args, kwargs)
    return _inside(family, z, family.below(z, *shapes), 0.0, 1.0)


def _above(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    z, shapes, _ = _placed(family, x, args, kwargs)
    return _inside(family, z, family.above(z, *shapes), 1.0, 0.0)


def _log_below(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    z, shapes, _ = _placed(family, x, args, kwargs)
    found = family.log_below or (lambda *at: logarithm(family.below(*at), family.above(*at)))
    return _inside(family, z, found(z, *shapes), -math.inf, 0.0)


def _log_above(family: Family, x: Any, *args: Any, **kwargs: Any) -> Node:
    z, shapes, _ = _placed(family, x, args, kwargs)
    found = family.log_above or (lambda *at: logarithm(family.above(*at), family.below(*at)))
    return _inside(family, z, found(z, *shapes), 0.0, -math.inf)


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
