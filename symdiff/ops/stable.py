"""Rows: sums of exponentials, logistic functions and other forms that overflow or cancel when they are written out.

Each is an atom whose derivatives are atoms again, so that they stay right at every order: the second derivative of
log(1 + eˣ) at 40 is 4.25e-18, not 0, and its first at 800 is 1, not nan.
"""

from symdiff.ops.elementary import LN2, bell, exp, expm1, log, log1p, tanh
from symdiff.ops.piecewise import equal, logical_and, where
from symdiff.ops.row import ATOM, SIGN, Op, Spelling, formula, row, support

logaddexp: Op = row(
    "logaddexp",
    lambda out, x, y: sigmoid(x - y),
    lambda out, x, y: sigmoid(y - x),
    rule="the derivative of log(eˣ + eʸ) is the share of each term",
    math=support("logaddexp", 2),
    numexpr=formula("where({0} == {1}, {0} + 0.6931471805599453, maximum({0}, {1}) + log1p(exp(-abs({0} - {1}))))"),
    mpmath=lambda mp, x, y: mp.log(mp.exp(x) + mp.exp(y)),
    sympy=lambda sp, x, y: sp.log(sp.exp(x) + sp.exp(y)),
    cost=20.0,
)

logaddexp2: Op = row(
    "logaddexp2",
    lambda out, x, y: sigmoid(LN2 * (x - y)),
    lambda out, x, y: sigmoid(LN2 * (y - x)),
    rule="the derivative of log₂(2ˣ + 2ʸ) is the share of each term",
    math=support("logaddexp2", 2),
    numexpr=None,
    mpmath=lambda mp, x, y: mp.log(mp.mpf(2) ** x + mp.mpf(2) ** y, 2),
    sympy=lambda sp, x, y: sp.log(2**x + 2**y, 2),
    cost=20.0,
)

softplus: Op = row(
    "softplus",
    lambda out, x: sigmoid(x),
    rule="log(1 + eˣ)' = sigmoid(x)",
    numpy=Spelling("np.logaddexp(0.0, {0})"),
    math=support("softplus"),
    numexpr=formula("(maximum({0}, 0.0) + log1p(exp(-abs({0}))))"),
    evaluate=lambda x: logaddexp.evaluate(0.0, x),
    mpmath=lambda mp, x: mp.log1p(mp.exp(x)),
    sympy=lambda sp, x: sp.log(1 + sp.exp(x)),
    traces=("scipy.special.softplus",),
    cost=20.0,
)

sigmoid: Op = row(
    "sigmoid",
    lambda out, x: bell(x),
    rule="s' = s(1 - s)",
    numpy=support("sigmoid"),
    math=support("sigmoid"),
    numexpr=formula("(1.0 / (1.0 + exp(-{0})))"),
    mpmath=lambda mp, x: 1 / (1 + mp.exp(-x)),
    sympy=lambda sp, x: 1 / (1 + sp.exp(-x)),
    traces=("scipy.special.expit",),
    cost=12.0,
)

log_sigmoid: Op = row(
    "log_sigmoid",
    lambda out, x: sigmoid(-x),
    rule="(log s)' = 1 - s",
    numpy=Spelling("-np.logaddexp(0.0, -{0})", SIGN, (ATOM,)),
    math=support("log_sigmoid"),
    numexpr=formula("(minimum({0}, 0.0) - log1p(exp(-abs({0}))))"),
    evaluate=lambda x: -logaddexp.evaluate(0.0, -x),
    mpmath=lambda mp, x: -mp.log1p(mp.exp(-x)),
    sympy=lambda sp, x: -sp.log(1 + sp.exp(-x)),
    traces=("scipy.special.log_expit",),
    cost=20.0,
)

logit: Op = row(
    "logit",
    lambda out, x: 1.0 / (x * (1.0 - x)),
    rule="logit' = 1/(x(1 - x))",
    numpy=support("logit"),
    math=support("logit"),
    numexpr=None,
    mpmath=lambda mp, x: mp.log(x / (1 - x)),
    sympy=lambda sp, x: sp.log(x / (1 - x)),
    traces=("scipy.special.logit",),
    cost=20.0,
    domain=((0.01, 0.99),),
)

