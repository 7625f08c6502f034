"""Exceptions of arithmetic that the function catches itself: its closed form does what it does on numbers."""

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff.emit.executing import execute
from symdiff.ops.row import Raises
from symdiff.ops.table import OPS
from symdiff.tracing import trace_function
from symdiff.tracing.arithmetic_errors import RAISED

PROBES = {
    "math.exp": (709.782712893384, -3.0),
    "math.expm1": (709.782712893384, -3.0),
    "math.exp2": (math.nextafter(1024.0, 0.0), -3.0),
    "math.sinh": (710.4758600739439, -710.4758600739439, 0.3),
    "math.cosh": (710.4758600739439, -710.4758600739439, 0.3),
    "math.gamma": (171.6243769563027, 5.56268464626801e-309, 0.0, -1.0, -1.5),
}


@pytest.mark.parametrize("name", [name for name in RAISED if name.startswith("math.") and name != "math.pow"])
def test_the_table_says_where_pythons_functions_raise(name: str) -> None:
    function = getattr(math, name.removeprefix("math."))
    arity = max(each.where.__code__.co_argcount for each in RAISED[name]) if name == "math.fmod" else 1
    points = [*PROBES.get(name, ()), -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]
    for point in [near for each in points for near in (math.nextafter(each, -1e9), each, math.nextafter(each, 1e9))]:
        given = (point,) if arity == 1 else (1.5, point)
        expected = next((each.error for each in RAISED[name] if each.where(*given)), None)
        assert raised_by(function, *given) is expected, point


@pytest.mark.parametrize("name", ["operator.pow", "math.pow"])
def test_the_table_says_where_powers_raise(name: str) -> None:
    function = pow if name == "operator.pow" else math.pow
    for base in (-1e300, -2.0, -0.0, 0.0, 0.5, 1e300):
        for exponent in (-2.0, -0.5, 0.0, 1.0, 2.0):
            with np.errstate(all="ignore"):
                found = [each.error for each in rows(name) if each.where(base, exponent)]
            expected = raised_by(function, base, exponent)
            assert (found[0] if found else None) is expected, (base, exponent)


