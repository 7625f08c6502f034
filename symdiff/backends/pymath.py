"""The `math` backend: plain Python on floats, nothing but the `math` module, and `cmath` for complex numbers.

Arrays are written element by element: an argument is any nested sequence of numbers, a result is nested lists.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from symdiff.backends.base import Backend, Environment, Leaf, Text, compound, either, negated, operation, unsupported
from symdiff.backends.calls import scalar_call
from symdiff.backends.layout import call, lines, quoted
from symdiff.calculus.elements import by_elements
from symdiff.errors import BackendError, ShapeError
from symdiff.ir import make
from symdiff.ir.lengths import is_static
from symdiff.ir.nodes import (
    Call,
    Cast,
    Const,
    Fourier,
    Gather,
    Index,
    Join,
    Layout,
    Linalg,
    Map,
    Node,
    Ode,
    Shape,
)
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, Structure
from symdiff.ops.piecewise import logical_not, logical_or

_WHY = "It computes number by number, with Python's math module only."
_LONGEST_TUPLE = 4
_TYPES = {"real": "float", "complex": "complex", "bool": "bool", "int": "int"}
_VARIABLES = "abcdefghijklmnopqrstuvwxyz" * 2


class PyMath(Backend):
    """Python floats; a choice is an `if` that computes the side it takes."""

    name = "math"
    dialect = "math"
    namespace = "math"
    support_modules = ("symdiff.ops.support_math",)
    branches = True

    def adapted(self, program: Program) -> Program:
        """The program on elements; arrays that are returned become lists of their elements."""
        if program.has_open_lengths:
            raise BackendError(
                "the math backend computes number by number, and a length stays open",
                why=next(f"The shape of {x.name} is {x.shape}." for x in program.inputs if not is_static(x.shape)),
                fix='backend="numpy", or a number for each length in shapes',
            )
        written = program
        try:
            program = by_elements(program)
        except ShapeError as error:
            what = f"the math backend computes number by number: {error.summary}"
            raise BackendError(what, origin=error.origin, fix='backend="numpy"') from error
        whole = next(filter(_takes_arrays, program.all_nodes()), None)
        if whole is not None:
            raise unsupported(_as_written(whole, written), self.name, _WHY)
        outputs = [element for output in program.outputs for element in _elements(output)]
        shapes = [output.shape for output in program.outputs]
        return program.with_outputs(outputs, program.structure.replace_leaves(lambda at: _nested(shapes[at])))

    def in_rounds(self) -> Backend:
        return _InRounds()

    def text(self, node: Node, args: Sequence[Text], environment: Environment) -> Text:
        if isinstance(node, Map) and node.op is logical_not:
            return negated(args[0])
        if isinstance(node, Map) and node.op is logical_or:
            return either(*args)
        if isinstance(node, Map):
            return operation(node, args, environment, "math")
        if isinstance(node, Index) and not node.shape:
            return compound(args[0].code + "".join(f"[{position}]" for position in node.key), args)
        if isinstance(node, Gather) and not node.shape:
            return compound(args[0].code + "".join(f"[{position.code}]" for position in args[1:]), args)
        if isinstance(node, Const) and node in environment.arrays:
            return Text(environment.arrays[node])
        if isinstance(node, Cast):
            return compound(f"{environment.head('int' if node.dtype == 'int' else 'float')}({args[0].code})", args)
        if isinstance(node, Call) and not node.shape and not any(arg.shape for arg in node.args):
            return scalar_call(node, args, environment)
        raise unsupported(node, self.name, _WHY)

    def array_lines(self, name: str, node: Const, environment: Environment) -> list[str]:
        return lines(f"{name} = ", self.entries(node.value.tolist(), environment), indent=0)

    def array_object(self, node: Const) -> Any:
        return node.value.tolist()

    def prepare(self, program: Program, leaves: Sequence[Leaf], environment: Environment) -> list[str]:
        prepared: list[str] = []
        used = set(program.nodes())
        for leaf in leaves:
            if leaf.path != leaf.name and not leaf.node.shape and leaf.node not in used:
                continue  # an element that the result does not depend on would be a variable without a use
            number = environment.head("complex" if leaf.node.dtype == "complex" else "float")
            prepared.append(f"    {leaf.name} = {_converted(leaf.path, leaf.node.shape, number)}")
            prepared += _length_checks(leaf, environment)
        return prepared

    def annotation(self, program: Program, parameter: Parameter) -> str:
        if parameter.structure != LEAF:
            return "Any"
        (leaf,) = program.leaves_of(parameter.name)
        return "Sequence[" * leaf.ndim + _TYPES[leaf.dtype] + "]" * leaf.ndim

    def result_annotation(self, program: Program) -> str:
        return _type_of(program.structure, iter(program.outputs))


class _InRounds(PyMath):
    """What stands in a loop, which is written by elements with the program that it stands in."""

    def adapted(self, program: Program) -> Program:
        return program


def _as_written(node: Node, program: Program) -> Node:
    """The node that stands in the program for one of its form by elements, which has no line of the user's."""
    found = (each for each in program.all_nodes() if repr(each) == repr(node) and each.shape == node.shape)
    return next(found, node)


