"""The functions of `statistics` on samples with traced numbers in them.

In: the user's samples, any iterable of numbers. Out: nodes. The definitions are those of the documentation of Python's
`statistics`; sums are NumPy's, where Python's are exact.
"""

from collections.abc import Iterable, Sequence
from statistics import StatisticsError
from typing import Any

from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.ops import elementary as e
from symdiff.tracing.numpy_order import median
from symdiff.tracing.numpy_reductions import average_of, variance
from symdiff.tracing.rules import rule
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import to_node


def _sample(data: Any, name: str, least: int = 1) -> Node:
    """The numbers of a sample. Raises StatisticsError for one that is too small, as Python does."""
    found = [to_node(each) for each in (wrap(data) if isinstance(data, Node) else data)]
    if len(found) < least:
        raise StatisticsError(f"{name} requires at least {least} data points")
    return make.stack(found)


@rule("statistics.mean", "statistics.fmean")
def _mean(data: Iterable[Any], weights: Any = None) -> Node:
    sample = _sample(data, "mean")
    if weights is None:
        return average_of(sample)
    return _weighted(sample, _sample(weights, "weights"))


def _weighted(sample: Node, weights: Node) -> Node:
    return make.reduce("sum", sample * weights) / make.reduce("sum", weights)


@rule("statistics.geometric_mean")
def _geometric_mean(data: Iterable[Any]) -> Node:
    return make.apply(e.exp, [average_of(make.apply(e.log, [_sample(data, "geometric_mean")]))])


@rule("statistics.harmonic_mean")
def _harmonic_mean(data: Iterable[Any], weights: Any = None) -> Node:
    inverses = 1.0 / _sample(data, "harmonic_mean")
    mean = average_of(inverses) if weights is None else _weighted(inverses, _sample(weights, "weights"))
    return 1.0 / mean


@rule("statistics.median")
def _median(data: Iterable[Any]) -> Node:
    return median(_sample(data, "median"))


@rule("statistics.variance")
def _variance(data: Iterable[Any], xbar: Any = None) -> Node:
    return variance(_sample(data, "variance", 2), ddof=1, mean=xbar)


@rule("statistics.pvariance")
def _pvariance(data: Iterable[Any], mu: Any = None) -> Node:
    return variance(_sample(data, "pvariance"), mean=mu)


@rule("statistics.stdev")
def _stdev(data: Iterable[Any], xbar: Any = None) -> Node:
    return make.apply(e.sqrt, [_variance(data, xbar)])


@rule("statistics.pstdev")
def _pstdev(data: Iterable[Any], mu: Any = None) -> Node:
    return make.apply(e.sqrt, [_pvariance(data, mu)])


def _deviations(x: Iterable[Any], y: Iterable[Any], name: str) -> Sequence[Node]:
    samples = [_sample(each, name, 2) for each in (x, y)]
    if samples[0].shape != samples[1].shape:
        raise StatisticsError(f"{name} requires that both inputs have same number of data points")
    return [sample - average_of(sample) for sample in samples]


@rule("statistics.covariance")
def _covariance(x: Iterable[Any], y: Iterable[Any]) -> Node:
    first, second = _deviations(x, y, "covariance")
    return make.reduce("sum", first * second) / (first.size - 1)


@rule("statistics.correlation")
def _correlation(x: Iterable[Any], y: Iterable[Any]) -> Node:
    first, second = _deviations(x, y, "correlation")
    sizes = make.reduce("sum", first * first) * make.reduce("sum", second * second)
    return make.reduce("sum", first * second) / make.apply(e.sqrt, [sizes])
