"""The support functions: right over wide ranges, in both files, and standing on nothing but math and NumPy."""

import ast
import functools
import inspect
import math
import random
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest

from symdiff.ops import complex_rows, support_complex, support_math, support_numpy
from symdiff.ops.table import OPS
from tests.ops import accuracy


def dawson(x: Any) -> Any:
    """With the digits that the product loses far out."""
    with mpmath.extradps(int(min(float(abs(x)), 1e3)) + 20):
        return mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(-x * x) * mpmath.erfi(x)


def scaled_i(order: int, degree: int, x: Any) -> Any:
    """With the digits that the sum loses far out."""
    with mpmath.extradps(20 + 10 * order):
        slope = mpmath.diff(lambda t: mpmath.exp(-t) * mpmath.besseli(degree, t), abs(x), order)
        return -slope if x < 0 and (degree + order) % 2 else slope


# Reference, intervals to sample, and the largest error in conditioned ULP: (name, static order or orders, or None).
CASES = {
    ("sigmoid", None): (lambda x: 1 / (1 + mpmath.exp(-x)), [(-700, 700), (-3, 3)], 3),
    ("bell", None): (lambda x: mpmath.sech(x / 2) ** 2 / 4, [(-700, 700), (-3, 3)], 3),
    ("sech", None): (mpmath.sech, [(-700, 700), (-3, 3)], 4),
    ("csch", None): (mpmath.csch, [(-700, 700), (-3, 3), (-1e-6, 1e-6)], 4),
    ("bose", None): (lambda x: 1 / mpmath.expm1(x), [(-700, 700), (-3, 3), (1e-9, 1e-3)], 4),
    ("log_cosh", None): (lambda x: mpmath.log(mpmath.cosh(x)), [(-700, 700), (-3, 3), (-1e-3, 1e-3)], 4),
    ("logit", None): (lambda x: mpmath.log(x / (1 - x)), [(1e-9, 1e-3), (0.2, 0.8), (0.499, 0.501)], 4),
    ("log1mexp", None): (lambda x: mpmath.log1p(-mpmath.exp(-x)), [(1e-9, 1e-3), (0.6, 0.8), (1, 600)], 4),
    ("erf", None): (mpmath.erf, [(-6, 6), (-0.1, 0.1)], 2),
    ("erfc", None): (mpmath.erfc, [(-6, 25)], 3),
    ("gamma", None): (mpmath.gamma, [(-9.9, 20), (20, 170)], 8),
    ("lgamma", None): (lambda x: mpmath.log(abs(mpmath.gamma(x))), [(0.01, 3), (3, 25), (25, 1e6)], 8),
    ("digamma", None): (mpmath.digamma, [(1e-6, 1), (1, 3), (3, 1e6), (-9.9, -0.1)], 16),
    ("polygamma", 1): (lambda x: mpmath.polygamma(1, x), [(1e-6, 1), (1, 1e6), (-9.9, -0.1)], 16),
    ("polygamma", 2): (lambda x: mpmath.polygamma(2, x), [(1e-6, 1), (1, 1e6), (-9.9, -0.1)], 16),
    ("polygamma", 7): (lambda x: mpmath.polygamma(7, x), [(1e-6, 1), (1, 1e4), (-9.9, -0.1)], 24),
    ("sinc_derivative", 1): (lambda x: mpmath.diff(mpmath.sincpi, x, 1), [(0, 1e-6), (-1, 1), (-20, 20)], 16),
    ("sinc_derivative", 2): (lambda x: mpmath.diff(mpmath.sincpi, x, 2), [(0, 1e-6), (-1, 1), (-20, 20)], 16),
    ("sinc_derivative", 5): (lambda x: mpmath.diff(mpmath.sincpi, x, 5), [(0, 1e-6), (-1, 1), (-20, 20)], 32),
    ("erfcx_derivative", 1): (lambda x: mpmath.diff(lambda t: mpmath.exp(t * t) * mpmath.erfc(t), x), [(-5, 9)], 16),
    ("erfcx_derivative", 3): (lambda x: mpmath.diff(lambda t: mpmath.exp(t * t) * mpmath.erfc(t), x, 3), [(-5, 9)], 16),
    ("dawsn_derivative", 1): (lambda x: mpmath.diff(dawson, x), [(-30, 30), (1e-6, 1e-3), (30, 1e6)], 16),
    ("dawsn_derivative", 2): (lambda x: mpmath.diff(dawson, x, 2), [(-30, 30), (1e-6, 1e-3), (30, 1e6)], 16),
    ("dawsn_derivative", 5): (lambda x: mpmath.diff(dawson, x, 5), [(-30, 30), (30, 1e4)], 16),
    ("scaled_i_derivative", (1, 0)): (lambda x: scaled_i(1, 0, x), [(0.01, 10), (10, 60), (60, 1e3)], 8),
    ("scaled_i_derivative", (3, 1)): (lambda x: scaled_i(3, 1, x), [(0.01, 10), (-60, -10), (60, 1e3)], 8),
}  # fmt: skip