# log(1 - exp(-x)), which both log(-expm1(-x)) and log1p(-exp(-x)) lose on one side of log 2.
log1mexp: Op = row(
    "log1mexp",
    lambda out, x: -exp(-x) / expm1(-x),
    rule="log(1 - e⁻ˣ)' = 1/(eˣ - 1)",
    numpy=support("log1mexp"),
    math=support("log1mexp"),
    numexpr=formula("where({0} < 0.6931471805599453, log(-expm1(-{0})), log1p(-exp(-{0})))"),
    mpmath=lambda mp, x: mp.log1p(-mp.exp(-x)),
    sympy=lambda sp, x: sp.log(1 - sp.exp(-x)),
    cost=25.0,
    domain=((0.01, 9.0),),
)

sech: Op = row(
    "sech",
    lambda out, x: -(out * tanh(x)),
    rule="sech' = -sech tanh",
    numpy=support("sech"),
    math=support("sech"),
    numexpr=formula("(2.0 * exp(-abs({0})) / (1.0 + exp(-2.0 * abs({0}))))"),
    cost=15.0,
)

csch: Op = row(
    "csch",
    lambda out, x: -(out / tanh(x)),
    rule="csch' = -csch coth",
    numpy=support("csch"),
    math=support("csch"),
    numexpr=formula("(where({0} < 0.0, 2.0, -2.0) * exp(-abs({0})) / expm1(-2.0 * abs({0})))"),
    cost=20.0,
)

# The Bose-Einstein distribution 1/(eˣ - 1): its slope is eˣ/(eˣ - 1)², where eˣ overflows and the slope does not.
bose: Op = row(
    "bose",
    lambda out, x: -0.25 * (csch(0.5 * x) * csch(0.5 * x)),
    rule="(1/(eˣ - 1))' = -csch²(x/2) / 4",
    numpy=support("bose"),
    math=support("bose"),
    numexpr=formula("(where({0} < 0.0, 1.0, -exp(-abs({0}))) / expm1(-abs({0})))"),
    mpmath=lambda mp, x: 1 / mp.expm1(x),
    sympy=lambda sp, x: 1 / (sp.exp(x) - 1),
    cost=15.0,
)

log_cosh: Op = row(
    "log_cosh",
    lambda out, x: tanh(x),
    rule="(log cosh)' = tanh",
    numpy=support("log_cosh"),
    math=support("log_cosh"),
    numexpr=None,
    mpmath=lambda mp, x: mp.log(mp.cosh(x)),
    sympy=lambda sp, x: sp.log(sp.cosh(x)),
    cost=25.0,
)

xlogy: Op = row(
    "xlogy",
    lambda out, x, y: log(y),
    lambda out, x, y: where(logical_and(equal(x, 0.0), equal(y, 0.0)), 0.0, x / y),
    rule="product rule",
    numpy=support("xlogy", 2),
    math=support("xlogy", 2),
    numexpr=None,
    mpmath=lambda mp, x, y: x * mp.log(y) if x else x,
    sympy=lambda sp, x, y: x * sp.log(y),
    traces=("scipy.special.xlogy",),
    cost=10.0,
    domain=((-3.0, 3.0), (0.01, 9.0)),
)

xlog1py: Op = row(
    "xlog1py",
    lambda out, x, y: log1p(y),
    lambda out, x, y: where(logical_and(equal(x, 0.0), equal(y, -1.0)), 0.0, x / (1.0 + y)),
    rule="product rule",
    numpy=support("xlog1py", 2),
    math=support("xlog1py", 2),
    numexpr=None,
    mpmath=lambda mp, x, y: x * mp.log1p(y) if x else x,
    sympy=lambda sp, x, y: x * sp.log(1 + y),
    traces=("scipy.special.xlog1py",),
    cost=10.0,
    domain=((-3.0, 3.0), (-0.95, 3.0)),
)
