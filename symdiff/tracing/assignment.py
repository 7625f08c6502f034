"""Assignment into arrays that the traced function made itself, as functional update: `y = np.zeros(3); y[0] = x`.

In: the node that an array holds now, a key, a value. Out: the node that it holds afterwards. An array that others may
look into (a parameter, a view, what it is a view of) is not written to: whether they see it is a question of memory.
"""

import dis
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any, NamedTuple, NoReturn

import numpy as np

from symdiff.errors import AssignmentError, ShapeError
from symdiff.ir import make
from symdiff.ir import make_arrays as arrays
from symdiff.ir.complex_arguments import as_complex
from symdiff.ir.lengths import counted, is_static, product, static
from symdiff.ir.nodes import BasicKey, Const, Input, Layout, Node, Order, Shape
from symdiff.ir.shapes import common_shape, origins_of
from symdiff.ops import piecewise as p
from symdiff.tracing.forking import following, refuse
from symdiff.tracing.frames import user_origin, written_name
from symdiff.tracing.numpy_indexing import cut, entries_of, indexed, is_position, without_dots
from symdiff.tracing.values import has_tracer, is_traced, to_node
from symdiff.tracing.views import owner_of

_SMALL = 4_096  # elements of an array that is taken apart for an assignment
_FEW = 64  # elements that are assigned one by one
_AT_PLACES = "an assignment at traced positions"


def refuse_shared(array: Any) -> None:
    """Refuses to write into an array that others may look into."""
    owner = owner_of(array)
    if not array.is_shared and not owner.is_shared:
        return
    origin = user_origin()
    if isinstance(owner.node, Input):
        what, name = f"the argument {owner.node.name}", written_name(origin) or owner.node.name
        why = "The array is the caller's, who would see the change; the closed form leaves its arguments as they are."
    else:
        what, name = "an array that may share its memory with others", written_name(origin) or "y"
        why = (
            "Which arrays see the change is not known while the function is traced: one of them was reshaped, "
            "picked at traced positions, broadcast, or chosen by an `if`."
        )
    refuse(
        AssignmentError(
            f"an assignment into {what}",
            origin=origin,
            why=why,
            fix=f"{name} = {name}.copy()  # before it: others do not see the change then",
        )
    )


def refuse_other_shape(shape: Shape, result: Shape) -> NoReturn:
    """Refuses `y += x`, or `np.add(x, 1.0, out=y)`, where the result is larger than `y`."""
    refuse(
        ShapeError(
            f"an array of shape {shape} cannot hold the result of shape {result}",
            origin=user_origin(),
            why="What += and `out=` write into stays the array that it is, and keeps its shape.",
            fix="y = y + x, which makes a new array, as other functions do without `out=`",
        )
    )


def is_augmented_read(frame: FrameType | None) -> bool:
    """Whether `y[key]` is being read for `y[key] += value`, which writes it back at once: nobody else sees the view."""
    return frame is not None and frame.f_lasti in _augmented_reads(frame.f_code)


@lru_cache(maxsize=256)
def _augmented_reads(code: CodeType) -> frozenset[int]:
    """The offsets of such readings: CPython copies array and key, to have them again for the writing."""
    instructions = [each for each in dis.get_instructions(code) if each.opname not in ("CACHE", "EXTENDED_ARG")]
    found: set[int] = set()
    for before, each, after in zip(instructions, instructions[1:], instructions[2:], strict=False):
        if before.opname == "COPY":  # an instruction that CPython has specialised is left at the end of its cache
            found.update(range(each.offset, after.offset))
    return frozenset(found)


def assigned(old: Node, key: Any, value: Any) -> Node:
    """The array after `array[key] = value`."""
    new, key = to_node(value), as_mask(key)
    if old.dtype == "complex":
        new = as_complex(new)
    elif new.dtype == "complex":
        refuse(_complex_into_real())
    new = _converted(new, old)
    among = mask_among(key)
    if among is not None and following() is None and (among.axis == 0 or not new.ndim):
        return _where_among(old, among, new)
    mask = _mask(key, old)
    if mask is not None:
        each = _for_each_picked(new, old.shape[to_node(key).ndim :])
        if each is not None or new.shape == old.shape:
            return make.select(mask, new if each is None else each, old)
        if following() is None:
            refuse(_shaped_mask())
    entries = entries_of(key, old.shape)
    if not any(isinstance(entry, Node) for entry in entries):
        return _at_slices(old, tuple(entries), new)
    traced = [entry for entry in entries if isinstance(entry, Node) and not isinstance(entry, Const)]
    return _at_traced(old, entries, new) if traced else _at_positions(old, entries, new)


