"""Rows: arithmetic, powers, exponentials, logarithms, trigonometry, hyperbolic functions.

A derivative is written so that it, and the derivatives made of it, lose nothing to cancellation: where the textbook
form does (1 - tanh², 1 - x²), it is an atom with a row of its own, whose derivative is again made of atoms.
"""

import math
import operator

import numpy as np

from symdiff.ops.piecewise import (
    absolute,
    equal,
    floor,
    greater,
    greater_equal,
    less,
    less_equal,
    logical_and,
    not_equal,
    where,
)
from symdiff.ops.row import (
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Op,
    Raises,
    Spelling,
    call,
    expression,
    formula,
    infix,
    prefix,
    row,
    support,
)

LN2 = 0.6931471805599453
PER_LN2 = 1.4426950408889634
PER_LN10 = 0.4342944819032518
_POSITIVE = (0.01, 9.0)
_NONZERO = (0.5, 3.0)
# What Python's own functions raise.
_BY_ZERO = (Raises(ZeroDivisionError, lambda x, y: equal(y, 0.0)),)
_BELOW_ZERO = (Raises(ValueError, lambda x: less(x, 0.0)),)
_NOT_POSITIVE = (Raises(ValueError, lambda x: less_equal(x, 0.0)),)
_BEYOND_ONE = (Raises(ValueError, lambda x: greater(absolute(x), 1.0)),)
_EXP_OVERFLOWS = (Raises(OverflowError, lambda x: greater(x, 709.782712893384)),)
_COSH_OVERFLOWS = (Raises(OverflowError, lambda x: greater(absolute(x), 710.4758600739439)),)

# ------------------------------------------------------------------------------------------------------ arithmetic


add: Op = row(
    "add",
    lambda out, x, y: 1.0,
    lambda out, x, y: 1.0,
    rule="sum rule",
    evaluate=operator.add,
    mpmath=lambda mp, x, y: x + y,
    sympy=lambda sp, x, y: x + y,
    traces=("operator.add", "numpy.add"),
    everywhere=infix("+", SUM),
)

subtract: Op = row(
    "subtract",
    lambda out, x, y: 1.0,
    lambda out, x, y: -1.0,
    rule="difference rule",
    evaluate=operator.sub,
    mpmath=lambda mp, x, y: x - y,
    sympy=lambda sp, x, y: x - y,
    traces=("operator.sub", "numpy.subtract"),
    everywhere=infix("-", SUM),
)

multiply: Op = row(
    "multiply",
    lambda out, x, y: y,
    lambda out, x, y: x,
    rule="product rule",
    evaluate=operator.mul,
    mpmath=lambda mp, x, y: x * y,
    sympy=lambda sp, x, y: x * y,
    traces=("operator.mul", "numpy.multiply"),
    everywhere=infix("*", PRODUCT),
)

divide: Op = row(
    "divide",
    lambda out, x, y: 1.0 / y,
    lambda out, x, y: -out / y,
    rule="quotient rule",
    evaluate=np.divide,
    mpmath=lambda mp, x, y: x / y,
    sympy=lambda sp, x, y: x / y,
    traces=("operator.truediv", "numpy.divide", "numpy.true_divide"),
    cost=2.0,
    domain=((-3.0, 3.0), _NONZERO),
    everywhere=infix("/", PRODUCT),
    raises=_BY_ZERO,
)

negative: Op = row(
    "negative",
    lambda out, x: -1.0,
    rule="constant factor rule",
    evaluate=operator.neg,
    mpmath=lambda mp, x: -x,
    sympy=lambda sp, x: -x,
    everywhere=prefix("-", SIGN),
    traces=("operator.neg", "numpy.negative"),
)

# (1 - x)(1 + x): neither factor is rounded much near the ends, and the derivative is -2x exactly.
one_minus_square: Op = row(
    "one_minus_square",
    lambda out, x: -2.0 * x,
    rule="power rule",
    evaluate=lambda x: (1.0 - x) * (1.0 + x),
    mpmath=lambda mp, x: (1 - x) * (1 + x),
    sympy=lambda sp, x: 1 - x**2,
    everywhere=expression("(1.0 - {0}) * (1.0 + {0})", PRODUCT),
    cost=3.0,
)

# ---------------------------------------------------------------------------------------------------------- powers

