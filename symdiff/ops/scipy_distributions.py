"""Rows: SciPy's gamma and beta functions and what distribution functions are made of."""

from typing import Any

from symdiff.ops.elementary import exp
from symdiff.ops.row import Op
from symdiff.ops.scipy_row import refused, special_row
from symdiff.ops.special import digamma, erfcx_derivative, lgamma
from symdiff.ops.stable import xlog1py, xlogy

_HALF_ROOT_PI = 0.886226925452758
_ROOT_2_PI = 2.5066282746310002
_ROOT_2_PER_PI = 0.7978845608028654
_ROOT_HALF = 0.7071067811865476

# ------------------------------------------------------------------------------------------ gamma and beta functions

rgamma: Op = special_row(
    "rgamma",
    lambda out, x: -out * digamma(x),
    rule="(1/Γ)' = -ψ/Γ",
    mpmath="rgamma",
    sympy=lambda sp, x: 1 / sp.gamma(x),
    domain=((0.1, 9.0),),
)

zeta: Op = special_row(
    "zeta",
    refused("zeta", "x"),
    lambda out, x, q: -x * zeta(x + 1.0, q),
    rule="∂ζ(x, q)/∂q = -x ζ(x + 1, q)",
    mpmath="zeta",
    sympy="zeta",
    domain=((1.5, 6.0), (0.2, 5.0)),
)

beta: Op = special_row(
    "beta",
    lambda out, a, b: out * (digamma(a) - digamma(a + b)),
    lambda out, a, b: out * (digamma(b) - digamma(a + b)),
    rule="∂B/∂a = B (ψ(a) - ψ(a + b))",
    mpmath="beta",
    sympy=lambda sp, a, b: sp.gamma(a) * sp.gamma(b) / sp.gamma(a + b),
    domain=((2.0, 4.0), (2.0, 4.0)),
)

betaln: Op = special_row(
    "betaln",
    lambda out, a, b: digamma(a) - digamma(a + b),
    lambda out, a, b: digamma(b) - digamma(a + b),
    rule="∂ log B/∂a = ψ(a) - ψ(a + b)",
    mpmath=lambda mp, a, b: mp.log(mp.beta(a, b)),
    sympy=lambda sp, a, b: sp.loggamma(a) + sp.loggamma(b) - sp.loggamma(a + b),
    domain=((0.5, 2.0), (0.5, 2.0)),
)

poch: Op = special_row(
    "poch",
    lambda out, z, m: out * (digamma(z + m) - digamma(z)),
    lambda out, z, m: out * digamma(z + m),
    rule="Γ' = Γ ψ",
    mpmath="rf",
    sympy=lambda sp, z, m: sp.gamma(z + m) / sp.gamma(z),
    domain=((0.5, 3.0), (1.0, 4.0)),
)

binom: Op = special_row(
    "binom",
    lambda out, n, k: out * (digamma(n + 1.0) - digamma(n - k + 1.0)),
    lambda out, n, k: out * (digamma(n - k + 1.0) - digamma(k + 1.0)),
    rule="Γ' = Γ ψ",
    mpmath="binomial",
    sympy=lambda sp, n, k: sp.gamma(n + 1) / (sp.gamma(k + 1) * sp.gamma(n - k + 1)),
    domain=((5.0, 6.0), (2.0, 4.0)),
)


def _gamma_density(a: Any, x: Any) -> Any:
    return exp(xlogy(a - 1.0, x) - x - lgamma(a))


def _beta_density(a: Any, b: Any, x: Any) -> Any:
    return exp(xlogy(a - 1.0, x) + xlog1py(b - 1.0, -x) - betaln(a, b))


_DENSITY = "the derivative of a distribution function is its density"
_INVERSE = "the derivative of an inverse function is the reciprocal"

gammainc: Op = special_row(
    "gammainc",
    refused("gammainc", "a"),
    lambda out, a, x: _gamma_density(a, x),
    rule=_DENSITY,
    mpmath=lambda mp, a, x: mp.gammainc(a, 0, x, regularized=True),
    sympy=lambda sp, a, x: sp.lowergamma(a, x) / sp.gamma(a),
    domain=((0.5, 4.0), (0.1, 6.0)),
)

# Where x is near a, and near 1, SciPy's gammaincc is itself off by up to 40 ULP: it is sampled below.
gammaincc: Op = special_row(
    "gammaincc",
    refused("gammaincc", "a"),
    lambda out, a, x: -_gamma_density(a, x),
    rule=_DENSITY,
    mpmath=lambda mp, a, x: mp.gammainc(a, x, regularized=True),
    sympy=lambda sp, a, x: sp.uppergamma(a, x) / sp.gamma(a),
    domain=((2.0, 4.0), (0.1, 2.0)),
)

betainc: Op = special_row(
    "betainc",
    *(refused("betainc", parameter) for parameter in "ab"),
    lambda out, a, b, x: _beta_density(a, b, x),
    rule=_DENSITY,
    mpmath=lambda mp, a, b, x: mp.betainc(a, b, 0, x, regularized=True),
    sympy=lambda sp, a, b, x: sp.betainc_regularized(a, b, 0, x),
    domain=((0.5, 4.0), (0.5, 4.0), (0.05, 0.95)),
)

ndtri: Op = special_row(
    "ndtri",
    lambda out, p: _ROOT_2_PI * exp(0.5 * (out * out)),
    rule=_INVERSE,
    mpmath=lambda mp, p: mp.sqrt(2) * mp.erfinv(2 * p - 1),
    sympy=lambda sp, p: sp.sqrt(2) * sp.erfinv(2 * p - 1),
    domain=((0.02, 0.98),),
)

erfinv: Op = special_row(
    "erfinv",
    lambda out, x: _HALF_ROOT_PI * exp(out * out),
    rule=_INVERSE,
    mpmath="erfinv",
    sympy="erfinv",
    domain=((-0.95, 0.95),),
)

erfcinv: Op = special_row(
    "erfcinv",
    lambda out, x: -_HALF_ROOT_PI * exp(out * out),
    rule=_INVERSE,
    mpmath=lambda mp, x: mp.erfinv(1 - x),
    sympy=lambda sp, x: sp.erfinv(1 - x),  # SymPy's erfcinv has no numerical value
    domain=((0.05, 1.95),),
)

erfcx: Op = special_row(
    "erfcx",
    lambda out, x: erfcx_derivative(1)(x),
    rule="erfcx' has a row of its own: 2x erfcx - 2/√π cancels",
    mpmath=lambda mp, x: mp.exp(x * x) * mp.erfc(x),
    sympy=lambda sp, x: sp.exp(x**2) * sp.erfc(x),
    domain=((-3.0, 9.0),),
)

log_ndtr: Op = special_row(
    "log_ndtr",
    lambda out, x: _ROOT_2_PER_PI / erfcx(-_ROOT_HALF * x),
    rule="(log Φ)' = φ/Φ, the reciprocal of Mills' ratio",
    mpmath=lambda mp, x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2),
    sympy=lambda sp, x: sp.log(sp.erfc(-x / sp.sqrt(2)) / 2),
    domain=((-3.0, 4.0),),
)