def added_at(old: Node, key: Any, value: Any) -> Node:
    """The array after `np.add.at(array, key, value)`: what meets at one position is added up."""
    entries = without_dots(entries_of(key, old.shape))
    if not all(is_position(entry) or entry == slice(None) for entry in entries):
        return _at_places_of_a_part(old, entries, lambda part, inside: added_at(part, inside, value))
    axis = next((at for at, entry in enumerate(entries) if is_position(entry)), 0)
    indices = [arrays.positions(entry) for entry in entries[axis:] if is_position(entry)]
    if any(is_position(entry) for entry in entries[axis + len(indices) :]):
        refuse(_positions_apart())
    picked = arrays.gather(old, axis, indices)
    values = make.broadcast(_converted(to_node(value), old), picked.shape)
    return old + arrays.scatter_add(values, axis, indices, old.shape)


def _converted(new: Node, old: Node) -> Node:
    """The value in the dtype of the array; a traced array holds real numbers or truth values."""
    return make.as_real(new) if old.dtype == "real" else new


def _check_fit(new: Node, target: Shape) -> None:
    if common_shape([new.shape, target]) == target:
        return
    wanted = "one number, such as values[0]" if not target else f"values of shape {target}, or one number for all"
    raise ShapeError(
        f"a value of shape {new.shape} does not fit into a part of shape {target}",
        why="\n".join([*origins_of([new]), "Axes are matched from the last: each is as long as the part's, or 1."]),
        fix=f"assign {wanted}",
    )


def _at_slices(old: Node, key: tuple[Any, ...], new: Node) -> Node:
    normal, new_axes = make.normal_key(key, old.shape)
    target = make.index_shape(normal, old.shape)
    spread = list(target)
    for at in new_axes:
        spread.insert(at, 1)
    if new.ndim > len(spread):  # NumPy drops leading axes of length 1
        new = make.reshape(new, new.shape[new.ndim - len(spread) :])
    _check_fit(new, tuple(spread))
    new = make.reshape(make.broadcast(new, tuple(spread)), target) if new_axes else new
    if not is_static(old.shape):
        return _replaced_open(old, normal, make.broadcast(new, target))
    if old.size <= _SMALL and product(target) <= _FEW:
        return _replaced(old, normal, make.broadcast(new, target))
    ranges = tuple(part if isinstance(part, slice) else slice(part, part + 1, 1) for part in normal if part is not None)
    whole = make.index_shape(ranges, old.shape)
    return _spliced(old, ranges, make.reshape(make.broadcast(new, target), whole), 0)


def _spliced(old: Node, key: tuple[Any, ...], new: Node, axis: int) -> Node:
    """A large array with a part replaced: what is before, the new part, what is after, axis by axis."""
    if axis == len(key):
        return new
    part = key[axis]
    inner = _spliced(cut(old, axis, part), key, new, axis + 1)
    if part.step == 1:
        pieces = [cut(old, axis, slice(0, part.start)), inner, cut(old, axis, slice(part.stop, None))]
        return make.concatenate([piece for piece in pieces if piece.shape[axis]] or [inner], axis)
    spread, _ = make.normal_key((slice(None),) * axis + (part,), old.shape)
    hit = np.zeros(counted(old.shape[axis], "an assignment"), dtype=bool)
    hit[part] = True
    mask = make.constant(hit.reshape([hit.size if at == axis else 1 for at in range(old.ndim)]))
    return make.select(mask, make.scatter(inner, spread, old.shape), old)


def _replaced(old: Node, key: BasicKey, new: Node) -> Node:
    """The array with the part at a normal key replaced, row by row: a list of elements stays one."""
    if new.shape == old.shape and all(isinstance(part, slice) and part.step == 1 for part in key):
        return new
    rows = [make.index(old, at) for at in range(counted(old.shape[0], "an assignment"))]
    first, rest = key[0], key[1:]
    if isinstance(first, slice):
        for source, position in enumerate(range(*first.indices(len(rows)))):
            rows[position] = _row(rows[position], rest, make.index(new, source))
    elif isinstance(first, int):
        rows[first] = _row(rows[first], rest, new)
    return make.stack(rows)


def _replaced_open(old: Node, key: BasicKey, new: Node) -> Node:
    """The same for an array with open lengths: where the key points, the new values."""
    placed = make.scatter(new, key, old.shape)
    if _is_zeros(old):
        return placed
    ones = make.broadcast(make.constant(1.0), new.shape)
    return make.select(make.scatter(ones, key, old.shape), placed, old)


def _row(old: Node, key: BasicKey, new: Node) -> Node:
    return _replaced(old, key, new) if key else new


