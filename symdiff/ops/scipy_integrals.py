"""Rows: SciPy's elliptic, hypergeometric and exponential integrals."""

from symdiff.ops.elementary import cos, cosh, exp, log, sin, sinh, sqrt
from symdiff.ops.row import Op
from symdiff.ops.scipy_row import refused, special_row
from symdiff.ops.special import dawsn_derivative, sinc

_PER_PI = 0.3183098861837907
_HALF_PI = 1.5707963267948966
_EIGHTH_PI = 0.39269908169872414
_TWO_PER_ROOT_PI = 1.1283791670955126

# ------------------------------------------------------------------------------- elliptic integrals, hypergeometrics

ellipk: Op = special_row(
    "ellipk",
    lambda out, m: _EIGHTH_PI * hyp2f1(1.5, 1.5, 2.0, m),
    rule="K is hypergeometric: the textbook's (E/(1 - m) - K)/2m cancels",
    mpmath="ellipk",
    sympy="elliptic_k",
    domain=((-2.0, 0.9),),
)

ellipe: Op = special_row(
    "ellipe",
    lambda out, m: -_EIGHTH_PI * hyp2f1(0.5, 1.5, 2.0, m),
    rule="E is hypergeometric: the textbook's (E - K)/2m cancels",
    mpmath="ellipe",
    sympy="elliptic_e",
    domain=((-2.0, 0.9),),
)

ellipkinc: Op = special_row(
    "ellipkinc",
    lambda out, phi, m: 1.0 / sqrt(1.0 - m * (sin(phi) * sin(phi))),
    refused("ellipkinc", "m"),
    rule="the derivative of an integral is its integrand",
    mpmath="ellipf",
    sympy="elliptic_f",
    domain=((0.1, 1.5), (0.05, 0.9)),
)

ellipeinc: Op = special_row(
    "ellipeinc",
    lambda out, phi, m: sqrt(1.0 - m * (sin(phi) * sin(phi))),
    refused("ellipeinc", "m"),
    rule="the derivative of an integral is its integrand",
    mpmath="ellipe",
    sympy="elliptic_e",
    domain=((0.1, 1.5), (0.05, 0.9)),
)

_SHIFT = "the derivative of a hypergeometric function has its parameters one higher"

hyp2f1: Op = special_row(
    "hyp2f1",
    *(refused("hyp2f1", parameter) for parameter in "abc"),
    lambda out, a, b, c, z: a * b / c * hyp2f1(a + 1.0, b + 1.0, c + 1.0, z),
    rule=_SHIFT,
    mpmath="hyp2f1",
    sympy=lambda sp, a, b, c, z: sp.hyper([a, b], [c], z),
    domain=((0.5, 2.0), (0.5, 2.0), (2.5, 4.0), (-0.9, 0.7)),
)

hyp1f1: Op = special_row(
    "hyp1f1",
    *(refused("hyp1f1", parameter) for parameter in "ab"),
    lambda out, a, b, x: a / b * hyp1f1(a + 1.0, b + 1.0, x),
    rule=_SHIFT,
    mpmath="hyp1f1",
    sympy=lambda sp, a, b, x: sp.hyper([a], [b], x),
    domain=((0.5, 2.0), (2.5, 4.0), (-2.0, 3.0)),
)

hyp0f1: Op = special_row(
    "hyp0f1",
    refused("hyp0f1", "v"),
    lambda out, v, x: hyp0f1(v + 1.0, x) / v,
    rule=_SHIFT,
    mpmath="hyp0f1",
    sympy=lambda sp, v, x: sp.hyper([], [v], x),
    domain=((0.5, 3.0), (0.1, 5.0)),
)

exprel: Op = special_row(
    "exprel",
    lambda out, x: 0.5 * hyp1f1(2.0, 3.0, x),
    rule="(eˣ - 1)/x is hypergeometric: the quotient rule cancels at 0",
    mpmath=lambda mp, x: mp.expm1(x) / x if x else mp.mpf(1),
    sympy=lambda sp, x: sp.Piecewise(((sp.exp(x) - 1) / x, sp.Ne(x, 0)), (1, True)),
    domain=((-3.0, 3.0),),
)


