"""The distributions of scipy.stats, far out on both sides, at their ends and where their formulas are joined."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd

stats = pytest.importorskip("scipy.stats")

SHAPES = {"t": (2.5,), "gamma": (2.3,), "chi2": (3.0,), "beta": (2.0, 3.0), "lognorm": (0.7,)}
POINTS = {
    "norm": [-30.0, -1.0, 0.0, 2.0, 30.0],
    "t": [-300.0, -1.0, 0.0, 1.6, 300.0],
    "gamma": [-1.0, 1e-9, 2.0, 60.0],
    "chi2": [-1.0, 1e-9, 3.0, 90.0],
    "beta": [-0.5, 1e-6, 0.4, 1.5],
    "expon": [-1.0, 1e-12, 1.0, 80.0],
    "lognorm": [-1.0, 0.0, 1e-3, 1.0, 900.0],
    "laplace": [-80.0, 0.0, 1.0, 80.0],
    "logistic": [-900.0, -1.0, 0.0, 900.0],
    "cauchy": [-1e9, -1.0, 0.0, 1e9],
}
SLOPES: dict[str, Any] = {
    "cdf": lambda law, x: law.pdf(x),
    "sf": lambda law, x: -law.pdf(x),
    "logcdf": lambda law, x: np.exp(law.logpdf(x) - law.logcdf(x)),
    "logsf": lambda law, x: -np.exp(law.logpdf(x) - law.logsf(x)),
}


def whole(method: Any, x: float) -> float:
    with np.errstate(all="ignore"):  # SciPy's own
        return float(method(x))


@pytest.mark.parametrize("method", [*SLOPES, "pdf", "logpdf"])
@pytest.mark.parametrize("name", POINTS)
def test_values_and_slopes(name: str, method: str) -> None:
    law = getattr(stats, name)(*SHAPES.get(name, ()))
    gradient = sd.value_and_grad(lambda x: getattr(law, method)(x))
    for x in POINTS[name]:
        value, slope = gradient(x)
        expected = whole(getattr(law, method), x)
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-300)
        if method in SLOPES and np.isfinite(expected):
            assert slope == pytest.approx(whole(lambda x: SLOPES[method](law, x), x), rel=1e-7, abs=1e-300)


@pytest.mark.parametrize("method", ["pmf", "logpmf", "cdf", "sf", "logcdf", "logsf"])
def test_counts(method: str) -> None:
    """Between whole numbers nothing is probable."""
    for k in (-1.0, 0.0, 2.0, 2.5, 30.0):
        value = sd.value_and_grad(lambda mu, k=k: getattr(stats.poisson, method)(k, mu))(1.5)[0]
        assert value == pytest.approx(whole(lambda mu, k=k: getattr(stats.poisson, method)(k, mu), 1.5), rel=1e-9)
