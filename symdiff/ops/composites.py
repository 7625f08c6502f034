"""Functions that are exactly compositions of rows: `np.square`, `math.degrees`, `np.clip`, …

In: the user's arguments, tracers or numbers. Out: what rows make of them. Nothing here has a derivative rule or a
spelling of its own. COMPOSITES has each under its dotted names.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from symdiff.errors import UnsupportedError
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops import scipy_bessel as bessel
from symdiff.ops import scipy_distributions as distributions
from symdiff.ops import scipy_integrals as integrals
from symdiff.ops import special, stable, support_numpy
from symdiff.ops.row import Op, Spelling, row

Function = TypeVar("Function", bound=Callable[..., Any])

COMPOSITES: dict[str, Callable[..., Any]] = {}

_PER_DEGREE = math.pi / 180.0
_PER_RADIAN = 180.0 / math.pi
_PER_PI = 0.3183098861837907
_TWO_PER_ROOT_PI = 1.1283791670955126
_ROOT_HALF = 0.7071067811865476


def _traces(*names: str) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        COMPOSITES.update(dict.fromkeys(names, function))
        return function

    return register


@_traces("numpy.square")
def square(x: Any) -> Any:
    return e.multiply(x, x)


@_traces("numpy.reciprocal")
def reciprocal(x: Any) -> Any:
    return e.divide(1.0, x)


@_traces("numpy.positive", "operator.pos")
def positive(x: Any) -> Any:
    return e.multiply(1.0, x)


@_traces("math.log")
def log(x: Any, base: Any = None) -> Any:
    return e.log(x) if base is None else e.divide(e.log(x), e.log(base))


@_traces("math.hypot")
def hypot(*coordinates: Any) -> Any:
    """Python's takes any number of coordinates."""
    if len(coordinates) < 2:
        return p.absolute(coordinates[0]) if coordinates else 0.0
    length, *rest = coordinates
    for coordinate in rest:
        length = e.hypot(length, coordinate)
    return length


@_traces("math.degrees", "numpy.degrees", "numpy.rad2deg")
def degrees(x: Any) -> Any:
    return e.multiply(_PER_RADIAN, x)


@_traces("math.radians", "numpy.radians", "numpy.deg2rad")
def radians(x: Any) -> Any:
    return e.multiply(_PER_DEGREE, x)


@_traces("numpy.clip")
def clip(x: Any, low: Any = None, high: Any = None, **bounds: Any) -> Any:
    """`np.clip(x, min=…, max=…)` is accepted too."""
    low, high = bounds.pop("min", low), bounds.pop("max", high)
    if bounds:
        raise TypeError(f"clip() got an unexpected keyword argument {next(iter(bounds))!r}")
    if low is not None:
        x = p.maximum(x, low)
    return x if high is None else p.minimum(x, high)


@_traces("numpy.heaviside")
def heaviside(x: Any, at_zero: Any) -> Any:
    """The last choice is nan, for nan."""
    return p.where(p.less(x, 0.0), 0.0, p.where(p.greater(x, 0.0), 1.0, p.where(p.equal(x, 0.0), at_zero, x)))


@_traces("numpy.fmax")
def fmax(x: Any, y: Any) -> Any:
    return p.where(p.isnan(x), y, p.where(p.isnan(y), x, p.maximum(x, y)))


@_traces("numpy.fmin")
def fmin(x: Any, y: Any) -> Any:
    return p.where(p.isnan(x), y, p.where(p.isnan(y), x, p.minimum(x, y)))


@_traces("numpy.signbit")
def signbit(x: Any) -> Any:
    return p.less(p.copysign(1.0, x), 0.0)


@_traces("numpy.logical_xor", "operator.xor", "numpy.bitwise_xor")
def logical_xor(x: Any, y: Any) -> Any:
    return p.logical_and(p.logical_or(x, y), p.logical_not(p.logical_and(x, y)))


@_traces("numpy.isposinf")
def isposinf(x: Any) -> Any:
    return p.equal(x, math.inf)


@_traces("numpy.isneginf")
def isneginf(x: Any) -> Any:
    return p.equal(x, -math.inf)


@_traces("builtins.divmod", "numpy.divmod")
def divmod_(x: Any, y: Any) -> Any:
    return p.floor_divide(x, y), p.remainder(x, y)


@_traces("math.modf", "numpy.modf")
def modf(x: Any) -> Any:
    return p.fmod(x, 1.0), p.trunc(x)


@_traces("math.ldexp", "numpy.ldexp")
def ldexp(x: Any, exponent: Any) -> Any:
    return e.multiply(x, e.exp2(exponent))


@_traces("math.fma")
def fma(x: Any, y: Any, z: Any) -> Any:
    return e.add(e.multiply(x, y), z)


@_traces("numpy.round", "numpy.around")
def round_numpy(x: Any, decimals: int = 0) -> Any:
    """NumPy scales, rounds and scales back."""
    if decimals == 0:
        return p.rint(x)
    scale = 10.0 ** abs(decimals)
    if decimals > 0:
        return e.divide(p.rint(e.multiply(x, scale)), scale)
    return e.multiply(p.rint(e.divide(x, scale)), scale)


@_traces("builtins.round")
def round_python(x: Any, digits: int | None = None) -> Any:
    """Python rounds the decimal expansion itself: 2.675 to two digits is 2.67."""
    return p.rint(x) if not digits else round_digits(digits)(x)


