"""Rows: SciPy's Bessel, Struve and Airy functions."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from symdiff.ops import support_numpy
from symdiff.ops.elementary import power
from symdiff.ops.piecewise import sign
from symdiff.ops.row import Op, Spelling, row
from symdiff.ops.scipy_row import refused, special_row
from symdiff.ops.special import gamma

_ROOT_PI = 1.772453850905516
_ORDERS = (0.5, 3.0)

# ------------------------------------------------------------------------------------------------- Bessel functions

_INTEGRAL = "the derivatives of a scaled Bessel function are integrals of one sign"
_LADDER = "the derivative of a Bessel function is made of its neighbours"


def _bessel(
    name: str,
    slope: Callable[[Any, Any], Any],
    form: str,
    traces: tuple[str, ...] = (),
    orders: tuple[float, float] = (0.5, 3.0),
) -> Op:
    return special_row(
        name,
        refused(name, "the order v"),
        lambda out, v, x: slope(v, x),
        rule=_LADDER,
        mpmath=form,
        sympy=form,
        domain=(orders, (0.5, 9.0)),
        traces=traces,
    )


# At orders that are not whole SciPy's jv, yv and kv are themselves off by up to a hundred ULP: a whole one is sampled.
jv: Op = _bessel("jv", lambda v, x: 0.5 * (jv(v - 1.0, x) - jv(v + 1.0, x)), "besselj", orders=(2.0, 2.0))
yv: Op = _bessel(
    "yv", lambda v, x: 0.5 * (yv(v - 1.0, x) - yv(v + 1.0, x)), "bessely", ("scipy.special.yn",), orders=(2.0, 2.0)
)
iv: Op = _bessel("iv", lambda v, x: 0.5 * (iv(v - 1.0, x) + iv(v + 1.0, x)), "besseli")
kv: Op = _bessel(
    "kv", lambda v, x: -0.5 * (kv(v - 1.0, x) + kv(v + 1.0, x)), "besselk", ("scipy.special.kn",), orders=(2.0, 2.0)
)


def _bessel_of_order(name: str, order: int, slope: Callable[[Any], Any], form: str) -> Op:
    return special_row(
        name,
        lambda out, x: slope(x),
        rule=_LADDER,
        mpmath=lambda mp, x: getattr(mp, form)(order, x),
        sympy=lambda sp, x: getattr(sp, form)(order, x),
        domain=((0.5, 9.0),),
    )


j0: Op = _bessel_of_order("j0", 0, lambda x: -j1(x), "besselj")
j1: Op = _bessel_of_order("j1", 1, lambda x: 0.5 * (j0(x) - jv(2.0, x)), "besselj")
y0: Op = _bessel_of_order("y0", 0, lambda x: -y1(x), "bessely")
y1: Op = _bessel_of_order("y1", 1, lambda x: 0.5 * (y0(x) - yv(2.0, x)), "bessely")
i0: Op = _bessel_of_order("i0", 0, lambda x: i1(x), "besseli")
i1: Op = _bessel_of_order("i1", 1, lambda x: 0.5 * (i0(x) + iv(2.0, x)), "besseli")
k0: Op = _bessel_of_order("k0", 0, lambda x: -k1(x), "besselk")
k1: Op = _bessel_of_order("k1", 1, lambda x: -0.5 * (k0(x) + kv(2.0, x)), "besselk")


# What is scaled is nearly flat far out, and a difference of neighbours loses a digit with each power of ten of x, each
# order. So the derivatives of the scaled functions are families of their own, integrals of one sign.


def _in_mpmath(mp: Any, form: str, order: int, v: Any, x: Any) -> Any:
    """The derivative of e^x K_v(x) or e^-x I_v(x), x >= 0, by Leibniz's rule, with digits to spare."""
    growth, turn = (1, -1) if form == "besselk" else (-1, 1)
    with mp.extradps(10 + order * (10 + abs(mp.mag(x) if x else 0))):
        neighbours = _neighbours(mp, form, order, v, x)
        total = mp.mpf(0)
        for times in range(order + 1):
            ladder = mp.fsum(mp.binomial(times, at) * neighbours[2 * at - times] for at in range(times + 1))
            total += mp.binomial(order, times) * growth ** (order - times) * mp.mpf(turn) ** times * ladder / 2**times
        return mp.exp(growth * x) * total