@pytest.mark.parametrize("name", ["divide", "floor_divide", "remainder"])
def test_the_table_says_where_quotients_raise(name: str) -> None:
    function = {"divide": lambda a, b: a / b, "floor_divide": lambda a, b: a // b, "remainder": lambda a, b: a % b}
    for divisor in (-1.0, -0.0, 0.0, 2.0):
        expected = raised_by(function[name], 1.5, divisor)
        assert [each.error for each in OPS[name].raises if each.where(1.5, divisor)] == [expected] * (divisor == 0.0)


def rows(name: str) -> list[Raises]:
    return [each for each in OPS["power"].raises if each.by in ("", name.partition(".")[0])]


def raised_by(function: Callable[..., Any], *given: float) -> type[BaseException] | None:
    try:
        function(*given)
    except (ValueError, ArithmeticError) as error:
        return type(error)
    return None


def root(x):
    try:
        y = math.sqrt(x)
    except ValueError:
        y = 0.0
    return y


def returned(x):
    try:
        return math.log(x)
    except ValueError:
        return 3.0 * x


def quotient(x):
    try:
        y = 1.0 / (x - 1.0)
    except ZeroDivisionError:
        y = 0.0
    return 2.0 * y * x


def overflow(x):
    try:
        return math.exp(x) / (1.0 + math.exp(x))
    except OverflowError:
        return 1.0


def ratio(v):
    return math.sqrt(v) / (v - 2.0)


def in_a_helper(x):
    try:
        return ratio(x)
    except (ValueError, ZeroDivisionError):
        return -x


def what_was_bound_before(x):
    y = 1.0
    try:
        y = 2.0
        z = math.log(x)
        y = 3.0
    except ValueError as error:
        z = y * x * len(str(error))
    else:
        z = z + 10.0
    finally:
        y = y + 0.5
    return y * z


def rounds_until_it_raises(x):
    total = 0.0
    for k in range(6):
        try:
            total += math.sqrt(x - k)
        except ValueError:
            break
    return total


def behind_a_loop(x):
    y = x
    while y < 3.0:
        y = y * y + 0.7
    try:
        return math.log(2.0 - y + x)
    except ValueError:
        return y


def around_a_choice(x):
    try:
        y = math.asin(x) if x > 0.5 else x
    except ValueError:
        y = 3.0 * x
    return y


def in_a_side(x):
    if x > 0.5:
        try:
            y = math.asin(x)
        except ValueError:
            y = 3.0 * x
    else:
        y = x
    return y


def raised_again(x):
    try:
        try:
            return 1.0 / (x + 1.0)
        except ZeroDivisionError:
            raise ValueError("zero") from None
    except ValueError:
        return 5.0 * x


def by_a_wider_class(x):
    try:
        return math.acosh(x) + x**-0.5
    except ArithmeticError:
        return 1.0
    except Exception:  # noqa: BLE001 (a wide clause is the case)
        return 2.0 * x


def not_its_class(x):
    try:
        y = x / (x + 3.0)
    except KeyError:
        y = 0.0
    return y


def base_of_a_logarithm(x):
    try:
        return math.log(x + 2.0, x)
    except ValueError:
        return 2.0 * x
    except ZeroDivisionError:
        return 3.0 * x


def parts_of_a_list(x):
    try:
        return [math.sqrt(q) for q in (x, x + 1.0)][1]
    except ValueError:
        return 9.0 * x


CASES = [
    (root, (0.9, -3.0)),
    (returned, (0.9, -3.0)),
    (quotient, (0.9, 1.0, -3.0)),
    (overflow, (1.0, -800.0, 800.0)),
    (in_a_helper, (3.0, -1.0, 2.0)),
    (what_was_bound_before, (0.4, -1.0)),
    (rounds_until_it_raises, (3.3, 10.0, -1.0)),
    (behind_a_loop, (1.2, 1.9)),
    (around_a_choice, (0.3, 0.7, 1.4)),
    (in_a_side, (0.3, 0.7, 1.4)),
    (raised_again, (2.0, -1.0)),
    (by_a_wider_class, (1.5, 0.5)),
    (not_its_class, (2.0,)),
    (base_of_a_logarithm, (0.5, 1.0, -0.7)),
    (parts_of_a_list, (2.0, -0.5, -3.0)),
]
JUMPS = {(quotient, 1.0), (in_a_helper, 2.0), (raised_again, -1.0), (base_of_a_logarithm, 1.0)}


@pytest.mark.parametrize(("f", "points"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_values_and_slopes_are_those_of_plain_python(f: Callable[[Any], Any], points: tuple[float, ...]) -> None:
    trace_function(f)  # it has a closed form
    compiled = [execute(sd.value_and_grad(f).source(backend))[f"{f.__name__}_value_and_grad"] for backend in BACKENDS]
    for x in points:
        for each in (sd.value_and_grad(f), *compiled):
            value, slope = each(x)
            assert value == pytest.approx(f(x), rel=1e-13)
            if (f, x) not in JUMPS:
                assert slope == pytest.approx(float(mpmath.diff(lambda v: f(float(v)), x, h=1e-6)), rel=1e-4, abs=1e-6)


BACKENDS = ("math", "numpy")


def test_elements_of_arrays_are_caught_apart() -> None:
    xs = np.array([0.9, -3.0, 4.0])
    assert sd.derivative(root)(xs) == pytest.approx([0.5 / math.sqrt(0.9), 0.0, 0.25])


def test_nobody_catches_it() -> None:
    """Outside of a `try` a traced value is nan or an infinity, as NumPy's."""
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert math.isnan(sd.derivative(lambda x: math.sqrt(x))(-1.0))