@cache
def round_digits(digits: int) -> Op:
    """The row of `round(x, digits)`.

    >>> float(round_digits(2)(2.675))
    2.67
    """
    return row(
        f"round_{digits}" if digits > 0 else f"round_minus_{-digits}",
        None,
        rule="rounding is constant in pieces",
        numpy=Spelling(f"_round_digits({{0}}, {digits})", support=("round_digits",)),
        math=Spelling(f"round({{0}}, {digits})"),
        numexpr=None,
        evaluate=lambda x: support_numpy.round_digits(x, digits),
        mpmath=lambda mp, x: mp.mpf(round(float(x), digits)),
        sympy=lambda sp, x: p.sympy_rint(sp, x * sp.Integer(10) ** digits) / sp.Integer(10) ** digits,
        cost=10.0,
    )


@_traces("scipy.special.polygamma")
def polygamma(order: Any, x: Any) -> Any:
    """The order is a number known while tracing."""
    return special.polygamma(int(order))(x)


@_traces("scipy.special.exp10")
def exp10(x: Any) -> Any:
    return e.power(10.0, x)


@_traces("scipy.special.entr")
def entr(x: Any) -> Any:
    return e.negative(stable.xlogy(x, x))


@_traces("scipy.special.ndtr")
def ndtr(x: Any) -> Any:
    return e.multiply(0.5, special.erfc(e.multiply(-_ROOT_HALF, x)))


@_traces("scipy.special.rel_entr")
def rel_entr(x: Any, y: Any) -> Any:
    """x log(x/y); infinite where x or y is negative, as SciPy has it."""
    both_positive = p.logical_and(p.greater(x, 0.0), p.greater(y, 0.0))
    defined = p.logical_or(both_positive, p.logical_and(p.equal(x, 0.0), p.greater_equal(y, 0.0)))
    return p.where(defined, stable.xlogy(x, e.divide(x, y)), math.inf)


@_traces("scipy.special.kl_div")
def kl_div(x: Any, y: Any) -> Any:
    return e.add(e.subtract(rel_entr(x, y), x), y)


@_traces("scipy.special.huber")
def huber(delta: Any, x: Any) -> Any:
    """Quadratic near zero, linear beyond delta, and smooth where they meet."""
    quadratic = e.multiply(0.5, e.multiply(x, x))
    linear = e.multiply(delta, e.subtract(p.absolute(x), e.multiply(0.5, delta)))
    return p.where(p.less_equal(p.absolute(x), delta), quadratic, linear)


@_traces("scipy.special.boxcox")
def boxcox(x: Any, power: Any) -> Any:
    """(x**power - 1) / power, and log(x) where the power is 0."""
    logarithm = e.log(x)
    return e.multiply(logarithm, integrals.exprel(e.multiply(power, logarithm)))


@_traces("scipy.special.zeta")
def zeta(x: Any, q: Any = None) -> Any:
    return distributions.zeta(x, 1.0 if q is None else q)


@_traces("scipy.special.airy")
def airy(x: Any) -> Any:
    return bessel.airy_ai(x), bessel.airy_ai_prime(x), bessel.airy_bi(x), bessel.airy_bi_prime(x)


@_traces("scipy.special.sici")
def sici(x: Any) -> Any:
    return integrals.sine_integral(x), integrals.cosine_integral(x)


@_traces("scipy.special.shichi")
def shichi(x: Any) -> Any:
    return integrals.hyperbolic_sine_integral(x), integrals.hyperbolic_cosine_integral(x)


@_traces("scipy.special.fresnel")
def fresnel(x: Any) -> Any:
    return integrals.fresnel_sine(x), integrals.fresnel_cosine(x)


@_traces("scipy.special.wofz")
def wofz(x: Any) -> Any:
    """At a real x; DLMF 7.2.3 and 7.5.1."""
    if getattr(x, "dtype", "real") == "complex":
        raise UnsupportedError(
            "scipy.special.wofz of a complex number is not traceable",
            why="Its derivative, 2i/√π - 2z w(z), cancels far from 0, and symdiff has no other form of it.",
            fix="w = sd.primitive(scipy.special.wofz)\nw.derivative(lambda z: 2j / np.sqrt(np.pi) - 2 * z * w(z))",
        )
    return e.exp(-(x * x)) + 1j * (_TWO_PER_ROOT_PI * integrals.dawsn(x))


# --------------------------------------------------------------------------------- what only SymPy's expressions name


def sinc_of_radians(x: Any) -> Any:
    """sin(x)/x: SymPy's sinc is not normalised, NumPy's is."""
    return special.sinc(e.multiply(_PER_PI, x))


def dilogarithm(order: int, x: Any) -> Any:
    """SymPy's polylog, of order 2 alone."""
    if order != 2:
        raise UnsupportedError(
            f"polylog of order {order} is not in the table",
            why="symdiff knows the polylogarithm of order 2 alone, which is SciPy's spence.",
            fix="polylog(2, x); or the series, sum(x**k / k**s for k in range(1, 50))",
        )
    return integrals.spence(e.subtract(1.0, x))


def lower_gamma(a: Any, x: Any) -> Any:
    return e.multiply(special.gamma(a), distributions.gammainc(a, x))


def upper_gamma(a: Any, x: Any) -> Any:
    return e.multiply(special.gamma(a), distributions.gammaincc(a, x))


SYMPY_COMPOSITES: dict[tuple[str, int], Callable[..., Any]] = {
    ("polygamma", 2): polygamma,
    ("sinc", 1): sinc_of_radians,
    ("polylog", 2): dilogarithm,
    ("lowergamma", 2): lower_gamma,
    ("uppergamma", 2): upper_gamma,
}