def _neighbours(mp: Any, form: str, most: int, v: Any, x: Any) -> dict[int, Any]:
    """K, or I of a whole order, of v - most … v + most; K, which takes mpmath long, by its recurrence."""
    if form == "besseli":
        found = {size: mp.besseli(size, x) for size in {abs(v + shift) for shift in range(-most, most + 1)}}
        return {shift: found[abs(v + shift)] for shift in range(-most, most + 1)}
    known = {0: mp.besselk(v, x), 1: mp.besselk(v + 1, x)}
    for shift in range(1, most):
        known[shift + 1] = known[shift - 1] + 2 * (v + shift) / x * known[shift]
    for shift in range(0, -most, -1):
        known[shift - 1] = known[shift + 1] - 2 * (v + shift) / x * known[shift]
    return known


def _signed(is_odd: bool, x: Any, value: Any) -> Any:
    return (x > 0) * value - (x < 0) * value if is_odd else value


def _scaled_i_derivative(degree: int, order: int) -> Op:
    is_odd = (degree + order) % 2 == 1
    spelling = Spelling(f"_scaled_i_derivative({order}, {degree}, {{0}})", support=("scaled_i_derivative",))

    def in_sympy(sp: Any, x: Any) -> Any:
        t = sp.Dummy(positive=True)
        slope = sp.diff(sp.exp(-t) * sp.besseli(degree, t), t, order).subs(t, sp.Abs(x))
        return sp.sign(x) * slope if is_odd else slope

    return row(
        f"i{degree}e_derivative_{order}",
        lambda out, x: _scaled_i_derivative_of(degree, order + 1)(x),
        rule=_INTEGRAL,
        numpy=spelling,
        math=spelling,
        numexpr=None,
        evaluate=lambda x: support_numpy.scaled_i_derivative(order, degree, x),
        mpmath=lambda mp, x: _signed(is_odd, x, _in_mpmath(mp, "besseli", order, degree, abs(x))),
        sympy=in_sympy,
        cost=400.0,
        domain=((0.2, 60.0),),
    )


def _scaled_k_derivative(order: int) -> Op:
    spelling = Spelling(f"_scaled_k_derivative({order}, {{0}}, {{1}})", support=("scaled_k_derivative",))

    def in_sympy(sp: Any, v: Any, x: Any) -> Any:
        t = sp.Dummy(positive=True)
        return sp.diff(sp.exp(t) * sp.besselk(v, t), t, order).subs(t, x)

    return row(
        f"kve_derivative_{order}",
        refused("kve", "the order v"),
        lambda out, v, x: scaled_k_derivative(order + 1)(v, x),
        rule=_INTEGRAL,
        numpy=spelling,
        math=spelling,
        numexpr=None,
        evaluate=lambda v, x: support_numpy.scaled_k_derivative(order, v, x),
        mpmath=lambda mp, v, x: _in_mpmath(mp, "besselk", order, v, x),
        sympy=in_sympy,
        cost=400.0,
        domain=((0.0, 3.0), (0.2, 9.0)),
    )


# The rows of the derivatives of e^-|x| I_degree(x), of degree 0 and 1, and of e^x K_v(x), of an order, at least 1.
_scaled_i_derivative_of: Callable[[int, int], Op] = cache(_scaled_i_derivative)
i0e_derivative: Callable[[int], Op] = partial(_scaled_i_derivative_of, 0)
i1e_derivative: Callable[[int], Op] = partial(_scaled_i_derivative_of, 1)
scaled_k_derivative: Callable[[int], Op] = cache(_scaled_k_derivative)


def _scaled(name: str, order: int, slope: Callable[[Any], Any], form: str, sign: int) -> Op:
    """A Bessel function without its exponential growth or decay."""
    return special_row(
        name,
        lambda out, x: slope(x),
        rule=_INTEGRAL,
        mpmath=lambda mp, x: mp.exp(sign * (abs(x) if sign < 0 else x)) * getattr(mp, form)(order, x),
        sympy=lambda sp, x: sp.exp(sign * (sp.Abs(x) if sign < 0 else x)) * getattr(sp, form)(order, x),
        domain=((0.2, 60.0 if sign < 0 else 9.0),),  # mpmath's K is slow far out
    )