# ------------------------------------------------------------------------------- exponential and other integrals

_INTEGRAL = "the derivative of an integral is its integrand"

expi: Op = special_row(
    "expi",
    lambda out, x: exp(x) / x,
    rule=_INTEGRAL,
    mpmath="ei",
    sympy="Ei",
    domain=((0.5, 5.0),),
)

exp1: Op = special_row(
    "exp1",
    lambda out, x: -exp(-x) / x,
    rule=_INTEGRAL,
    mpmath="e1",
    sympy=lambda sp, x: sp.expint(1, x),
    domain=((0.1, 5.0),),
)

expn: Op = special_row(
    "expn",
    refused("expn", "the order n"),
    lambda out, n, x: -expn(n - 1.0, x),
    rule="Eₙ' = -Eₙ₋₁",
    mpmath=lambda mp, n, x: mp.expint(n, x),
    sympy="expint",
    domain=((3.0, 3.0), (0.1, 5.0)),
)

sine_integral: Op = special_row(
    "sine_integral",
    lambda out, x: sinc(_PER_PI * x),
    rule=_INTEGRAL,
    mpmath="si",
    sympy="Si",
    domain=((-9.0, 9.0),),
    part_of=("sici", 0),
)

cosine_integral: Op = special_row(
    "cosine_integral",
    lambda out, x: cos(x) / x,
    rule=_INTEGRAL,
    mpmath="ci",
    sympy="Ci",
    domain=((0.1, 9.0),),
    part_of=("sici", 1),
)

hyperbolic_sine_integral: Op = special_row(
    "hyperbolic_sine_integral",
    lambda out, x: sinh(x) / x,
    rule=_INTEGRAL,
    mpmath="shi",
    sympy="Shi",
    domain=((0.5, 5.0),),
    part_of=("shichi", 0),
)

hyperbolic_cosine_integral: Op = special_row(
    "hyperbolic_cosine_integral",
    lambda out, x: cosh(x) / x,
    rule=_INTEGRAL,
    mpmath="chi",
    sympy="Chi",
    domain=((0.6, 5.0),),
    part_of=("shichi", 1),
)

fresnel_sine: Op = special_row(
    "fresnel_sine",
    lambda out, x: sin(_HALF_PI * (x * x)),
    rule=_INTEGRAL,
    mpmath="fresnels",
    sympy="fresnels",
    domain=((-3.0, 3.0),),
    part_of=("fresnel", 0),
)

fresnel_cosine: Op = special_row(
    "fresnel_cosine",
    lambda out, x: cos(_HALF_PI * (x * x)),
    rule=_INTEGRAL,
    mpmath="fresnelc",
    sympy="fresnelc",
    domain=((-3.0, 3.0),),
    part_of=("fresnel", 1),
)

spence: Op = special_row(
    "spence",
    lambda out, x: log(x) / (1.0 - x),
    rule=_INTEGRAL,
    mpmath=lambda mp, x: mp.polylog(2, 1 - x),
    sympy=lambda sp, x: sp.polylog(2, 1 - x),
    domain=((0.05, 0.7),),
)

dawsn: Op = special_row(
    "dawsn",
    lambda out, x: dawsn_derivative(1)(x),
    rule="D' = 1 - 2xD, which cancels far out, has a row of its own",
    mpmath=lambda mp, x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x),
    sympy=lambda sp, x: sp.sqrt(sp.pi) / 2 * sp.exp(-(x**2)) * sp.erfi(x),
    domain=((-20.0, 20.0),),
)

erfi: Op = special_row(
    "erfi",
    lambda out, x: _TWO_PER_ROOT_PI * exp(x * x),
    rule="erfi' = 2/√π e^(x²)",
    mpmath="erfi",
    sympy="erfi",
    domain=((-3.0, 3.0),),
)

wrightomega: Op = special_row(
    "wrightomega",
    lambda out, x: out / (1.0 + out),
    rule="ω + log ω = x, differentiated",
    mpmath=lambda mp, x: mp.lambertw(mp.exp(x)),
    sympy=lambda sp, x: sp.LambertW(sp.exp(x)),
    domain=((-3.0, 9.0),),
)