power: Op = row(
    "power",
    # Only 0**0 needs the guard: a wider one would hide the mixed second derivative.
    lambda out, x, y: where(logical_and(equal(x, 0.0), equal(y, 0.0)), 0.0, y * power(x, y - 1.0)),
    lambda out, x, y: where(logical_and(equal(x, 0.0), greater(y, 0.0)), 0.0, log(x) * out),
    rule="power rule",
    evaluate=np.float_power,
    mpmath=lambda mp, x, y: x**y,
    sympy=lambda sp, x, y: x**y,
    math="pow",
    # numexpr multiplies out an integer exponent written as a literal, and one of type int is refused when negative:
    # exponents are always written as floats.
    numexpr=infix("**", POWER, chain=False),
    traces=("operator.pow", "numpy.pow", "numpy.float_power"),
    cost=30.0,
    domain=((0.1, 3.0), (-3.0, 3.0)),
    raises=(
        Raises(ZeroDivisionError, lambda x, y: logical_and(equal(x, 0.0), less(y, 0.0)), by="operator"),
        Raises(ValueError, lambda x, y: logical_and(equal(x, 0.0), less(y, 0.0)), by="math"),
        Raises(ValueError, lambda x, y: logical_and(less(x, 0.0), not_equal(y, floor(y))), by="math"),
        Raises(OverflowError, lambda x, y: logical_and(equal(absolute(power(x, y)), math.inf), not_equal(x, 0.0))),
    ),
)

sqrt: Op = row(
    "sqrt",
    lambda out, x: 0.5 / out,
    rule="power rule",
    cost=2.0,
    domain=(_POSITIVE,),
    raises=_BELOW_ZERO,
)

cbrt: Op = row(
    "cbrt",
    lambda out, x: 1.0 / (3.0 * (out * out)),
    rule="power rule",
    numexpr=None,
    mpmath=lambda mp, x: mp.sign(x) * mp.cbrt(abs(x)),
    sympy=lambda sp, x: sp.sign(x) * sp.cbrt(sp.Abs(x)),
    traces=("scipy.special.cbrt",),
    cost=15.0,
    domain=(_POSITIVE,),
)

hypot: Op = row(
    "hypot",
    lambda out, x, y: direction(x, y),
    lambda out, x, y: direction(y, x),
    rule="∇√(x² + y²) = (x, y) / √(x² + y²)",
    math=call("math.hypot", 2),
    sympy=lambda sp, x, y: sp.sqrt(x**2 + y**2),
    cost=5.0,
)

# The cosine of the angle of (x, y), and 0 at the origin, as abs'(0) is.
direction: Op = row(
    "direction",
    lambda out, x, y: direction(y, x) * direction(y, x) / hypot(x, y),
    lambda out, x, y: -(out * direction(y, x)) / hypot(x, y),
    rule="the direction of (x, y) turns by the sine of its angle over its length",
    numpy=support("direction", 2),
    math=support("direction", 2),
    numexpr=formula("where(hypot({0}, {1}) == 0.0, 0.0, {0} / hypot({0}, {1}))"),
    mpmath=lambda mp, x, y: x / mp.hypot(x, y) if x else mp.mpf(0),
    sympy=lambda sp, x, y: x / sp.sqrt(x**2 + y**2),
    cost=8.0,
)

# --------------------------------------------------------------------------------------- exponentials and logarithms

exp: Op = row(
    "exp",
    lambda out, x: out,
    rule="exp' = exp",
    cost=8.0,
    raises=_EXP_OVERFLOWS,
)

exp2: Op = row(
    "exp2",
    lambda out, x: LN2 * out,
    rule="(2ˣ)' = ln 2 · 2ˣ",
    numexpr=Spelling("2.0 ** {0}", SIGN + 1, (SIGN + 1,)),
    mpmath=lambda mp, x: mp.mpf(2) ** x,
    sympy=lambda sp, x: 2**x,
    traces=("scipy.special.exp2",),
    cost=8.0,
    raises=(Raises(OverflowError, lambda x: greater_equal(x, 1024.0)),),
)

expm1: Op = row(
    "expm1",
    lambda out, x: exp(x),
    rule="(eˣ - 1)' = eˣ",
    sympy=lambda sp, x: sp.exp(x) - 1,
    traces=("scipy.special.expm1",),
    cost=12.0,
    raises=_EXP_OVERFLOWS,
)

log: Op = row(
    "log",
    lambda out, x: 1.0 / x,
    rule="log' = 1/x",
    math=call("math.log"),  # math.log itself takes a base too, math.hypot any number of arguments: composites
    cost=8.0,
    domain=(_POSITIVE,),
    raises=_NOT_POSITIVE,
)

log2: Op = row(
    "log2",
    lambda out, x: PER_LN2 / x,
    rule="(log₂ x)' = 1/(x ln 2)",
    mpmath=lambda mp, x: mp.log(x, 2),
    sympy=lambda sp, x: sp.log(x, 2),
    cost=8.0,
    domain=(_POSITIVE,),
    raises=_NOT_POSITIVE,
)

log10: Op = row(
    "log10",
    lambda out, x: PER_LN10 / x,
    rule="(log₁₀ x)' = 1/(x ln 10)",
    mpmath="log10",
    sympy=lambda sp, x: sp.log(x, 10),
    cost=8.0,
    domain=(_POSITIVE,),
    raises=_NOT_POSITIVE,
)

