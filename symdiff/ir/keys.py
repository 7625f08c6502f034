"""Basic keys: integers and slices, counted from 0, on axes whose lengths are numbers or stay open.

In: the key between brackets, and the shape. Out: a normal key, one entry an axis, and the shape of what it picks.

Positions of open axes are Lengths: `x[-2]` of an axis n is at n - 2. A position of a slice may lie outside of the axis,
where n is small, and stands for its nearest end then; one that picks an element raises IndexError, as in NumPy.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.errors import ShapeError
from symdiff.ir.lengths import Dimension, Length, Name, larger, quotient, rest, smaller, substituted
from symdiff.ir.nodes import BasicKey, Shape


def normal_key(key: Any, shape: Shape) -> tuple[BasicKey, list[int]]:
    """A basic key with exactly one entry an axis, and where None asks for new axes in the result.

    Integers count from 0; slices have explicit start, stop and step with `stop` at most one step past the last element
    (None only for a negative step that runs through element 0).
    """
    parts = list(key) if isinstance(key, tuple) else [key]
    given = sum(part is not None and part is not Ellipsis for part in parts)
    if given > len(shape):
        raise too_many_indices(shape, given)
    fill: list[Any] = [slice(None)] * (len(shape) - given)
    at = next((i for i, part in enumerate(parts) if part is Ellipsis), None)
    parts = [*parts, *fill] if at is None else [*parts[:at], *fill, *parts[at + 1 :]]
    normal: list[Dimension | slice | None] = []
    new_axes: list[int] = []
    position = 0
    for part in parts:
        if part is None:
            new_axes.append(position)
            position += 1
            continue
        length = shape[len(normal)]
        if isinstance(part, slice):
            normal.append(_normal_slice(part, length))
            position += 1
        else:
            normal.append(_normal_position(part, length, len(normal)))
    return tuple(normal), new_axes


def too_many_indices(shape: Shape, given: int) -> ShapeError:
    """The error of a key that names more axes than there are."""
    axes = f"{len(shape)} {'axis' if len(shape) == 1 else 'axes'}"
    return ShapeError(
        f"too many indices: an array of shape {shape} has {axes}, {given} were indexed",
        why="A key has one entry for each axis, at most.",
        fix=f"{'x[i]' if len(shape) == 1 else 'x[i, j]'}, or state more axes in shapes",
    )


def index_shape(key: BasicKey, shape: Shape) -> Shape:
    """The shape of `array[key]` for a normal key."""
    return tuple([_count(part, length) for part, length in zip(key, shape, strict=True) if isinstance(part, slice)])


def is_plain(key: Sequence[Any]) -> bool:
    """Whether nothing in the key stays open."""
    return not any(isinstance(bound, Length) for part in key for bound in _bounds(part))


def hashable(key: BasicKey) -> tuple[Any, ...]:
    return tuple((k.start, k.stop, k.step) if isinstance(k, slice) else k for k in key)


def with_sizes(key: BasicKey, shape: Shape, sizes: Mapping[Name, Dimension]) -> BasicKey:
    """The normal key where sizes are known; `shape` is the indexed array's with these sizes.

    Raises IndexError for an element that does not exist.
    """
    return tuple(_with_sizes(part, length, sizes) for part, length in zip(key, shape, strict=True))


def _with_sizes(part: Any, length: Dimension, sizes: Mapping[Name, Dimension]) -> Any:
    if not isinstance(part, slice):
        position = substituted(part, sizes)
        if isinstance(position, int) and isinstance(length, int) and not 0 <= position < length:
            raise IndexError(f"index {part} is out of bounds for an axis with size {length}")
        return position
    start, stop = substituted(part.start, sizes), None if part.stop is None else substituted(part.stop, sizes)
    if isinstance(stop, int) and stop < 0:
        stop = 0 if part.step > 0 else None
    if isinstance(start, int) and start < 0:
        return slice(0, stop, part.step) if part.step > 0 else slice(0, 0, 1)
    return slice(start, stop, part.step)


def _normal_position(part: Any, length: Dimension, axis: int) -> Dimension:
    if isinstance(part, Length):
        return part
    number = int(part)
    if isinstance(length, Length):
        return number if number >= 0 else length + number
    if not -length <= number < length:
        raise IndexError(f"index {number} is out of bounds for axis {axis} with size {length}")
    return number % length


def _normal_slice(part: slice, length: Dimension) -> slice:
    if isinstance(length, int) and is_plain([part]):
        start, stop, step = part.indices(length)
        count = len(range(start, stop, step))
        end = start + count * step
        return slice(start, end if end >= 0 else None, step) if count else slice(0, 0, 1)
    step = 1 if part.step is None else part.step
    if isinstance(step, Length) or step == 0:
        raise ShapeError(
            f"the step of a slice is a number other than 0, not {step}",
            why="The elements are counted from its start by the step.",
            fix="x[::2] or x[::-1], with the step as a number",
        )
    if step > 0:
        first, last = _from_start(part.start, length, 0), _from_start(part.stop, length, length)
        last = length if smaller(last, length) == length else last
    else:
        first = _from_start(part.start, length, length - 1)
        last = None if part.stop is None else _from_start(part.stop, length, 0)
    normal = slice(first, last, step)
    return slice(0, 0, 1) if _count(normal, length) == 0 else normal


def _from_start(bound: Any, length: Dimension, default: Dimension) -> Any:
    """A bound counted from the start: only numbers count from the end."""
    if bound is None:
        return default
    if isinstance(bound, Length):
        return bound
    return length + int(bound) if bound < 0 else int(bound)


def _count(part: slice, length: Dimension) -> Dimension:
    """How many elements a normal slice picks."""
    start, stop, step = part.start, part.stop, part.step
    if isinstance(length, int) and is_plain([part]):
        return len(range(*part.indices(length)))
    if step > 0:
        return _steps(smaller(rest(stop), length) - rest(start), step)
    before = -1 if stop is None else larger(stop, -1)
    return _steps(smaller(start, length - 1) - before, -step)


def _steps(span: Dimension, step: int) -> Dimension:
    """How many steps fit into a span, the first one not counted from its start: ceil(span / step), at least 0."""
    span = rest(span)
    return span if step == 1 else quotient(span + (step - 1), step)


def _bounds(part: Any) -> tuple[Any, ...]:
    return (part.start, part.stop, part.step) if isinstance(part, slice) else (part,)


def normal_axis(axis: int, ndim: int) -> int:
    """The axis counted from 0."""
    if not -ndim <= axis < ndim:
        raise ShapeError(
            f"axis {axis} does not exist in an array of {ndim} {'axis' if ndim == 1 else 'axes'}",
            why="Axes are counted from 0, and from the last, which is -1.",
            fix=f"axis={ndim - 1 if axis > 0 else -ndim}" if ndim else "leave the axis out: it is a number",
        )
    return axis % ndim