def _at_positions(old: Node, entries: list[Any], new: Node) -> Node:
    """Constant positions: for each element of the array the last value that was put there, if any."""
    key = tuple(entry.value if isinstance(entry, Const) else entry for entry in entries)
    source = np.full(static(old.shape, "an assignment at positions"), -1)
    target = source[key].shape
    _check_fit(new, target)
    count = int(np.prod(target))
    if not count:
        return old
    source[key] = np.arange(count).reshape(target)
    if not new.ndim:
        return make.select(make.constant(source >= 0), new, old)
    values = make.reshape(make.broadcast(new, target), (count,))
    return make.select(make.constant(source >= 0), arrays.gather(values, 0, [np.maximum(source, 0)]), old)


def _at_traced(old: Node, entries: list[Any], new: Node) -> Node:
    """Traced positions: one element or row, an order, in which no position occurs twice, or any others."""
    entries = without_dots(entries)
    if not all(is_position(entry) or entry == slice(None) for entry in entries):
        return _at_places_of_a_part(old, entries, lambda part, inside: assigned(part, inside, new))
    places = [(axis, arrays.positions(entry)) for axis, entry in enumerate(entries) if is_position(entry)]
    if all(not place.ndim for _, place in places):
        return _at_one_place(old, places, new)
    axis, order = places[0]
    is_order = isinstance(order, Order) and order.how in ("argsort", "argpartition") and order.ndim == 1
    if is_order and len(places) == 1 and order.shape[0] == old.shape[axis]:
        back = arrays.order("argsort", make.as_real(order), 0)
        return arrays.gather(make.broadcast(new, old.shape), axis, [back])
    return _at_any_places(old, places, new)


def _at_places_of_a_part(old: Node, entries: list[Any], write: Callable[[Node, Any], Node]) -> Node:
    """Positions beside slices: these are a part of the array, which is put back."""
    if any(entry is None for entry in entries):
        refuse(_new_axis_beside_positions())
    part = tuple([slice(None) if is_position(entry) else entry for entry in entries])
    inside = tuple([entry if is_position(entry) else slice(None) for entry in entries])
    return assigned(old, part, write(indexed(old, part), inside))


def _at_any_places(old: Node, places: list[tuple[int, Node]], new: Node) -> Node:
    """Positions that may meet: for each element the last value that was put there, if any."""
    axes = [axis for axis, _ in places]
    rest = [axis for axis in range(old.ndim) if axis not in axes]
    lengths, kept = static([old.shape[axis] for axis in axes], _AT_PLACES), [old.shape[axis] for axis in rest]
    flat: Node = make.constant(0.0)
    for (_, place), length in zip(places, lengths, strict=True):
        number = make.as_real(place)
        flat = flat * float(length) + make.select(p.less(number, 0.0), number + float(length), number)
    count = counted(flat.size, _AT_PLACES)
    if not count:
        return old
    apart = axes != list(range(axes[0], axes[0] + len(axes)))  # NumPy puts what is picked first then
    at = 0 if apart else axes[0]
    target = (*kept[:at], *flat.shape, *kept[at:])
    _check_fit(new, target)
    picked = [*range(at, at + flat.ndim)]
    values = make.transpose(
        make.broadcast(new, target), [*picked, *(axis for axis in range(len(target)) if axis not in picked)]
    )
    total = int(np.prod(lengths))
    meets = p.equal(make.reshape(make.iota(total), (total, 1)), make.reshape(flat, (1, count)))
    last = make.reduce("max", make.select(meets, make.reshape(make.iota(count), (1, count)), -1.0), (1,))
    found = arrays.gather(make.reshape(values, (count, *kept)), 0, [arrays.positions(p.maximum(last, 0.0))])
    front = make.reshape(make.transpose(old, [*axes, *rest]), (total, *kept))
    is_hit = make.reshape(p.greater_equal(last, 0.0), (total, *[1] * len(kept)))
    changed = make.reshape(make.select(is_hit, found, front), (*lengths, *kept))
    return make.transpose(changed, np.argsort([*axes, *rest]).tolist())


def _at_one_place(old: Node, places: list[tuple[int, Node]], new: Node) -> Node:
    hit: Node = make.constant(True)
    for axis, place in places:
        length = old.shape[axis]
        count = make.as_real(place)
        number = make.select(p.less(count, 0.0), count + make.size_of(length), count)
        shape = [length if at == axis else 1 for at in range(old.ndim)]
        hit = p.logical_and(hit, p.equal(make.reshape(make.iota(length), tuple(shape)), number))
    chosen = [axis for axis, _ in places]
    target = tuple(length for axis, length in enumerate(old.shape) if axis not in chosen)
    _check_fit(new, target)
    spread = tuple(1 if axis in chosen else length for axis, length in enumerate(old.shape))
    return make.select(hit, make.reshape(make.broadcast(new, target), spread), old)