log1p: Op = row(
    "log1p",
    lambda out, x: 1.0 / (1.0 + x),
    rule="log(1 + x)' = 1/(1 + x)",
    sympy=lambda sp, x: sp.log(1 + x),
    traces=("scipy.special.log1p",),
    cost=10.0,
    domain=((-0.95, 3.0),),
    raises=(Raises(ValueError, lambda x: less_equal(x, -1.0)),),
)

# --------------------------------------------------------------------------------------------------- trigonometry

sin: Op = row("sin", lambda out, x: cos(x), rule="sin' = cos", cost=15.0)

cos: Op = row("cos", lambda out, x: -sin(x), rule="cos' = -sin", cost=15.0)

tan: Op = row("tan", lambda out, x: 1.0 + out * out, rule="tan' = 1 + tan²", cost=20.0, domain=((-1.5, 1.5),))

asin: Op = row(
    "asin",
    lambda out, x: 1.0 / sqrt(one_minus_square(x)),
    rule="asin' = 1/√(1 - x²)",
    numpy="arcsin",
    numexpr="arcsin",
    traces=("numpy.asin",),
    cost=15.0,
    domain=((-0.99, 0.99),),
    raises=_BEYOND_ONE,
)

acos: Op = row(
    "acos",
    lambda out, x: -1.0 / sqrt(one_minus_square(x)),
    rule="acos' = -1/√(1 - x²)",
    numpy="arccos",
    numexpr="arccos",
    traces=("numpy.acos",),
    cost=15.0,
    domain=((-0.99, 0.99),),
    raises=_BEYOND_ONE,
)

atan: Op = row(
    "atan",
    lambda out, x: 1.0 / (1.0 + x * x),
    rule="atan' = 1/(1 + x²)",
    numpy="arctan",
    numexpr="arctan",
    traces=("numpy.atan",),
    cost=15.0,
)

atan2: Op = row(
    "atan2",
    lambda out, y, x: direction(x, y) / hypot(x, y),
    lambda out, y, x: -direction(y, x) / hypot(x, y),
    rule="atan2(y, x) turns by (x, -y) / (x² + y²)",
    numpy="arctan2",
    numexpr="arctan2",
    traces=("numpy.atan2",),
    cost=25.0,
)

# -------------------------------------------------------------------------------------------- hyperbolic functions

sinh: Op = row(
    "sinh",
    lambda out, x: cosh(x),
    rule="sinh' = cosh",
    cost=15.0,
    raises=_COSH_OVERFLOWS,
)

cosh: Op = row(
    "cosh",
    lambda out, x: sinh(x),
    rule="cosh' = sinh",
    cost=15.0,
    raises=_COSH_OVERFLOWS,
)

tanh: Op = row("tanh", lambda out, x: 4.0 * bell(2.0 * x), rule="tanh' = sech²", cost=15.0)

# sigmoid(x) sigmoid(-x) = sech²(x/2) / 4, which 1 - tanh² and s(1 - s) lose to cancellation: 4.2e-18 at 40, not 0.
bell: Op = row(
    "bell",
    lambda out, x: -(out * tanh(0.5 * x)),
    rule="(s(1 - s))' = s(1 - s)(1 - 2s)",
    numpy=support("bell"),
    math=support("bell"),
    numexpr=formula("(exp(-abs({0})) / ((1.0 + exp(-abs({0}))) * (1.0 + exp(-abs({0})))))"),
    mpmath=lambda mp, x: mp.sech(x / 2) ** 2 / 4,
    sympy=lambda sp, x: 1 / (4 * sp.cosh(x / 2) ** 2),
    cost=12.0,
)

asinh: Op = row(
    "asinh",
    lambda out, x: 1.0 / hypot(x, 1.0),
    rule="asinh' = 1/√(1 + x²)",
    numpy="arcsinh",
    numexpr="arcsinh",
    traces=("numpy.asinh",),
    cost=20.0,
)

acosh: Op = row(
    "acosh",
    lambda out, x: 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0)),
    rule="acosh' = 1/√(x² - 1)",
    numpy="arccosh",
    numexpr="arccosh",
    traces=("numpy.acosh",),
    cost=20.0,
    domain=((1.05, 9.0),),
    raises=(Raises(ValueError, lambda x: less(x, 1.0)),),
)

atanh: Op = row(
    "atanh",
    lambda out, x: 1.0 / one_minus_square(x),
    rule="atanh' = 1/(1 - x²)",
    numpy="arctanh",
    numexpr="arctanh",
    traces=("numpy.atanh",),
    cost=20.0,
    domain=((-0.99, 0.99),),
    raises=(Raises(ValueError, lambda x: greater_equal(absolute(x), 1.0)),),
)
