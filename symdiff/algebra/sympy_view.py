"""A Program as SymPy sees it.

In: a Program. Out: its closed form, real SymPy expressions in the structure of the result, and their LaTeX and pretty
print. A graph is written out as a tree here, so above a size it is refused. The way back is `sympy_reader.from_sympy`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy

from symdiff.algebra.sympy_reader import from_sympy
from symdiff.calculus.elements import by_elements
from symdiff.errors import ExpressionError
from symdiff.ir import make
from symdiff.ir.nodes import (
    Call,
    Cast,
    Const,
    Index,
    Input,
    Layout,
    Linalg,
    Loop,
    Map,
    Node,
    Ode,
    Rewind,
    Select,
    Shape,
)
from symdiff.ir.program import Program
from symdiff.ir.sizes import names_of_inputs
from symdiff.ops import complex_rows
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.row import Op

__all__ = ["expressions_of", "from_sympy", "latex", "number", "pretty", "to_sympy", "written_out_size"]

LIMIT = 10_000  # operations of the expression, shared ones counted each time they are written
_LARGEST_INTEGER = 2.0**53
_FINEST_FRACTION = 2.0**10
_SIGNS: dict[Op, tuple[int, ...]] = {
    e.add: (1, 1),
    e.subtract: (1, -1),
    e.negative: (-1,),
    complex_rows.add: (1, 1),
    complex_rows.subtract: (1, -1),
    complex_rows.negative: (-1,),
}
_SUMS: tuple[Op, ...] = tuple(_SIGNS)
_PRODUCTS: tuple[Op, ...] = (e.multiply, complex_rows.multiply)


_CHOICES = (sympy.Piecewise, sympy.Max, sympy.Min)
_MOST_CHOICES = 4  # in a condition


def to_sympy(program: Program) -> Any:
    """The result of the program as SymPy expressions of its inputs' symbols, real ones unless an input is complex.

    A scalar input is a Symbol of its name, an element of an array input an Indexed. An array in the result is a SymPy
    Matrix (two axes) or Array. Raises ExpressionError where the expression would be longer than 10,000 operations.

    >>> from symdiff.ir.nodes import Input
    >>> from symdiff.ir.program import Parameter
    >>> x = Input("x")
    >>> to_sympy(Program("f", (Parameter("x"),), (x,), (0.5 * x + e.sin(x),)))
    x/2 + sin(x)
    """
    if program.has_open_lengths:
        raise ExpressionError(
            "a closed form with open lengths has no elements to write out in SymPy",
            why=f"The lengths {', '.join(name.text for name in names_of_inputs(program))} stay open.",
            fix='trace it for small lengths, shapes={"x": 3}, or use `.source()`, which holds for all',
        )
    for node in program.nodes():
        if isinstance(node, Loop | Rewind):
            raise _too_large(node, "How many rounds a loop makes depends on the arguments, or is large.")
    listed = by_elements(program)
    for node in listed.nodes():
        if isinstance(node, Linalg):
            raise _too_large(node, f"{node.how} of {node.args[0].shape} has no short closed form for its elements.")
        if isinstance(node, Ode):
            raise _too_large(node, "The solution of differential equations has no closed form.")
    elements = [_scalars(output) for output in listed.outputs]
    flat = [element for group in elements for element in group]
    try:
        expressions = iter(expressions_of(flat, _symbols(program.inputs)))
    except RecursionError as error:
        raise _too_large(None, "It nests too deeply for SymPy, which is recursive.") from error
    leaves = [
        _shaped([next(expressions) for _ in group], output.shape)
        for group, output in zip(elements, program.outputs, strict=True)
    ]
    return program.structure.unflatten(leaves)


def latex(program: Program) -> str:
    """The result in LaTeX."""
    return str(sympy.latex(to_sympy(program)))


def pretty(program: Program) -> str:
    """The result in two dimensions of text."""
    return str(sympy.pretty(to_sympy(program), use_unicode=True))


def expressions_of(outputs: Sequence[Node], symbols: Mapping[Node, Any]) -> list[Any]:
    """The SymPy expressions of scalar nodes; `symbols` stands in for the nodes it names."""
    order = _down_to(outputs, symbols)
    size = written_out_size(order)
    if sum(size[output] for output in outputs) > LIMIT:
        raise _too_large(outputs[0], f"Written out it has more than {LIMIT:,} operations.")
    _require_plain_conditions(order)
    inner = _inner_nodes(order, outputs)
    values: dict[Node, Any] = {}
    for node in order:
        if node in symbols:
            values[node] = symbols[node]
        elif node not in inner:
            values[node] = _expression(node, values, inner)
    return [values[output] for output in outputs]


def written_out_size(order: Iterable[Node]) -> dict[Node, int]:
    """For every node the number of operations when all it shares is written out."""
    size: dict[Node, int] = {}
    for node in order:
        size[node] = int(isinstance(node, Map | Select)) + sum(size.get(arg, 0) for arg in node.args)
    return size


def _require_plain_conditions(order: Iterable[Node]) -> None:
    """SymPy multiplies out the choices in a condition, and solves for the sets where each holds."""
    choices: dict[Node, int] = {}
    for node in order:
        choices[node] = int(_is_choice(node)) + sum(choices.get(arg, 0) for arg in node.args)
        if isinstance(node, Select) and choices.get(node.args[0], 0) > _MOST_CHOICES:
            raise _too_large(
                node, f"A condition has {choices[node.args[0]]} choices in it, which SymPy multiplies out."
            )


def _is_choice(node: Node) -> bool:
    return isinstance(node, Select) or (isinstance(node, Map) and node.op in (p.maximum, p.minimum))


def number(value: float | bool | complex) -> Any:
    """The exact SymPy number: an Integer, a Rational with a small power of two below, or else a Float of 53 bits."""
    if isinstance(value, bool):
        return sympy.true if value else sympy.false
    if isinstance(value, complex):
        return number(value.real) + number(value.imag) * sympy.I
    if value != value:
        return sympy.nan
    if abs(value) == float("inf"):
        return sympy.oo if value > 0 else -sympy.oo
    if abs(value) <= _LARGEST_INTEGER and value * _FINEST_FRACTION == int(value * _FINEST_FRACTION):
        return sympy.Rational(*value.as_integer_ratio())
    return sympy.Float(value)


def _scalars(output: Node) -> list[Node]:
    """The elements of an output of a program written by elements, in row-major order."""
    flat = output.args[0] if isinstance(output, Layout) else output
    return [make.index(flat, position) for position in np.ndindex(*flat.shape)] if flat.shape else [flat]


def _shaped(expressions: list[Any], shape: Shape) -> Any:
    """One leaf of the result."""
    if not shape:
        return expressions[0]
    if len(shape) == 2:
        return sympy.Matrix(*shape, expressions)
    return sympy.Array(expressions, shape)


def _symbols(inputs: Sequence[Input]) -> dict[Node, Any]:
    """A symbol for every input; where two have one name, the later ones get a number."""
    symbols: dict[Node, Any] = {}
    used: set[str] = set()
    for given in inputs:
        name, attempt = given.name, 1
        while name in used:
            attempt += 1
            name = f"{given.name}_{attempt}"
        used.add(name)
        symbol = sympy.Symbol(name, **({"complex": True} if given.dtype == "complex" else {"real": True}))
        symbols[given] = sympy.IndexedBase(symbol, shape=given.shape) if given.shape else symbol
    return symbols


def _down_to(outputs: Sequence[Node], leaves: Mapping[Node, Any]) -> list[Node]:
    """The nodes below the outputs, arguments first, without what only the leaves need."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack = [(output, False) for output in reversed(outputs)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if node not in leaves:
                stack += [(arg, False) for arg in reversed(node.args) if arg not in seen]
    return order


