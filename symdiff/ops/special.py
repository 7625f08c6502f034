"""Rows: error functions, the gamma family, sinc. They need no SciPy: what `math` and NumPy lack is a support function.

Derivatives of digamma and sinc of every order are rows made on demand, one an order.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from symdiff.ops import support_numpy
from symdiff.ops.elementary import exp
from symdiff.ops.piecewise import (
    absolute,
    equal,
    floor,
    greater,
    less,
    less_equal,
    logical_and,
    logical_or,
    not_equal,
)
from symdiff.ops.row import Op, Raises, Spelling, formula, row, support

_TWO_PER_ROOT_PI = 1.1283791670955126
_GAMMA_DOMAIN = ((0.1, 9.0),)


def _is_tiny(x: Any) -> Any:
    """Whether 1/x, which Γ(x) is near 0, is beyond the largest number."""
    return logical_and(not_equal(x, 0.0), less(absolute(x), 5.56268464626801e-309))


erf: Op = row(
    "erf",
    lambda out, x: _TWO_PER_ROOT_PI * exp(-(x * x)),
    rule="erf' = 2/√π e^(-x²)",
    numpy=support("erf"),
    numexpr=None,
    traces=("scipy.special.erf",),
    cost=60.0,
)

erfc: Op = row(
    "erfc",
    lambda out, x: -_TWO_PER_ROOT_PI * exp(-(x * x)),
    rule="erfc' = -2/√π e^(-x²)",
    numpy=support("erfc"),
    numexpr=None,
    traces=("scipy.special.erfc",),
    cost=60.0,
)

gamma: Op = row(
    "gamma",
    lambda out, x: out * digamma(x),
    rule="Γ' = Γ ψ",
    numpy=support("gamma"),
    numexpr=None,
    traces=("scipy.special.gamma",),
    cost=60.0,
    domain=_GAMMA_DOMAIN,
    raises=(
        Raises(ValueError, lambda x: logical_and(less_equal(x, 0.0), equal(x, floor(x)))),
        Raises(OverflowError, lambda x: logical_or(greater(x, 171.6243769563027), _is_tiny(x))),
    ),
)

lgamma: Op = row(
    "lgamma",
    lambda out, x: digamma(x),
    rule="(log |Γ|)' = ψ",
    numpy=support("lgamma"),
    math=support("lgamma"),  # math.lgamma is off by many ULP between 1 and 2
    numexpr=None,
    mpmath=lambda mp, x: mp.log(abs(mp.gamma(x))),
    sympy="loggamma",
    traces=("math.lgamma", "scipy.special.gammaln"),
    cost=60.0,
    domain=_GAMMA_DOMAIN,
    raises=(Raises(ValueError, lambda x: logical_and(less_equal(x, 0.0), equal(x, floor(x)))),),
)

digamma: Op = row(
    "digamma",
    lambda out, x: polygamma(1)(x),
    rule="ψ' is the trigamma function",
    numpy=support("digamma"),
    math=support("digamma"),
    numexpr=None,
    traces=("scipy.special.digamma", "scipy.special.psi"),
    cost=60.0,
    domain=_GAMMA_DOMAIN,
)


def _polygamma_in_mpmath(mp: Any, order: int, x: Any) -> Any:
    """mpmath counts up from a negative number one by one; the reflection formula (DLMF 5.15.6) is there at once."""
    if not mp.isfinite(x) or x > -50:
        return mp.polygamma(order, x)
    if mp.isint(x):
        raise ZeroDivisionError("a pole of polygamma")
    cotangent = mp.cospi(x) / mp.sinpi(x)
    derivative = [0, 1]  # coefficients in the cotangent c, whose derivative is -(1 + c*c)
    for _ in range(order):
        slope = [power * factor for power, factor in enumerate(derivative)][1:]
        derivative = [-(a + b) for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    reflected = mp.pi ** (order + 1) * mp.polyval(derivative[::-1], cotangent)
    return (-1) ** order * mp.polygamma(order, 1 - x) - reflected


def _polygamma(order: int) -> Op:
    if order == 0:
        return digamma
    spelling = Spelling(f"_polygamma({order}, {{0}})", support=("polygamma",))
    return row(
        f"polygamma_{order}",
        lambda out, x: polygamma(order + 1)(x),
        rule="the derivative of ψ⁽ⁿ⁾ is ψ⁽ⁿ⁺¹⁾",
        numpy=spelling,
        math=spelling,
        numexpr=None,
        evaluate=lambda x: support_numpy.polygamma(order, x),
        mpmath=lambda mp, x: _polygamma_in_mpmath(mp, order, x),
        sympy=lambda sp, x: sp.polygamma(order, x),
        cost=80.0,
        domain=_GAMMA_DOMAIN,
    )


# The row of the derivative of digamma of an order.
polygamma: Callable[[int], Op] = cache(_polygamma)


sinc: Op = row(
    "sinc",
    lambda out, x: sinc_derivative(1)(x),
    rule="sinc' has a row of its own: the quotient rule cancels at 0",
    math=support("sinc"),
    numexpr=formula("where({0} == 0.0, 1.0, sin(3.141592653589793 * {0}) / (3.141592653589793 * {0}))"),
    mpmath="sincpi",
    traces=("scipy.special.sinc",),
    sympy=lambda sp, x: sp.sinc(sp.pi * x),
    cost=20.0,
)


def _sinc_derivative(order: int) -> Op:
    spelling = Spelling(f"_sinc_derivative({order}, {{0}})", support=("sinc_derivative",))
    return row(
        f"sinc_derivative_{order}",
        lambda out, x: sinc_derivative(order + 1)(x),
        rule="the derivatives of sinc form one family",
        numpy=spelling,
        math=spelling,
        numexpr=None,
        evaluate=lambda x: support_numpy.sinc_derivative(order, x),
        mpmath=lambda mp, x: _mpmath_sinc_derivative(mp, order, x),
        sympy=lambda sp, x: _sympy_sinc_derivative(sp, order, x),
        cost=40.0,
    )


# The row of the derivative of sinc of an order, at least 1.
sinc_derivative: Callable[[int], Op] = cache(_sinc_derivative)


def _erfcx_derivative(order: int) -> Op:
    spelling = Spelling(f"_erfcx_derivative({order}, {{0}})", support=("erfcx_derivative",))
    return row(
        f"erfcx_derivative_{order}",
        lambda out, x: erfcx_derivative(order + 1)(x),
        rule="the derivatives of e^(x²) erfc x are repeated integrals of erfc",
        numpy=spelling,
        math=spelling,
        numexpr=None,
        evaluate=lambda x: support_numpy.erfcx_derivative(order, x),
        mpmath=lambda mp, x: _mpmath_erfcx_derivative(mp, order, x),
        sympy=lambda sp, x: _sympy_derivative(sp, lambda t: sp.exp(t**2) * sp.erfc(t), order, x),
        cost=400.0,
        domain=((-3.0, 9.0),),
    )


# The row of the derivative of erfcx(x) = exp(x²) erfc(x) of an order, at least 1.
erfcx_derivative: Callable[[int], Op] = cache(_erfcx_derivative)


def _dawsn_derivative(order: int) -> Op:
    spelling = Spelling(f"_dawsn_derivative({order}, {{0}})", support=("dawsn_derivative",))
    return row(
        f"dawsn_derivative_{order}",
        lambda out, x: dawsn_derivative(order + 1)(x),
        rule="the derivatives of Dawson's integral form one family: D' = 1 - 2xD cancels far out",
        numpy=spelling,
        math=spelling,
        numexpr=None,
        evaluate=lambda x: support_numpy.dawsn_derivative(order, x),
        mpmath=lambda mp, x: _mpmath_dawsn_derivative(mp, order, x),
        sympy=lambda sp, x: _sympy_derivative(
            sp, lambda t: sp.exp(-(t**2)) * sp.erfi(t) * sp.sqrt(sp.pi) / 2, order, x
        ),
        cost=400.0,
        domain=((-20.0, 20.0),),
    )


# The row of the derivative of Dawson's integral of an order, at least 1.
dawsn_derivative: Callable[[int], Op] = cache(_dawsn_derivative)


def _sympy_derivative(sp: Any, function: Callable[[Any], Any], order: int, x: Any) -> Any:
    t = sp.Dummy(real=True)
    return sp.diff(function(t), t, order).subs(t, x)


def _mpmath_erfcx_derivative(mp: Any, order: int, x: Any) -> Any:
    """By the recurrence of the repeated integrals, with digits to spare for what it cancels."""
    with mp.extradps(30 + 10 * order):
        before, value = 2 / mp.sqrt(mp.pi), mp.exp(x * x) * mp.erfc(x)
        for index in range(1, order + 1):
            before, value = value, (before - 2 * x * value) / (2 * index)
        return (-2) ** order * mp.factorial(order) * value


def _mpmath_dawsn_derivative(mp: Any, order: int, x: Any) -> Any:
    """By the recurrence of Hermite's functions, with digits to spare for what it cancels."""
    with mp.extradps(30 + order * (10 + 2 * max(0, mp.mag(x)))):
        before = mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x)
        value = 1 - 2 * x * before
        for index in range(1, order):
            before, value = value, -2 * (x * value + index * before)
        return value


def _mpmath_sinc_derivative(mp: Any, order: int, x: Any) -> Any:
    """πⁿ ∫₀¹ tⁿ cos(πxt + nπ/2) dt, a confluent hypergeometric function."""
    integral = mp.hyp1f1(order + 1, order + 2, mp.mpc(0, mp.pi * x)) / (order + 1)
    return mp.pi**order * (mp.mpc(0, 1) ** order * integral).real


def _sympy_sinc_derivative(sp: Any, order: int, x: Any) -> Any:
    away = _sympy_derivative(sp, lambda t: sp.sin(sp.pi * t) / (sp.pi * t), order, x)
    at_zero = (-1) ** (order // 2) * sp.pi**order / (order + 1) if order % 2 == 0 else 0
    return sp.Piecewise((away, sp.Ne(x, 0)), (at_zero, True))
