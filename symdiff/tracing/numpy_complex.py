"""What Python and NumPy do with complex numbers: real, imag, conj, angle, `complex(a, b)`, all of cmath.

In: the user's arguments. Out: nodes of complex dtype, or real ones made of them. A real number becomes complex only
where the user's function makes it so; nothing complex becomes real but by real, imag, abs and angle.
"""

import math
from collections.abc import Callable
from typing import Any

from symdiff.ir import make
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.nodes import Node
from symdiff.ops import complex_rows as c
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.row import Op
from symdiff.tracing.rules import rule, rule_named
from symdiff.tracing.values import to_node


@rule("numpy.real", makes_views=True)
def real(val: Any) -> Node:
    """The real part; a real number as it is."""
    node = to_node(val)
    return make.apply(c.real, [node]) if node.dtype == "complex" else node


@rule("numpy.imag", makes_views=True)
def imag(val: Any) -> Node:
    """The imaginary part; 0 of a real number."""
    node = to_node(val)
    return make.apply(c.imag, [node]) if node.dtype == "complex" else make.broadcast(make.constant(0.0), node.shape)


@rule("numpy.conj", "numpy.conjugate")
def conjugate(x: Any) -> Node:
    """The complex conjugate; a real number as it is."""
    node = to_node(x)
    return make.apply(c.conj, [node]) if node.dtype == "complex" else e.multiply(1.0, node)


@rule("numpy.angle")
def angle(z: Any, deg: Any = False) -> Node:
    """The angle from the positive real axis; of a real number 0 or pi."""
    node = to_node(z)
    found = make.apply(c.angle, [node]) if node.dtype == "complex" else make.apply(e.atan2, [0.0, node])
    return (180.0 / math.pi) * found if deg else found


@rule("numpy.iscomplexobj")
def _iscomplexobj(x: Any) -> bool:
    return to_node(x).dtype == "complex"


@rule("numpy.isrealobj")
def _isrealobj(x: Any) -> bool:
    return to_node(x).dtype != "complex"


@rule("numpy.iscomplex")
def _iscomplex(x: Any) -> Node:
    return make.apply(p.not_equal, [imag(x), 0.0])


@rule("numpy.isreal")
def _isreal(x: Any) -> Node:
    return make.apply(p.equal, [imag(x), 0.0])


@rule("numpy.complex128", "builtins.complex")
def complex_number(real: Any = 0.0, imag: Any = None) -> Node:
    """`complex(x)` and `complex(x, y)`, which is x + iy for complex x and y too, as Python has it."""
    node = to_node(real)
    return as_complex(node) if imag is None else node + 1j * to_node(imag)


# -- cmath: the functions of complex numbers, of real ones too ------------------------------------------------------


def _on_complex(op: Op) -> Callable[[Any], Node]:
    return lambda x: make.apply(op, [as_complex(to_node(x))])


for _name in ("exp", "log10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan"):
    rule(f"cmath.{_name}")(_on_complex(getattr(e, _name)))
for _name in ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"):
    rule(f"cmath.{_name}")(_on_complex(getattr(e, _name)))
for _name in ("isnan", "isinf", "isfinite"):
    rule(f"cmath.{_name}")(_on_complex(getattr(p, _name)))


@rule("cmath.log")
def _log(z: Any, base: Any = None) -> Node:
    logarithm = make.apply(e.log, [as_complex(to_node(z))])
    return logarithm if base is None else logarithm / make.apply(e.log, [as_complex(to_node(base))])


@rule("cmath.phase")
def _phase(z: Any) -> Node:
    return angle(z)


@rule("cmath.polar")
def _polar(z: Any) -> tuple[Node, Node]:
    node = to_node(z)
    return make.apply(p.absolute, [node]), angle(node)


@rule("cmath.rect")
def _rect(r: Any, phi: Any) -> Node:
    return to_node(r) * make.apply(e.exp, [1j * to_node(phi)])


@rule("cmath.isclose")
def _isclose(a: Any, b: Any, *, rel_tol: Any = 1e-9, abs_tol: Any = 0.0) -> Node:
    return rule_named("math.isclose").apply(a, b, rel_tol=rel_tol, abs_tol=abs_tol)  # type: ignore[no-any-return]