def _inner_nodes(order: Sequence[Node], outputs: Sequence[Node]) -> set[Node]:
    """Sums inside of sums and products inside of products that nobody else uses: SymPy gets a long sum in one piece."""
    users: dict[Node, list[Node]] = {output: [output, output] for output in outputs}
    for node in order:
        for arg in node.args:
            users.setdefault(arg, []).append(node)
    return {
        node
        for node in order
        if len(users[node]) == 1
        and any(_is(node, family) and _is(users[node][0], family) for family in (_SUMS, _PRODUCTS))
    }


def _is(node: Node, family: tuple[Op, ...]) -> bool:
    return isinstance(node, Map) and node.op in family


def _expression(node: Node, values: Mapping[Node, Any], inner: set[Node]) -> Any:
    """The expression of one node, given those of its arguments (but of inner ones, which are written out here)."""
    match node:
        case Const():
            return number(node.value)
        case Index():
            return values[node.args[0]][node.key]
        case Cast():  # a whole number either way
            return values[node.args[0]]
        case Select():
            condition, if_true, if_false = (values[arg] for arg in node.args)
            if node.dtype == "bool":
                return sympy.ITE(condition, if_true, if_false)
            plain = not condition.has(*_CHOICES)  # SymPy would solve for the set where it holds, for minutes
            return sympy.Piecewise((if_true, condition), (if_false, True), evaluate=plain)
        case Map() if node.op in _SUMS:
            return sympy.Add(*_terms(node, values, inner))
        case Map() if node.op in _PRODUCTS:
            return sympy.Mul(*_factors(node, values, inner))
        case Map():
            return node.op.in_sympy(sympy, *(values[arg] for arg in node.args))
        case Call() if not node.shape and not any(arg.shape for arg in node.args):
            return sympy.Function(node.primitive.name, real=True)(*(values[arg] for arg in node.args))
    raise _too_large(node, f"{node!r} has no scalar expression.")


def _terms(node: Node, values: Mapping[Node, Any], inner: set[Node]) -> list[Any]:
    """The terms of a sum, with their signs."""
    terms: list[Any] = []
    stack: list[tuple[Node, int]] = [(node, 1)]
    while stack:
        part, sign = stack.pop()
        if part is not node and part not in inner:
            terms.append(values[part] if sign > 0 else -values[part])
            continue
        assert isinstance(part, Map)
        signs = _SIGNS[part.op]
        stack += [(arg, sign * own) for arg, own in zip(part.args, signs, strict=True)]
    return terms


def _factors(node: Node, values: Mapping[Node, Any], inner: set[Node]) -> list[Any]:
    factors: list[Any] = []
    stack = [node]
    while stack:
        part = stack.pop()
        if part is not node and part not in inner:
            factors.append(values[part])
        else:
            stack += part.args
    return factors


def _too_large(node: Node | None, why: str) -> ExpressionError:
    return ExpressionError(
        "the closed form cannot be written out as one SymPy expression",
        origin=None if node is None else node.origin,
        why=why,
        fix="use `.source()`, which shares common parts; or take the expression of a part of the function",
    )
