"""Rows: SciPy's Bessel, Struve and Airy functions."""

from collections.abc import Callable
from typing import Any

from symdiff.ops.elementary import power
from symdiff.ops.piecewise import sign
from symdiff.ops.row import Op
from symdiff.ops.scipy_row import refused, special_row
from symdiff.ops.special import gamma

_ROOT_PI = 1.772453850905516
_ORDERS = (0.5, 3.0)

# ------------------------------------------------------------------------------------------------- Bessel functions

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


def _scaled(name: str, order: int, slope: Callable[[Any, Any], Any], form: str, sign: int) -> Op:
    """A Bessel function without its exponential growth or decay."""
    return special_row(
        name,
        lambda out, x: slope(out, x),
        rule=_LADDER,
        mpmath=lambda mp, x: mp.exp(sign * (abs(x) if sign < 0 else x)) * getattr(mp, form)(order, x),
        sympy=lambda sp, x: sp.exp(sign * (sp.Abs(x) if sign < 0 else x)) * getattr(sp, form)(order, x),
        domain=((0.2, 0.5),),  # further out they are nearly flat, and SciPy's errors stand out,
    )


i0e: Op = _scaled("i0e", 0, lambda out, x: i1e(x) - sign(x) * out, "besseli", -1)
i1e: Op = _scaled("i1e", 1, lambda out, x: 0.5 * (i0e(x) + ive(2.0, x)) - sign(x) * out, "besseli", -1)
k0e: Op = _scaled("k0e", 0, lambda out, x: out - k1e(x), "besselk", 1)
k1e: Op = _scaled("k1e", 1, lambda out, x: out - 0.5 * (k0e(x) + kve(2.0, x)), "besselk", 1)

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
    lambda out, v, x: out - 0.5 * (kve(v - 1.0, x) + kve(v + 1.0, x)),
    rule=_LADDER,
    mpmath=lambda mp, v, x: mp.exp(x) * mp.besselk(v, x),
    sympy=lambda sp, v, x: sp.exp(x) * sp.besselk(v, x),
    domain=((2.0, 2.0), (0.2, 0.5)),
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
