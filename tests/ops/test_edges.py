"""What rows do at kinks, zeros, infinities and nan, in every backend; and the dtypes that NumPy spellings keep."""

import itertools
import math
import operator

import mpmath
import numpy as np
import pytest

from symdiff.ir.evaluate import evaluate
from symdiff.ops import composites, elementary, piecewise, special, stable
from symdiff.ops.row import Op
from symdiff.ops.table import OPS
from tests.ops import accuracy

INF, NAN = math.inf, math.nan


def derivative(op: Op, orders: tuple[int, ...], *at: float) -> float:
    """The derivative in every backend, which must agree: numbers, infinities and nan."""
    program = accuracy.program_of(op, orders)
    value = float(evaluate(program, *at))
    with np.errstate(all="ignore"):
        for backend in ("numpy", "numexpr"):
            computed = float(accuracy.run(program, [np.float64(x) for x in at], backend))
            np.testing.assert_allclose(computed, value, rtol=1e-15)
        try:
            np.testing.assert_allclose(float(accuracy.run(program, at, "math")), value, rtol=1e-15)
        except (ArithmeticError, ValueError):
            assert not math.isfinite(value) or any(not math.isfinite(x) for x in at) or 0.0 in at
    return value


def test_ties_share_the_derivative() -> None:
    for op in (piecewise.maximum, piecewise.minimum):
        assert derivative(op, (1, 0), 2.0, 2.0) == derivative(op, (0, 1), 2.0, 2.0) == 0.5
        assert derivative(op, (2, 0), 2.0, 2.0) == derivative(op, (1, 1), 2.0, 2.0) == 0.0
    assert derivative(piecewise.maximum, (1, 0), 3.0, 2.0) == 1.0
    assert derivative(piecewise.minimum, (1, 0), 3.0, 2.0) == 0.0


def test_absolute_at_zero() -> None:
    assert derivative(piecewise.absolute, (1,), 0.0) == 0.0
    assert [derivative(piecewise.absolute, (1,), x) for x in (-2.0, 2.0)] == [-1.0, 1.0]


@pytest.mark.parametrize("name", ["floor", "ceil", "trunc", "rint", "sign"])
@pytest.mark.parametrize("at", [-1.5, -0.0, 1.0, 2.5])
def test_steps_have_derivative_zero(name: str, at: float) -> None:
    assert derivative(OPS[name], (1,), at) == 0.0


HALVES = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, -2.6]


def values(op: Op, *at: float) -> list[float]:
    """The value in the reference and every backend."""
    program = accuracy.program_of(op, (0,) * op.arity)
    results = [float(evaluate(program, *at))]
    with np.errstate(all="ignore"):
        results += [
            float(accuracy.run(program, [np.float64(x) for x in at], backend)) for backend in ("numpy", "numexpr")
        ]
    try:
        results.append(float(accuracy.run(program, at, "math")))
    except (ArithmeticError, ValueError):
        assert not math.isfinite(results[0]) or any(not math.isfinite(x) for x in at)
    return results


@pytest.mark.parametrize("x", HALVES)
def test_rounding_is_python_s(x: float) -> None:
    assert set(values(piecewise.rint, x)) == {float(round(x))}
    assert set(values(piecewise.floor, x)) == {float(math.floor(x))}
    assert set(values(piecewise.ceil, x)) == {float(math.ceil(x))}
    assert set(values(piecewise.trunc, x)) == {float(math.trunc(x))}


def test_rounding_to_digits() -> None:
    assert composites.round_python(2.675, 2) == round(2.675, 2) == 2.67
    assert composites.round_python(0.15, 1) == round(0.15, 1)
    for x, decimals in itertools.product([2.675, 0.15, -1234.5678, 0.5, 1.5, 1e17], [-2, -1, 0, 1, 3]):
        assert composites.round_numpy(np.float64(x), decimals) == np.round(x, decimals)
        if decimals:
            assert set(values(composites.round_digits(decimals), x)) == {round(x, decimals)}


