"""Identities for complex arguments, applied as nodes are made.

In: the arguments of a complex row. Out: a simpler node, or None. Of the real identities those that hold in the complex
plane are entered here one by one; `apply` makes the result complex again where an identity leaves a real node.
"""

from collections.abc import Callable

from symdiff.ir import identities as real_numbers
from symdiff.ir.identities import Identity, behind_guards
from symdiff.ir.nodes import Const, Map, Node, record
from symdiff.ops import complex_rows as c
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p

Part = Callable[[Node], Node]


def _real(z: Node) -> Node | None:
    return _part(z, c.real, c.imag, lambda x: x, -1.0)


def _imag(z: Node) -> Node | None:
    return _part(z, c.imag, c.real, lambda x: record(e.multiply, 0.0, x), 1.0)


def _part(z: Node, part: Part, other: Part, of_real: Identity, sign: float) -> Node | None:
    """The real or imaginary part of what is made of real numbers, turned or scaled by them."""
    if z.dtype != "complex":
        return of_real(z)
    if isinstance(z, Const) or not isinstance(z, Map):
        return None if isinstance(z, Const) else behind_guards(z, part)
    if z.op is c.as_complex:
        return of_real(z.args[0])
    if z.op is c.conj:
        return part(z.args[0]) if part is c.real else record(e.negative, part(z.args[0]))
    if z.op is c.negative:
        return record(e.negative, part(z.args[0]))
    if z.op in (c.add, c.subtract) and _has_real(z):
        return record(e.add if z.op is c.add else e.subtract, *map(_of_either(part), z.args))
    if z.op is c.multiply:
        return _part_of_product(z, part, other, sign)
    if z.op is c.divide and z.args[1].dtype == "real":
        return record(e.divide, part(z.args[0]), z.args[1])
    return None


def _part_of_product(z: Map, part: Part, other: Part, sign: float) -> Node | None:
    """Re(a w) is a Re(w), and Re(ib w) is -b Im(w)."""
    for factor, rest in (z.args, z.args[::-1]):
        if factor.dtype == "real":
            return record(e.multiply, factor, _of_either(part)(rest))
        if isinstance(factor, Const) and not factor.shape and factor.value.real == 0.0:
            return record(e.multiply, sign * factor.value.imag, _of_either(other)(rest))
    return None


def _has_real(z: Map) -> bool:
    return any(arg.dtype == "real" for arg in z.args)


def _of_either(part: Part) -> Part:
    """The part of a node that may be real."""
    of_real = _real if part is c.real else _imag

    def of(node: Node) -> Node:
        found = of_real(node) if node.dtype != "complex" else part(node)
        assert found is not None
        return found

    return of


def _conj(z: Node) -> Node | None:
    if isinstance(z, Map):
        if z.op is c.conj:
            return z.args[0]
        if z.op is c.as_complex:
            return z
        if z.op in (c.multiply, c.divide) and (_has_real(z) or isinstance(z.args[0], Const)):
            return record(e.multiply if z.op is c.multiply else e.divide, *map(_conjugate, z.args))
        if z.op is c.negative:
            return record(e.negative, c.conj(z.args[0]))
        return None
    return None if isinstance(z, Const) else behind_guards(z, c.conj)


def _conjugate(node: Node) -> Node:
    return c.conj(node) if node.dtype == "complex" else node


def _as_complex(x: Node) -> Node | None:
    """A promotion travels outward past guards as every operation does that keeps 0."""
    return None if isinstance(x, Const) else behind_guards(x, c.as_complex)


def _absolute(z: Node) -> Node | None:
    plain = z.args[0] if isinstance(z, Map) and z.op in (c.as_complex, c.conj, c.negative) else None
    return None if plain is None else record(p.absolute, plain)


def _multiply(x: Node, y: Node) -> Node | None:
    """As for real numbers, and i·(i·z) is -z."""
    if isinstance(x, Const) and not x.shape and isinstance(y, Map) and y.op is c.multiply:
        inner = y.args[0]
        if isinstance(inner, Const) and not inner.shape and _are_units(x.value, inner.value):
            return record(e.multiply, complex(x.value) * inner.value, y.args[1])
    return real_numbers.IDENTITIES["multiply"](x, y)


def _are_units(*factors: complex) -> bool:
    return all(factor in (1j, -1j) for factor in factors)


COMPLEX_IDENTITIES: dict[str, Identity] = {
    "real": _real,
    "imag": _imag,
    "conj": _conj,
    "as_complex": _as_complex,
    "complex_absolute": _absolute,
    "complex_multiply": _multiply,
    **{f"complex_{name}": real_numbers.IDENTITIES[name] for name in ("add", "subtract", "divide", "negative", "power")},
}