def test_the_series_alone() -> None:
    """From 10 on there is no recurrence, and a wrong coefficient shows."""
    for x in (10.0, 10.1, 10.2):
        assert conditioned_error(support_math.digamma(x), mpmath.digamma, x) <= 1.0
        assert conditioned_error(support_numpy.digamma(x), mpmath.digamma, x) <= 1.0
    for x in (11.0, 11.1, 11.2):
        assert conditioned_error(support_math.polygamma(1, x), lambda t: mpmath.polygamma(1, t), x) <= 1.0
        assert conditioned_error(support_numpy.polygamma(1, x), lambda t: mpmath.polygamma(1, t), x) <= 1.0


def conditioned_error(computed: float, reference: object, x: float) -> float:
    """As the table of accuracy has it."""
    exact, condition = value_and_condition(reference, x)
    return accuracy.ulp_error(computed, exact) / max(1.0, condition)


@functools.cache
def value_and_condition(reference: Any, x: float) -> tuple[Any, float]:
    """What both files are compared with: the exact value, and by how much it magnifies an error of x."""
    with mpmath.workdps(60):
        exact = reference(mpmath.mpf(x))
        return exact, float(abs(x * mpmath.diff(reference, mpmath.mpf(x)) / exact))


@pytest.mark.parametrize("module", [support_math, support_numpy], ids=["math", "numpy"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_values(case: tuple[str, int | None], module: ModuleType) -> None:
    name, order = case
    function = getattr(module, name, None)
    if function is None:  # math has it
        function = getattr(math, name)
    static = () if order is None else order if isinstance(order, tuple) else (order,)
    reference, intervals, limit = CASES[case]
    generator = random.Random(name)
    for low, high in intervals:
        for _ in range(12):
            x = generator.uniform(low, high)
            computed = function(*static, x)
            assert conditioned_error(float(computed), reference, x) <= limit, x


@pytest.mark.parametrize("name", ["digamma", "gamma", "lgamma"])
def test_poles_in_numpy(name: str) -> None:
    scipy_special = pytest.importorskip("scipy.special")
    poles = np.array([-3.0, -1.0, 1.0])
    theirs = getattr(scipy_special, {"lgamma": "gammaln"}.get(name, name))(poles)
    np.testing.assert_allclose(getattr(support_numpy, name)(poles), theirs, atol=1e-15)


def test_poles_in_math() -> None:
    for function in (support_math.digamma, lambda x: support_math.polygamma(1, x), support_math.lgamma):
        for pole in (0.0, -1.0, -3.0):
            with pytest.raises(ValueError, match=r"math domain error|expected a"):
                function(pole)


def test_overflow_in_numpy_is_infinite() -> None:
    assert support_numpy.gamma(500.0) == math.inf
    assert support_numpy.lgamma(1e306) == math.inf
    assert support_numpy.polygamma(2, 0.0) == -math.inf
    assert support_numpy.digamma(0.0) == -math.inf


@pytest.mark.parametrize("x", [2, np.float64(2.0), np.array(2.0), np.array([1, 2]), np.array([[1.5]], np.float32)])
@pytest.mark.parametrize("name", ["erf", "erfc", "gamma", "lgamma", "digamma", "sigmoid", "bell", "log1mexp"])
def test_numbers_stay_numbers_and_arrays_arrays(name: str, x: object) -> None:
    result = getattr(support_numpy, name)(x)
    assert np.shape(result) == np.shape(x)
    assert isinstance(result, np.ndarray) == (np.ndim(x) > 0)
    assert np.result_type(result) == (np.float32 if getattr(x, "dtype", None) == np.float32 else np.float64)


@pytest.mark.parametrize("module", [support_math, support_numpy], ids=["math", "numpy"])
def test_they_use_only_their_imports_and_each_other(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= {"math", "cmath", "numpy"}
    assert {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} <= {"typing", "collections.abc"}


@pytest.mark.parametrize(
    ("backend", "modules"), [("math", [support_math]), ("numpy", [support_numpy, support_complex])]
)
def test_every_support_function_is_used_and_every_name_exists(backend: str, modules: list[ModuleType]) -> None:
    rows = [*OPS.values(), *complex_rows.COMPLEX_ROWS.values()]
    named = {name for op in rows for name in getattr(op, backend).support} | {"round_digits"}
    defined = {name for module in modules for name, value in vars(module).items() if inspect.isfunction(value)}
    assert named - {"round_digits"} <= defined
    assert defined - named <= {"shaped", "numbers", "complex_number", "typed_result"}  # these take arguments in