@pytest.mark.parametrize(("x", "y"), list(itertools.product([-7.0, -6.0, -0.3, 0.3, 6.0, 7.0], [-3.0, 3.0, 0.1, -0.1])))
def test_remainders_have_the_signs_of_python_and_numpy(x: float, y: float) -> None:
    assert set(values(piecewise.remainder, x, y)) == {x % y} == {float(np.remainder(x, y))}
    assert set(values(piecewise.floor_divide, x, y)) == {x // y}
    assert set(values(piecewise.fmod, x, y)) == {math.fmod(x, y)}
    assert derivative(piecewise.remainder, (0, 1), x, y) == -(x // y)
    assert derivative(piecewise.fmod, (0, 1), x, y) == -round((x - math.fmod(x, y)) / y)


def test_power_at_zero() -> None:
    power = elementary.power
    assert values(power, 0.0, 0.0) == [1.0] * 4
    assert derivative(power, (1, 0), 0.0, 0.0) == 0.0
    assert derivative(power, (1, 0), 0.0, 1.0) == 1.0
    assert derivative(power, (1, 0), 0.0, 2.0) == 0.0
    assert derivative(power, (1, 0), 0.0, 0.5) == INF
    assert derivative(power, (0, 1), 0.0, 2.0) == 0.0
    assert derivative(power, (0, 1), 0.0, 0.0) == -INF  # 0**y falls from 1 to 0 there
    assert derivative(power, (2, 0), 0.0, 2.0) == 2.0
    assert derivative(power, (3, 0), 0.0, 3.0) == 6.0
    assert derivative(power, (1, 1), 2.0, 0.0) == 0.5
    assert derivative(power, (1, 0), -2.0, 3.0) == 12.0
    assert math.isnan(derivative(power, (0, 1), -2.0, 3.0))


def test_lengths_at_the_origin() -> None:
    assert derivative(elementary.hypot, (1, 0), 0.0, 0.0) == 0.0
    assert derivative(elementary.hypot, (1, 0), -2.0, 0.0) == -1.0
    assert derivative(elementary.hypot, (1, 0), 3e200, 4e200) == pytest.approx(0.6, rel=1e-15, abs=0.0)
    assert derivative(elementary.hypot, (2, 0), 1.0, 1e-9) == pytest.approx(1e-18, rel=1e-15, abs=0.0)
    assert derivative(elementary.sqrt, (1,), 0.0) == INF
    assert derivative(elementary.cbrt, (1,), 0.0) == INF


def test_atan2_in_every_quadrant() -> None:
    for y, x in itertools.product([-1.0, -0.0, 0.0, 1.0], [-2.0, 2.0]):
        assert set(values(elementary.atan2, y, x)) == {math.atan2(y, x)}
        assert derivative(elementary.atan2, (1, 0), y, x) == pytest.approx(x / (x * x + y * y))
        assert derivative(elementary.atan2, (0, 1), y, x) == pytest.approx(-y / (x * x + y * y))
    assert derivative(elementary.atan2, (1, 0), 1e-200, 1e-200) == pytest.approx(5e199)


def test_the_stable_forms_far_out() -> None:
    assert derivative(stable.softplus, (1,), 800.0) == 1.0
    assert derivative(stable.softplus, (2,), 40.0) == pytest.approx(4.248354255291589e-18, rel=4e-16, abs=0.0)
    assert derivative(stable.softplus, (3,), 40.0) == pytest.approx(-4.248354255291589e-18, rel=4e-16, abs=0.0)
    assert derivative(stable.softplus, (2,), 800.0) == 0.0
    assert derivative(stable.logaddexp, (1, 0), 800.0, 0.0) == 1.0
    assert derivative(elementary.tanh, (1,), 40.0) == pytest.approx(4 * math.exp(-80.0), rel=4e-16, abs=0.0)
    assert derivative(elementary.tanh, (2,), 40.0) == pytest.approx(-8 * math.exp(-80.0), rel=4e-16, abs=0.0)
    assert derivative(elementary.tanh, (2,), 800.0) == 0.0
    assert derivative(stable.log1mexp, (2,), 800.0) == 0.0
    assert derivative(elementary.expm1, (1,), -40.0) == math.exp(-40.0)
    assert derivative(stable.log_sigmoid, (1,), -800.0) == 1.0
    assert derivative(stable.log_sigmoid, (1,), 40.0) == pytest.approx(math.exp(-40.0), rel=4e-16, abs=0.0)
    for order in range(4):
        assert derivative(stable.bose, (order,), 800.0) == 0.0
        assert derivative(stable.bose, (order,), -800.0) == (-1.0 if order == 0 else 0.0)
        for op in (stable.sech, stable.csch):
            assert derivative(op, (order,), 800.0) == 0.0
            assert derivative(op, (order,), -800.0) == 0.0
            assert abs(derivative(op, (order,), -300.0)) == pytest.approx(2.0 * math.exp(-300.0), rel=1e-12, abs=0.0)
        assert abs(derivative(stable.bose, (order,), 300.0)) == pytest.approx(math.exp(-300.0), rel=1e-12, abs=0.0)
    assert derivative(stable.log_cosh, (0,), -800.0) == 800.0 - math.log(2.0)
    assert derivative(stable.log_cosh, (1,), 800.0) == 1.0


@pytest.mark.parametrize("order", range(7))
def test_sinc_at_zero(order: int) -> None:
    expected = 0.0 if order % 2 else (-1) ** (order // 2) * math.pi**order / (order + 1)
    assert derivative(special.sinc, (order,), 0.0) == pytest.approx(expected, rel=1e-15, abs=0.0)
    nearby = derivative(special.sinc, (order,), 1e-9)
    slope = 0.0 if order % 2 == 0 else (-1) ** ((order + 1) // 2) * math.pi ** (order + 1) / (order + 2) * 1e-9
    assert nearby == pytest.approx(expected + slope, rel=1e-15, abs=0.0)


def test_products_that_vanish() -> None:
    assert values(stable.xlogy, 0.0, 0.0) == [0.0] * 4
    assert values(stable.xlog1py, 0.0, -1.0) == [0.0] * 4
    assert derivative(stable.xlogy, (1, 0), 0.0, 0.0) == -INF
    assert derivative(stable.xlogy, (0, 1), 0.0, 0.0) == 0.0
    assert derivative(stable.xlogy, (1, 1), 0.0, 2.0) == 0.5


UNARY = [op for op in OPS.values() if op.arity == 1 and op.operands == "real" and not op.numpy.modules]


@pytest.mark.parametrize("op", UNARY, ids=lambda op: op.name)
def test_nan_gives_nan(op: Op) -> None:
    expected = {"isnan": 1.0, "isinf": 0.0, "isfinite": 0.0}.get(op.name, NAN)
    np.testing.assert_equal(values(op, NAN)[:1] * 3, values(op, NAN)[:3])
    for value in values(op, NAN):
        np.testing.assert_equal(value, expected)


@pytest.mark.parametrize("op", [piecewise.maximum, piecewise.minimum], ids=lambda op: op.name)
def test_nan_passes_through_either_side(op: Op) -> None:
    assert all(math.isnan(value) for value in (*values(op, NAN, 1.0), *values(op, 1.0, NAN)))


INFINITIES = {
    "exp": (0.0, INF),
    "tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "softplus": (0.0, INF),
    "log_sigmoid": (-INF, 0.0),
    "bell": (0.0, 0.0),
    "erf": (-1.0, 1.0),
    "erfc": (2.0, 0.0),
    "floor": (-INF, INF),
    "rint": (-INF, INF),
    "sign": (-1.0, 1.0),
    "atan": (-math.pi / 2, math.pi / 2),
}


@pytest.mark.parametrize("name", INFINITIES)
def test_infinities(name: str) -> None:
    for at, expected in zip((-INF, INF), INFINITIES[name], strict=True):
        assert set(values(OPS[name], at)) == {expected}


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.operands == "real"], ids=lambda op: op.name)
def test_float32_stays_and_shapes_are_kept(op: Op) -> None:
    if op.numpy.modules:
        pytest.importorskip("scipy")
    arguments = [np.full((2, 3), sum(interval) / 2, np.float32) for interval in op.domain]
    with np.errstate(all="ignore"):
        array = accuracy.run(accuracy.program_of(op, (0,) * op.arity), arguments, "numpy")
        number = accuracy.run(accuracy.program_of(op, (0,) * op.arity), [float(a[0, 0]) for a in arguments], "numpy")
    assert array.shape == (2, 3)
    assert array.dtype == (np.bool_ if op.result == "bool" else np.float32)
    assert np.ndim(number) == 0
    assert not isinstance(number, np.ndarray)


SAMPLES = [-2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, INF, -INF, NAN]


@pytest.mark.parametrize(
    ("name", "arity"),
    [("square", 1), ("degrees", 1), ("radians", 1), ("reciprocal", 1), ("signbit", 1), ("isposinf", 1), ("isneginf", 1),
     ("heaviside", 2), ("fmax", 2), ("fmin", 2)],
)  # fmt: skip
def test_composites_are_numpy_s(name: str, arity: int) -> None:
    with np.errstate(all="ignore"):
        for point in itertools.product(map(np.float64, SAMPLES), repeat=arity):
            np.testing.assert_allclose(
                getattr(composites, name)(*point), getattr(np, name)(*point), rtol=2.3e-16, err_msg=str(point)
            )


def test_clip() -> None:
    for x in SAMPLES:
        np.testing.assert_equal(float(composites.clip(np.float64(x), -1.0, 2.0)), float(np.clip(x, -1.0, 2.0)))
    assert composites.clip(5.0, max=2.0) == composites.clip(5.0, None, 2.0) == 2.0
    with pytest.raises(TypeError, match="colour"):
        composites.clip(1.0, colour=2.0)


def test_python_composites() -> None:
    assert composites.log(8.0, 3.0) == math.log(8.0, 3.0)
    assert composites.hypot(1.0, 2.0, 2.0) == 3.0
    assert composites.hypot(-2.0) == 2.0
    assert composites.hypot() == 0.0
    assert composites.modf(-2.5) == math.modf(-2.5)
    assert composites.divmod_(-7.0, 3.0) == divmod(-7.0, 3.0)
    assert composites.ldexp(1.5, 4.0) == math.ldexp(1.5, 4)
    assert composites.fma(2.0, 3.0, 4.0) == 10.0
    assert [bool(composites.logical_xor(x, y)) for x in (False, True) for y in (False, True)] == [
        operator.xor(x, y) for x in (False, True) for y in (False, True)
    ]


@pytest.mark.parametrize("order", [1, 2, 3])
def test_polygamma_far_below_zero(order: int) -> None:
    """mpmath itself takes a step for every unit."""
    row = special.polygamma(order)
    with mpmath.workdps(40):
        for x in (-60.25, -333.7):
            assert mpmath.almosteq(
                row.in_mpmath(mpmath, mpmath.mpf(x)), mpmath.polygamma(order, mpmath.mpf(x)), rel_eps=1e-35
            )
        assert mpmath.isfinite(row.in_mpmath(mpmath, mpmath.mpf("-1e12") - 0.25))