def _takes_arrays(node: Node) -> bool:
    """Whether a node of a program by elements still has to do with a whole array."""
    if isinstance(node, Call):
        return bool(node.shape) or any(arg.shape for arg in node.args)
    return isinstance(node, Linalg | Fourier | Ode)


def _type_of(structure: Structure, outputs: Iterator[Node]) -> str:
    """The type of a result of plain numbers, lists, tuples and dicts."""
    if structure.kind == "leaf":
        return _TYPES[next(outputs).dtype]
    parts = [_type_of(part, outputs) for part in structure.parts]
    if structure.kind == "tuple":
        return f"tuple[{', '.join(parts) or '()'}]" if len(parts) <= _LONGEST_TUPLE else "tuple[Any, ...]"
    item = parts[0] if len(set(parts)) == 1 else "Any"
    if structure.kind == "list":
        return f"list[{item}]"
    if structure.kind == "dict" and all(isinstance(key, str) for key in structure.keys):
        return f"dict[str, {item}]"
    return "Any"


def _elements(output: Node) -> list[Node]:
    """The elements of an output that `by_elements` has put together."""
    if not output.shape:
        return [output]
    if isinstance(output, Layout) and output.how == "reshape":
        return _elements(output.args[0])
    if isinstance(output, Join):
        return list(output.args)
    if isinstance(output, Const):
        return [make.constant(value, output.dtype) for value in output.value.flat]
    return [make.index(output, position) for position in _positions(output.shape)]


def _positions(shape: Shape) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [()]
    for length in shape:
        found = [(*position, index) for position in found for index in range(length)]
    return found


def _nested(shape: Shape) -> Structure:
    if not shape:
        return LEAF
    return Structure("list", tuple(range(shape[0])), (_nested(shape[1:]),) * shape[0])


def _converted(path: str, shape: Shape, number: str) -> str:
    """Every number as a float: `[float(a) for a in x]`."""
    if not shape:
        return f"{number}({path})"
    variable = _VARIABLES[len(shape) - 1]
    return f"[{_converted(variable, shape[1:], number)} for {variable} in {path}]"


def _length_checks(leaf: Leaf, environment: Environment) -> list[str]:
    """Lines that refuse a sequence of other lengths."""
    shape = leaf.node.shape
    if not shape:
        return []
    counted, expected = _lengths(leaf.name, shape, environment.head("len"))
    error = environment.head("ValueError")
    message = quoted(f"{leaf.path} has another shape than {shape}")
    return [f"    if {counted} != {expected}:", *lines("raise ", call(error, [message]), indent=8)]


def _lengths(path: str, shape: Shape, length: str) -> tuple[str, str]:
    """The lengths of nested sequences, and what they must be."""
    if len(shape) == 1:
        return f"{length}({path})", str(shape[0])
    variable = _VARIABLES[len(shape) - 1]
    counted, expected = _lengths(variable, shape[1:], length)
    return f"[{counted} for {variable} in {path}]", f"[{expected}] * {shape[0]}"
