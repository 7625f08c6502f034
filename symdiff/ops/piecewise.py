"""Rows: comparisons, logic, choice, and operations that are constant or linear in pieces.

The policy at kinks, the same in every backend: ties of max and min share the derivative half and half, abs'(0) is 0,
the derivatives of rounding and sign are 0 everywhere.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from symdiff.ops.row import (
    AND,
    BIT_AND,
    BIT_OR,
    COMPARISON,
    NOT,
    OR,
    TERNARY,
    Op,
    Spelling,
    call,
    infix,
    prefix,
    support,
)


def _comparison(name: str, symbol: str, evaluate: Callable[..., Any], sympy: str) -> Op:
    spelling = infix(symbol, COMPARISON, chain=False)
    return Op(
        name=name,
        arity=2,
        partials=(None, None),
        rule="a comparison is constant in pieces",
        evaluate=evaluate,
        mpmath=lambda mp, x, y: evaluate(x, y),
        sympy=sympy,
        numpy=spelling,
        math=spelling,
        numexpr=spelling,
        traces=(f"operator.{evaluate.__name__}", f"numpy.{name}"),
        domain=((-3.0, 3.0), (-3.0, 3.0)),
        result="bool",
    )


less = _comparison("less", "<", operator.lt, "Lt")
less_equal = _comparison("less_equal", "<=", operator.le, "Le")
greater = _comparison("greater", ">", operator.gt, "Gt")
greater_equal = _comparison("greater_equal", ">=", operator.ge, "Ge")
equal = _comparison("equal", "==", operator.eq, "Eq")
not_equal = _comparison("not_equal", "!=", operator.ne, "Ne")

logical_and: Op = Op(
    name="logical_and",
    arity=2,
    partials=(None, None),
    rule="logic is constant in pieces",
    evaluate=np.logical_and,
    mpmath=lambda mp, x, y: bool(x and y),
    sympy="And",
    numpy=infix("&", BIT_AND),
    math=infix("and", AND),
    numexpr=infix("&", BIT_AND),
    traces=("numpy.logical_and", "operator.and_", "numpy.bitwise_and"),
    result="bool",
    operands="bool",
)

logical_or: Op = Op(
    name="logical_or",
    arity=2,
    partials=(None, None),
    rule="logic is constant in pieces",
    evaluate=np.logical_or,
    mpmath=lambda mp, x, y: bool(x or y),
    sympy="Or",
    numpy=infix("|", BIT_OR),
    math=infix("or", OR),
    numexpr=infix("|", BIT_OR),
    traces=("numpy.logical_or", "operator.or_", "numpy.bitwise_or"),
    result="bool",
    operands="bool",
)

logical_not: Op = Op(
    name="logical_not",
    arity=1,
    partials=(None,),
    rule="logic is constant in pieces",
    evaluate=np.logical_not,
    mpmath=lambda mp, x: not x,
    sympy="Not",
    numpy=call("np.logical_not"),
    math=prefix("not ", NOT),
    numexpr=prefix("~", BIT_AND),
    traces=("numpy.logical_not", "operator.not_", "numpy.bitwise_not", "numpy.invert"),
    result="bool",
    operands="bool",
)

where: Op = Op(
    name="where",
    arity=3,
    partials=(None, None, None),  # calculus differentiates each side under its guard
    rule="a choice is differentiated side by side",
    evaluate=np.where,
    mpmath=lambda mp, c, x, y: x if c else y,
    sympy=lambda sp, c, x, y: sp.Piecewise((x, c), (y, True)),
    numpy=call("np.where", 3),
    math=Spelling("{1} if {0} else {2}", TERNARY, (OR, OR, TERNARY)),
    numexpr=call("where", 3),
    traces=("numpy.where",),
    operands="where",
)

maximum: Op = Op(
    name="maximum",
    arity=2,
    partials=(
        lambda out, x, y: where(greater(x, y), 1.0, where(equal(x, y), 0.5, 0.0)),
        lambda out, x, y: where(greater(y, x), 1.0, where(equal(x, y), 0.5, 0.0)),
    ),
    rule="the derivative of a maximum is that of the larger argument",
    evaluate=np.maximum,
    mpmath=lambda mp, x, y: max(x, y),
    sympy="Max",
    numpy=call("np.maximum", 2),
    math=call("max", 2),
    numexpr=call("maximum", 2),
    traces=("numpy.maximum",),
    domain=((-3.0, 3.0), (-3.0, 3.0)),
)

minimum: Op = Op(
    name="minimum",
    arity=2,
    partials=(
        lambda out, x, y: where(less(x, y), 1.0, where(equal(x, y), 0.5, 0.0)),
        lambda out, x, y: where(less(y, x), 1.0, where(equal(x, y), 0.5, 0.0)),
    ),
    rule="the derivative of a minimum is that of the smaller argument",
    evaluate=np.minimum,
    mpmath=lambda mp, x, y: min(x, y),
    sympy="Min",
    numpy=call("np.minimum", 2),
    math=call("min", 2),
    numexpr=call("minimum", 2),
    traces=("numpy.minimum",),
    domain=((-3.0, 3.0), (-3.0, 3.0)),
)

absolute: Op = Op(
    name="absolute",
    arity=1,
    partials=(lambda out, x: sign(x),),
    rule="|x|' = sign x",
    evaluate=np.absolute,
    mpmath=lambda mp, x: abs(x),
    sympy="Abs",
    numpy=call("np.abs"),
    math=call("abs"),
    numexpr=call("abs"),
    traces=("builtins.abs", "operator.abs", "math.fabs", "numpy.absolute", "numpy.fabs"),
)

sign: Op = Op(
    name="sign",
    arity=1,
    partials=(None,),
    rule="a sign is constant in pieces",
    evaluate=np.sign,
    mpmath="sign",
    sympy="sign",
    numpy=call("np.sign"),
    math=support("sign"),
    numexpr=call("sign"),
    traces=("numpy.sign",),
)

floor: Op = Op(
    name="floor",
    arity=1,
    partials=(None,),
    rule="rounding is constant in pieces",
    evaluate=np.floor,
    mpmath="floor",
    sympy="floor",
    numpy=call("np.floor"),
    math=support("floor"),
    numexpr=call("floor"),
    traces=("math.floor", "numpy.floor"),
)
