"""Rows: arithmetic, powers, exponentials, logarithms, trigonometry."""

import operator

import numpy as np

from symdiff.ops.piecewise import equal, where
from symdiff.ops.row import PRODUCT, SIGN, SUM, Op, call, infix, prefix

_PAIR = ((-3.0, 3.0), (-3.0, 3.0))

add: Op = Op(
    name="add",
    arity=2,
    partials=(lambda out, x, y: 1.0, lambda out, x, y: 1.0),
    rule="sum rule",
    evaluate=operator.add,
    mpmath=lambda mp, x, y: x + y,
    sympy=lambda sp, x, y: x + y,
    numpy=infix("+", SUM),
    math=infix("+", SUM),
    numexpr=infix("+", SUM),
    traces=("operator.add", "numpy.add"),
    domain=_PAIR,
)

subtract: Op = Op(
    name="subtract",
    arity=2,
    partials=(lambda out, x, y: 1.0, lambda out, x, y: -1.0),
    rule="difference rule",
    evaluate=operator.sub,
    mpmath=lambda mp, x, y: x - y,
    sympy=lambda sp, x, y: x - y,
    numpy=infix("-", SUM),
    math=infix("-", SUM),
    numexpr=infix("-", SUM),
    traces=("operator.sub", "numpy.subtract"),
    domain=_PAIR,
)

multiply: Op = Op(
    name="multiply",
    arity=2,
    partials=(lambda out, x, y: y, lambda out, x, y: x),
    rule="product rule",
    evaluate=operator.mul,
    mpmath=lambda mp, x, y: x * y,
    sympy=lambda sp, x, y: x * y,
    numpy=infix("*", PRODUCT),
    math=infix("*", PRODUCT),
    numexpr=infix("*", PRODUCT),
    traces=("operator.mul", "numpy.multiply"),
    domain=_PAIR,
)

divide: Op = Op(
    name="divide",
    arity=2,
    partials=(lambda out, x, y: 1.0 / y, lambda out, x, y: -out / y),
    rule="quotient rule",
    evaluate=np.divide,
    mpmath=lambda mp, x, y: x / y,
    sympy=lambda sp, x, y: x / y,
    numpy=infix("/", PRODUCT),
    math=infix("/", PRODUCT),
    numexpr=infix("/", PRODUCT),
    traces=("operator.truediv", "numpy.divide"),
    cost=2.0,
    domain=((-3.0, 3.0), (0.5, 3.0)),
)

negative: Op = Op(
    name="negative",
    arity=1,
    partials=(lambda out, x: -1.0,),
    rule="constant factor rule",
    evaluate=operator.neg,
    mpmath=lambda mp, x: -x,
    sympy=lambda sp, x: -x,
    numpy=prefix("-", SIGN),
    math=prefix("-", SIGN),
    numexpr=prefix("-", SIGN),
    traces=("operator.neg", "numpy.negative"),
)

power: Op = Op(
    name="power",
    arity=2,
    partials=(
        lambda out, x, y: where(equal(y, 0.0), 0.0, y * power(x, y - 1.0)),
        lambda out, x, y: where(equal(x, 0.0), 0.0, log(x) * out),
    ),
    rule="power rule",
    evaluate=np.float_power,
    mpmath=lambda mp, x, y: x**y,
    sympy=lambda sp, x, y: x**y,
    numpy=call("np.power", 2),
    math=call("math.pow", 2),
    numexpr=infix("**", SIGN + 1),
    traces=("operator.pow", "math.pow", "numpy.power", "numpy.float_power"),
    cost=30.0,
    domain=((0.1, 3.0), (-3.0, 3.0)),
)

sqrt: Op = Op(
    name="sqrt",
    arity=1,
    partials=(lambda out, x: 0.5 / out,),
    rule="power rule",
    evaluate=np.sqrt,
    mpmath="sqrt",
    sympy="sqrt",
    numpy=call("np.sqrt"),
    math=call("math.sqrt"),
    numexpr=call("sqrt"),
    traces=("math.sqrt", "numpy.sqrt"),
    cost=2.0,
    domain=((0.01, 9.0),),
)

exp: Op = Op(
    name="exp",
    arity=1,
    partials=(lambda out, x: out,),
    rule="exp' = exp",
    evaluate=np.exp,
    mpmath="exp",
    sympy="exp",
    numpy=call("np.exp"),
    math=call("math.exp"),
    numexpr=call("exp"),
    traces=("math.exp", "numpy.exp"),
    cost=8.0,
)

log: Op = Op(
    name="log",
    arity=1,
    partials=(lambda out, x: 1.0 / x,),
    rule="log' = 1/x",
    evaluate=np.log,
    mpmath="log",
    sympy="log",
    numpy=call("np.log"),
    math=call("math.log"),
    numexpr=call("log"),
    traces=("numpy.log",),  # math.log takes a base: the tracer has a function for it
    cost=8.0,
    domain=((0.01, 9.0),),
)

sin: Op = Op(
    name="sin",
    arity=1,
    partials=(lambda out, x: cos(x),),
    rule="sin' = cos",
    evaluate=np.sin,
    mpmath="sin",
    sympy="sin",
    numpy=call("np.sin"),
    math=call("math.sin"),
    numexpr=call("sin"),
    traces=("math.sin", "numpy.sin"),
    cost=15.0,
)

cos: Op = Op(
    name="cos",
    arity=1,
    partials=(lambda out, x: -sin(x),),
    rule="cos' = -sin",
    evaluate=np.cos,
    mpmath="cos",
    sympy="cos",
    numpy=call("np.cos"),
    math=call("math.cos"),
    numexpr=call("cos"),
    traces=("math.cos", "numpy.cos"),
    cost=15.0,
)

tanh: Op = Op(
    name="tanh",
    arity=1,
    partials=(lambda out, x: 1.0 - out * out,),
    rule="tanh' = 1 - tanh²",
    evaluate=np.tanh,
    mpmath="tanh",
    sympy="tanh",
    numpy=call("np.tanh"),
    math=call("math.tanh"),
    numexpr=call("tanh"),
    traces=("math.tanh", "numpy.tanh"),
    cost=15.0,
)