i0e: Op = _scaled("i0e", 0, lambda x: i0e_derivative(1)(x), "besseli", -1)
i1e: Op = _scaled("i1e", 1, lambda x: i1e_derivative(1)(x), "besseli", -1)
k0e: Op = _scaled("k0e", 0, lambda x: scaled_k_derivative(1)(0.0, x), "besselk", 1)
k1e: Op = _scaled("k1e", 1, lambda x: scaled_k_derivative(1)(1.0, x), "besselk", 1)

ive: Op = special_row(
    "ive",
    refused("ive", "the order v"),
    lambda out, v, x: 0.5 * (ive(v - 1.0, x) + ive(v + 1.0, x)) - sign(x) * out,
    rule=_LADDER,
    mpmath=lambda mp, v, x: mp.exp(-abs(x)) * mp.besseli(v, x),
    sympy=lambda sp, v, x: sp.exp(-sp.Abs(x)) * sp.besseli(v, x),
    domain=((2.0, 2.0), (0.2, 0.5)),
)

kve: Op = special_row(
    "kve",
    refused("kve", "the order v"),
    lambda out, v, x: scaled_k_derivative(1)(v, x),
    rule=_INTEGRAL,
    mpmath=lambda mp, v, x: mp.exp(x) * mp.besselk(v, x),
    sympy=lambda sp, v, x: sp.exp(x) * sp.besselk(v, x),
    domain=((2.0, 2.0), (0.2, 9.0)),
)

struve: Op = special_row(
    "struve",
    refused("struve", "the order v"),
    lambda out, v, x: 0.5 * (struve(v - 1.0, x) - struve(v + 1.0, x) + _struve_term(v, x)),
    rule=_LADDER,
    mpmath="struveh",
    sympy=lambda sp, v, x: _sympy_struve(sp, v, x, -1),
    domain=(_ORDERS, (0.5, 3.0)),
)

modstruve: Op = special_row(
    "modstruve",
    refused("modstruve", "the order v"),
    lambda out, v, x: 0.5 * (modstruve(v - 1.0, x) + modstruve(v + 1.0, x) + _struve_term(v, x)),
    rule=_LADDER,
    mpmath="struvel",
    sympy=lambda sp, v, x: _sympy_struve(sp, v, x, 1),
    domain=(_ORDERS, (0.5, 6.0)),
)


def _struve_term(v: Any, x: Any) -> Any:
    return power(0.5 * x, v) / (_ROOT_PI * gamma(v + 1.5))


def _sympy_struve(sp: Any, v: Any, x: Any, sign: int) -> Any:
    half = sp.Rational(1, 2)
    series = sp.hyper([1], [3 * half, v + 3 * half], sign * x**2 / 4)
    return 2 * (x / 2) ** (v + 1) / (sp.sqrt(sp.pi) * sp.gamma(v + 3 * half)) * series


# --------------------------------------------------------------------------------------------------- Airy functions


def _airy(name: str, part: int, slope: Callable[[Any], Any], form: str, order: int, sympy: str) -> Op:
    return special_row(
        name,
        lambda out, x: slope(x),
        rule="Airy's equation y'' = x y",
        mpmath=lambda mp, x: getattr(mp, form)(x, derivative=order),
        sympy=sympy,
        domain=((-2.0, 0.8),),
        part_of=("airy", part),
    )


airy_ai: Op = _airy("airy_ai", 0, lambda x: airy_ai_prime(x), "airyai", 0, "airyai")
airy_ai_prime: Op = _airy("airy_ai_prime", 1, lambda x: x * airy_ai(x), "airyai", 1, "airyaiprime")
airy_bi: Op = _airy("airy_bi", 2, lambda x: airy_bi_prime(x), "airybi", 0, "airybi")
airy_bi_prime: Op = _airy("airy_bi_prime", 3, lambda x: x * airy_bi(x), "airybi", 1, "airybiprime")
