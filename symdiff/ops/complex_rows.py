"""Rows for complex arguments, and which of them stands in for a row of the real table.

In: the rows of the table. Out: rows of their own for complex arguments, `ON_COMPLEX[exp]` for `exp`. They are other
operations than the real ones, so that no identity, stable form or kernel written for real numbers ever meets a complex
one: whatever holds for both is entered for both. A real row without an entry has no meaning for complex arguments
(floor, max, `<`) and refuses them.

The convention is autograd's: the derivative of a real u with respect to z = x + iy is ∂u/∂x - i ∂u/∂y, so that
du = Re(derivative · dz). A holomorphic row pulls a cotangent by a plain product with f', without conjugates; `conj`
itself is the one row that is not complex-linear (`calculus/rules.py`).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops import special, support_complex
from symdiff.ops.row import ATOM, LOOSEST, POWER, SUM, Op, Partial, Spelling, call, formula, infix, support
from symdiff.ops.scipy_row import computed_by_scipy

_PARTS = Spelling("{0}.real * {0}.real + {0}.imag * {0}.imag", SUM, (ATOM,))
Result = Literal["real", "complex"]
_SLOWER = 4.0  # times the cost of the real operation


def _holomorphic(op: Op, *partials: Partial | None, math: str | Spelling = "", **changes: Any) -> Op:
    """The row of a holomorphic function; partials where those of the real row are not the same formula."""
    spelling = call(math or f"cmath.{op.name}", op.arity) if isinstance(math, str) else math
    given: dict[str, Any] = {
        "name": f"complex_{op.name}",
        "operands": "complex",
        "result": "complex",
        "partials": partials or op.partials,
        "math": spelling,
        "numexpr": None,
        "traces": (),
        "cost": _SLOWER * op.cost,
    }
    return replace(op, **given | changes)


def _to_real(op: Op, partial: Partial | None, **changes: Any) -> Op:
    """A row whose result is real, or a truth value, for complex arguments."""
    return _holomorphic(op, partial, **{"result": "real", "math": op.math, **changes})


def _unevaluated(name: str) -> Callable[..., Any]:
    """A function of SymPy as the user wrote it: evaluated, re(f(z)) is written out in re(z) and im(z)."""
    return lambda sp, z: getattr(sp, name)(z, evaluate=False)


def _part(
    name: str,
    partial: Any,
    numpy: str,
    mpmath: Any,
    sympy: Any,
    math: Spelling,
    result: Result = "real",
) -> Op:
    """A row that the real table does not have."""
    return Op(
        name=name,
        arity=1,
        partials=(lambda out, z: partial,),
        rule=f"{name} is real-linear",
        evaluate=getattr(np, numpy),
        mpmath=mpmath,
        sympy=sympy,
        numpy=call(f"np.{numpy}"),
        math=math,
        numexpr=None,
        result=result,
        operands="complex",
    )


# ------------------------------------------------------------------------------ parts, and what puts them together

real: Op = _part("real", 1.0, "real", lambda mp, z: mp.re(z), _unevaluated("re"), Spelling("{0}.real", ATOM, (ATOM,)))

imag: Op = _part("imag", -1j, "imag", lambda mp, z: mp.im(z), _unevaluated("im"), Spelling("{0}.imag", ATOM, (ATOM,)))

conj: Op = _part(
    "conj", 1.0, "conj", "conj", _unevaluated("conjugate"), Spelling("{0}.conjugate()", ATOM, (ATOM,)), result="complex"
)

# d arg z is the imaginary part of dz/z.
angle: Op = replace(
    _part("angle", 0.0, "angle", lambda mp, z: mp.arg(z), _unevaluated("arg"), call("cmath.phase")),
    partials=(lambda out, z: -1j / z,),
    rule="arg z turns by the imaginary part of dz/z",
    cost=25.0,
)

# |z|² without the root, which has no derivative at 0.
squared_size: Op = replace(
    _part(
        "squared_size",
        0.0,
        "abs",
        lambda mp, z: mp.re(z) ** 2 + mp.im(z) ** 2,
        lambda sp, z: sp.Abs(z, evaluate=False) ** 2,
        _PARTS,
    ),
    partials=(lambda out, z: 2.0 * conj(z),),
    rule="|z|²' = 2 conj(z)",
    evaluate=lambda z: np.real(z) ** 2 + np.imag(z) ** 2,
    numpy=Spelling("np.real({0}) ** 2 + np.imag({0}) ** 2", SUM, (LOOSEST,)),
    cost=4.0,
)

# A real number where a complex one is wanted. In arithmetic with complex numbers it happens by itself.
as_complex: Op = replace(
    _part("as_complex", 1.0, "real", lambda mp, x: mp.mpc(x), lambda sp, x: x, call("complex"), result="complex"),
    evaluate=lambda x: x + 0j,
    numpy=Spelling("{0} + 0j", SUM, (SUM,)),
    operands="real",
)

# ----------------------------------------------------------------------------------------------- holomorphic functions

add = _holomorphic(e.add, math=e.add.math)
subtract = _holomorphic(e.subtract, math=e.subtract.math)
multiply = _holomorphic(e.multiply, math=e.multiply.math)
divide = _holomorphic(e.divide, math=e.divide.math)
negative = _holomorphic(e.negative, math=e.negative.math)
one_minus_square = _holomorphic(e.one_minus_square, math=e.one_minus_square.math)
power = _holomorphic(
    e.power,
    e.power.partials[0],
    lambda out, x, y: p.where(p.equal(x, 0.0), 0.0, e.log(x) * out),
    math=infix("**", POWER, chain=False),
    evaluate=np.power,
)
sqrt = _holomorphic(e.sqrt)
exp = _holomorphic(e.exp)
exp2 = _holomorphic(e.exp2, math=Spelling("2.0 ** {0}", POWER, (POWER,)))
expm1 = _holomorphic(e.expm1, math=support("complex_expm1"), mpmath=lambda mp, z: mp.expm1(z))
log = _holomorphic(e.log)
log2 = _holomorphic(e.log2, math=formula("cmath.log({0}, 2.0)"))
log10 = _holomorphic(e.log10)
# NumPy's own takes the logarithm of |1 + z|, which has lost the digits that log1p is for.
log1p = _holomorphic(
    e.log1p,
    numpy=support("complex_log1p"),
    math=support("complex_log1p"),
    evaluate=support_complex.complex_log1p,
)
sin, cos, tan = map(_holomorphic, (e.sin, e.cos, e.tan))
asin, acos, atan = map(_holomorphic, (e.asin, e.acos, e.atan))
sinh, cosh = map(_holomorphic, (e.sinh, e.cosh))
tanh = _holomorphic(e.tanh, lambda out, x: one_minus_square(out))
asinh = _holomorphic(e.asinh, lambda out, x: 1.0 / e.sqrt(1.0 + x * x))
acosh, atanh = map(_holomorphic, (e.acosh, e.atanh))


def _by_scipy(op: Op) -> Op:
    """A holomorphic function that SciPy has for complex numbers, and nobody else."""
    text = f"scipy.special.{op.name}({{0}})"
    return _holomorphic(
        op,
        math=Spelling(f"complex({text})", modules=("scipy.special",)),
        numpy=Spelling(text, modules=("scipy.special",)),
        evaluate=computed_by_scipy(op.name),
    )


erf, erfc = map(_by_scipy, (special.erf, special.erfc))

# ------------------------------------------------------------------------------- real results of complex arguments

# |z|' = conj(z)/|z| = |z|/z, and 0 at 0, as for real numbers.
absolute = _to_real(
    p.absolute,
    lambda out, z: p.where(p.equal(out, 0.0), 0.0, out / z),
    rule="|z|' = |z| / z",
    sympy=_unevaluated("Abs"),
)
equal = replace(_to_real(p.equal, None), result="bool", partials=p.equal.partials)
not_equal = replace(_to_real(p.not_equal, None), result="bool", partials=p.not_equal.partials)
isnan = _to_real(p.isnan, None, result="bool", math=call("cmath.isnan"))
isinf = _to_real(p.isinf, None, result="bool", math=call("cmath.isinf"))
isfinite = _to_real(p.isfinite, None, result="bool", math=call("cmath.isfinite"))

_ROWS = (
    *(add, subtract, multiply, divide, negative, one_minus_square, power, sqrt, exp, exp2, expm1),
    *(log, log2, log10, log1p, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh, erf, erfc),
    *(absolute, equal, not_equal, isnan, isinf, isfinite),
)
_REAL = {op.name: op for home in (e, p, special) for op in vars(home).values() if isinstance(op, Op)}

# The row of the real table -> the one that takes its place where an argument is complex.
ON_COMPLEX: dict[Op, Op] = {_REAL[op.name.removeprefix("complex_")]: op for op in _ROWS}
COMPLEX_ROWS: dict[str, Op] = {op.name: op for op in (*_ROWS, real, imag, conj, angle, squared_size, as_complex)}
# Operations that make a complex number of a real and a complex one by themselves.
ARITHMETIC = frozenset({add, subtract, multiply, divide})