def _mask(key: Any, old: Node) -> Node | None:
    """The node of a key that is a traced condition for every element, or for every row."""
    if not is_traced(key):
        return None
    node = to_node(key)
    if node.dtype != "bool" or isinstance(node, Const) or node.shape != old.shape[: node.ndim]:
        return None
    return make.reshape(node, node.shape + (1,) * (old.ndim - node.ndim))


class MaskAmong(NamedTuple):
    """A key with one traced mask among numbers and slices.

    basic: the key with a whole slice in its place. axis: where the mask's axis is in what that picks.
    """

    mask: Any
    basic: tuple[Any, ...]
    axis: int


def as_mask(key: Any) -> Any:
    """The mask, where a key is the places along all axes at which it is true; any other key as it is."""
    parts = key if isinstance(key, tuple) else (key,)
    masks = [part.mask_of_places for part in parts if hasattr(type(part), "mask_of_places")]
    if not masks or len(parts) != masks[0].ndim or len(masks) < len(parts):
        return key
    is_one = all(mask.node is masks[0].node for mask in masks)
    return masks[0] if is_one and [part.axis for part in parts] == [*range(len(parts))] else key


def mask_among(key: Any) -> MaskAmong | None:
    """The parts of such a key; None for any other."""
    if not isinstance(key, tuple) or len(key) < 2:
        return None
    key = tuple(map(as_mask, key))
    masks = [at for at, part in enumerate(key) if is_traced(part) and to_node(part).ndim == 1]
    rest = [part for part in key if _is_number_or_slice(part)]
    if len(masks) != 1 or len(rest) != len(key) - 1 or to_node(key[masks[0]]).dtype != "bool":
        return None
    at = masks[0]
    axis = sum(isinstance(part, slice) for part in key[:at])
    return MaskAmong(key[at], (*key[:at], slice(None), *key[at + 1 :]), axis)


def _is_number_or_slice(part: Any) -> bool:
    if isinstance(part, slice):
        return not has_tracer(part)
    return type(part) is int or (is_traced(part) and not to_node(part).ndim and to_node(part).dtype != "bool")


def _where_among(old: Node, among: MaskAmong, new: Node) -> Node:
    """The array with the mask's part of what the numbers and slices pick replaced."""
    part = indexed(old, among.basic)
    rest = [axis for axis in range(part.ndim) if axis != among.axis]
    turned = assigned(make.transpose(part, [among.axis, *rest]), among.mask, new)
    back = make.transpose(turned, np.argsort([among.axis, *rest]).tolist())
    return assigned(old, among.basic, back)


def _for_each_picked(new: Node, shape: Shape) -> Node | None:
    """The value as it goes into each place that a mask picks, however many; None where it has one for each."""
    if new.ndim == len(shape) + 1 and new.shape[0] == 1:
        new = make.reshape(new, new.shape[1:])
    return new if new.ndim <= len(shape) and common_shape([new.shape, shape]) == shape else None


def _complex_into_real() -> AssignmentError:
    return AssignmentError(
        "a complex number does not fit into an array of real ones",
        origin=user_origin(),
        why="NumPy would drop the imaginary part.",
        fix="make the array complex, `np.zeros(3, dtype=complex)`, or assign z.real",
    )


def _is_zeros(node: Node) -> bool:
    """Whether the array is fresh from np.zeros."""
    inner = node.args[0] if isinstance(node, Layout) and node.how == "broadcast" else node
    return isinstance(inner, Const) and not inner.shape and inner.value == 0.0


def _shaped_mask() -> AssignmentError:
    return AssignmentError(
        "values are assigned one after the other to where a traced mask is true",
        origin=user_origin(),
        why="How many elements a mask picks depends on the arguments, and so does which value goes where.",
        fix="choose element by element, of an array as long as the mask: y = np.where(mask, values, y)",
    )


def _new_axis_beside_positions() -> AssignmentError:
    return AssignmentError(
        "a key with a new axis beside positions is not traceable in an assignment",
        origin=user_origin(),
        why="The array has no such axis: only the values are laid along it.",
        fix="leave it out, y[positions, 1:3] = values, and take values[0] where they have that axis",
    )


def _positions_apart() -> AssignmentError:
    return AssignmentError(
        "positions on axes that are apart are not traceable where what meets is added up",
        origin=user_origin(),
        why="NumPy moves the axis of what is picked to the front then.",
        fix="bring the axes together, and write through the view: np.add.at(y.swapaxes(1, 2), (rows, columns), values)",
    )
