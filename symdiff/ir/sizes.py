"""Sizes of a call: what the named sizes are, read off the shapes of the arguments.

In: the shapes of the inputs as they were stated, with names. Out: the plan by which names get values, input by input,
which generated code follows too; and the values for given arguments, or a ShapeError that names the arguments.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from symdiff.errors import ShapeError
from symdiff.ir.lengths import Dimension, Length, Name, is_static, names_in, only_name, quotient, substituted, text
from symdiff.ir.nodes import Shape, Size
from symdiff.ir.program import Program


@dataclass(frozen=True)
class Solved:
    """A name that stands in no shape alone: `coefficient * name + offset` is the length of an axis."""

    axis: int
    name: Name
    coefficient: int
    offset: Dimension


@dataclass(frozen=True)
class Step:
    """What one input does for the sizes; every other length of it is compared with what is known by then.

    new: the names that its axes give, by axis.
    """

    input: int
    new: Mapping[int, Name]
    solved: Solved | None = None


def plan(shapes: Sequence[Shape]) -> list[Step]:
    """How names get values: inputs in order, each as soon as what it does not give itself is known.

    Raises ShapeError where a size cannot be found from any shape.

    >>> from symdiff.ir.lengths import named
    >>> n = named("n")
    >>> [step.input for step in plan([(n + 1,), (n,)])]
    [1, 0]
    """
    waiting = list(range(len(shapes)))
    known: set[Name] = set()
    steps: list[Step] = []
    while waiting:
        step = next((found for at in waiting if (found := _step(at, shapes[at], known)) is not None), None)
        if step is None:
            step = next((found for at in waiting if (found := _solving(at, shapes[at], known)) is not None), None)
        if step is None:
            raise _unknown(shapes[waiting[0]], known)
        steps.append(step)
        known |= set(step.new.values()) | ({step.solved.name} if step.solved else set())
        waiting.remove(step.input)
    return steps


def bind(names: Sequence[str], shapes: Sequence[Shape], actual: Sequence[Shape]) -> dict[Name, Dimension]:
    """The values of the sizes where inputs of these names and stated shapes have these actual ones.

    Raises ShapeError for a shape that does not fit, and names the input that the size comes from.

    >>> from symdiff.ir.lengths import named
    >>> bind(["X"], [(named("n"), named("d"))], [(3, 2)])
    {Name(text='n', serial=0): 3, Name(text='d', serial=0): 2}
    """
    if all(map(is_static, shapes)):
        return {}
    sizes: dict[Name, Dimension] = {}
    givers: dict[Name, str] = {}
    for step in plan(shapes):
        stated, given, name = shapes[step.input], actual[step.input], names[step.input]
        if len(stated) == len(given):
            for axis, size in step.new.items():
                sizes[size], givers[size] = given[axis], name
            if step.solved is not None:
                solved = step.solved
                offset = substituted(solved.offset, sizes)
                sizes[solved.name] = quotient(given[solved.axis] - offset, solved.coefficient)
                givers[solved.name] = name
        expected = tuple(substituted(length, sizes) for length in stated)
        if expected != given:
            raise ShapeError(
                f"{name} has shape {given}, expected {stated}{where(stated, givers, name, sizes)}",
                why="The function was traced for arguments of this shape; a name stands for one length everywhere.",
                fix="pass an array of this shape, or state another one in shapes",
            )
    return sizes


def where(shape: Shape, givers: Mapping[Name, str], own: str, values: Mapping[Name, Dimension] | None = None) -> str:
    """What is known of the names in a shape from other inputs: ` with n = 3 of X`."""
    found = [name for length in shape for name in names_in(length) if givers.get(name, own) != own]
    told = [
        f"{name.text}{'' if values is None else f' = {values[name]}'} of {givers[name]}"
        for name in dict.fromkeys(found)
    ]
    return f" with {', '.join(told)}" if told else ""


def sizes_of(program: Program) -> set[Name]:
    """The names in the shapes of all nodes."""
    lengths = {length for node in program.nodes() for length in node.shape if isinstance(length, Length)}
    lengths |= {node.length for node in program.nodes() if isinstance(node, Size)}
    return set(names_of(lengths))


def names_of_inputs(program: Program) -> list[Name]:
    """The names in the shapes of the inputs."""
    return names_of(length for node in program.inputs for length in node.shape)


def names_of(lengths: Iterable[Dimension]) -> list[Name]:
    """The names in lengths, in order of their first place."""
    return list(dict.fromkeys(name for length in lengths for name in names_in(length)))


def _step(at: int, shape: Shape, known: set[Name]) -> Step | None:
    new: dict[int, Name] = {}
    for axis, length in enumerate(shape):
        name = only_name(length)
        if name is not None and name not in known and name not in new.values():
            new[axis] = name
    there = known | set(new.values())
    return Step(at, new) if all(name in there for name in names_of(shape)) else None


def _solving(at: int, shape: Shape, known: set[Name]) -> Step | None:
    """A step for a shape such as (2*n + 1,), where n is in no shape alone."""
    new = {axis: name for axis, length in enumerate(shape) if (name := only_name(length)) and name not in known}
    there = known | set(new.values())
    missing = [name for name in names_of(shape) if name not in there]
    if len(missing) != 1:
        return None
    for axis, length in enumerate(shape):
        solved = _linear(axis, length, missing[0])
        if solved is not None:
            return Step(at, new, solved)
    return None


def _linear(axis: int, length: Dimension, name: Name) -> Solved | None:
    if name not in names_in(length):
        return None
    offset = substituted(length, {name: 0})
    coefficient = substituted(length, {name: 1}) - offset
    fits = isinstance(length, Length) and coefficient * _size(name) + offset == length
    return Solved(axis, name, coefficient, offset) if isinstance(coefficient, int) and fits else None


def _size(name: Name) -> Length:
    return Length(((((name, 1),), 1),))


def _unknown(shape: Shape, known: set[Name]) -> ShapeError:
    missing = [name.text for name in names_of(shape) if name not in known]
    return ShapeError(
        f"the size {missing[0]} cannot be found from the shapes of the arguments",
        why=f"It stands in ({', '.join(map(text, shape))}), and in no shape by itself.",
        fix=f"give a name of its own to each open length, or state {missing[0]} as a number",
    )
