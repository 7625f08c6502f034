"""The return statement: outputs in the structure of the result.

In: the texts of the outputs. Out: `return …` with tuples, lists, dicts, and values of the user's own classes, which are
built from the class of the parameter that has the same.
"""

from collections.abc import Iterator, Sequence

from symdiff.backends.layout import LINE, Group, Item, call, key_literal, lines
from symdiff.emit.names import Names
from symdiff.emit.statements import Assign
from symdiff.emit.unpack import parts_of
from symdiff.errors import BackendError
from symdiff.ir.program import Program
from symdiff.ir.structure import Structure


def with_names(program: Program, results: Sequence[Item], indent: int, names: Names) -> tuple[list[Assign], list[Item]]:
    """Assignments of those results that would not fit where they stand among others, and what stands there then."""
    assigned: list[Assign] = []
    found: list[Item] = []
    places = _places(program.structure, indent)
    for output, result, (label, column) in zip(program.outputs, results, places, strict=True):
        if column > indent and any(len(line) > LINE for line in lines(label, result, ",", column)):
            assigned.append(Assign(names.value(), result, output))
            found.append(assigned[-1].name)
        else:
            found.append(result)
    return assigned, found


def _places(structure: Structure, column: int, label: str = "") -> Iterator[tuple[str, int]]:
    """What stands before each result, and in which column, where every one has a line of its own."""
    if structure.kind == "leaf":
        yield label, column
        return
    labels = _labels(structure) or [""] * len(structure.parts)
    for part, own in zip(structure.parts, labels, strict=True):
        yield from _places(part, column + 4, own)


def returned(program: Program, results: Sequence[Item], indent: int) -> list[str]:
    """The lines of `return …`."""
    structure = program.structure
    value = _value(program, structure, iter(results))
    if structure.kind == "tuple" and len(structure.parts) > 1 and isinstance(value, Group):
        open_form = lines("return ", value, indent=indent)
        one_line = f"{' ' * indent}return {value.one_line[1:-1]}"
        return open_form if len(one_line) > LINE else [one_line]
    return lines("return ", value, indent=indent)


def _value(program: Program, structure: Structure, results: Iterator[Item]) -> Item:
    if structure.kind == "leaf":
        return next(results)
    parts = tuple(_value(program, part, results) for part in structure.parts)
    match structure.kind:
        case "tuple":
            return Group("(", parts, ")", always_comma=True)
        case "list":
            return Group("[", parts, "]")
        case "dict":
            return Group("{", parts, "}", _labels(structure))
    return call(_constructor(program, structure), parts, _labels(structure))


def _labels(structure: Structure) -> tuple[str, ...]:
    """What stands before the parts."""
    if structure.kind in ("tuple", "list"):
        return ()
    pattern = "{}: " if structure.kind == "dict" else "{}="
    return tuple(pattern.format(key_literal(key) if structure.kind == "dict" else key) for key in structure.keys)


def _constructor(program: Program, structure: Structure) -> str:
    """`type(p)` for a parameter, or a part of one, of the class."""
    for parameter in program.parameters:
        for path, part in parts_of(parameter):
            if part.python_type is structure.python_type:
                return f"type({path})"
    kind = structure.python_type.__name__ if structure.python_type else structure.kind
    raise BackendError(
        f"the result is a {kind}, a class that generated code cannot reach",
        origin=program.outputs[_leaves_before(program.structure, structure)].origin if structure.leaf_count else None,
        label=f"is a part of the {kind}",
        why="A generated module imports nothing of yours; it makes values of the classes of its arguments.",
        fix=f"return a tuple or a dict, or take a {kind} as a parameter",
    )


def _leaves_before(whole: Structure, wanted: Structure) -> int:
    """How many leaves of a structure stand before those of a part of it."""
    if whole is wanted:
        return 0
    count = 0
    for part in whole.parts:
        if _holds(part, wanted):
            return count + _leaves_before(part, wanted)
        count += part.leaf_count
    return count


def _holds(whole: Structure, wanted: Structure) -> bool:
    return whole is wanted or any(_holds(part, wanted) for part in whole.parts)
