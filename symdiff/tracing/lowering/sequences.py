"""What a `for` runs over, as a number of rounds and the item of any of them.

In: ranges, counts, arrays, lists of numbers, and `enumerate`, `zip` and `reversed` of them, with bounds and lengths
that may depend on the arguments. Out: the item that belongs to a counter, so that one round can stand for all.
"""

import builtins
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdiff.errors import LoopError
from symdiff.ir import make
from symdiff.ir.lengths import Length
from symdiff.ir.nodes import Const, Node
from symdiff.ir.structure import taken_apart
from symdiff.ops import piecewise
from symdiff.origin import Origin
from symdiff.tracing import forking
from symdiff.tracing.iterators import IteratorMaker
from symdiff.tracing.lowering.objects import Holder
from symdiff.tracing.lowering.picking import share_what_is_picked
from symdiff.tracing.numpy_indexing import indexed, is_whole
from symdiff.tracing.tracer import ArrayTracer, Tracer, wrap
from symdiff.tracing.values import is_numeric, to_node
from symdiff.tracing.whole import WholeTracer


@dataclass(frozen=True)
class Rounds:
    """A counter that runs from `first` by `step` to before `last`, if there is one, and the items that it counts.

    is_open: whether the number of rounds depends on the arguments. is_whole: whether the counter is a whole number.
    """

    first: Node
    last: Node | None
    step: float
    item: Callable[[Node], Any]
    is_open: bool
    is_whole: bool = True

    def goes_on(self, counter: Node) -> Node:
        """The condition under which there is a round for the counter."""
        if self.last is None:
            return make.constant(True)
        compare = piecewise.less if self.step > 0 else piecewise.greater
        condition: Node = compare(counter, self.last)
        return condition


class Items(Holder):
    """The items of a builtin's result: as Python gives them one by one, and what they are made of."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], options: Mapping[str, Any]) -> None:
        self.function = function
        self.args = args
        self.options = options

    def held(self) -> list[Any]:
        """What they are made of."""
        return list(self.args)

    def __iter__(self) -> Iterator[Any]:
        given = [iter(arg) if isinstance(arg, Items) else arg for arg in self.args]  # which takes no more than Python
        return iter(self.function(*given, **self.options))


def items(function: Any, *args: Any, **options: Any) -> Any:
    """The call of what the user's code knows as `range`, `enumerate`, `zip` or `reversed`."""
    if function is builtins.range:
        return Bounds(args)
    if function in (builtins.enumerate, builtins.zip, builtins.reversed):
        return Items(function, args, options)
    if isinstance(function, IteratorMaker):
        return _endless(function.original, args, options) or function(*args, **options)
    return function(*args, **options)


def _endless(function: Any, args: tuple[Any, ...], options: Mapping[str, Any]) -> "Endless | None":
    """What `itertools.count` or `repeat` gives, if it has no end and its items are of one form."""
    if function is itertools.repeat and len(args) == 1 and not options:
        return Endless(args[0])
    if function is not itertools.count:
        return None
    start, step = {"start": 0, "step": 1, **dict(zip(("start", "step"), args, strict=False)), **options}.values()
    is_number = type(start) in (int, float) or (type(start) in (Tracer, WholeTracer) and start.node.dtype == "real")
    return Endless(start, step) if is_number and type(step) in (int, float) and step else None


@dataclass
class Endless:
    """`itertools.count`, or `itertools.repeat`, whose step is None: some arguments leave it earlier than others."""

    start: Any
    step: float | None = None

    def __iter__(self) -> Iterator[Any]:
        return itertools.repeat(self.start) if self.step is None else itertools.count(self.start, self.step)

    def rounds_from(self, item: Any) -> Rounds:
        """The rounds from an item on."""
        if self.step is None:
            return Rounds(make.constant(0.0), None, 1.0, lambda _: item, is_open=True)
        first = to_node(item)
        counts = is_whole(first) and type(self.step) is int
        return Rounds(first, None, float(self.step), wrap, is_open=True, is_whole=counts)


class Bounds:
    """A range, whose bounds may be traced."""

    def __init__(self, bounds: tuple[Any, ...]) -> None:
        known = [_whole(bound) for bound in bounds]
        self.bounds = bounds
        self.is_open = any(isinstance(bound, Tracer) for bound in known)
        self.numbers: Iterable[int] = () if self.is_open else builtins.range(*known)

    def __iter__(self) -> Iterator[int]:
        return iter(builtins.range(*self.bounds) if self.is_open else self.numbers)  # the first refuses


def length_of(sequence: Any) -> int | None:
    """How many rounds there are; None where that is not known beforehand."""
    if isinstance(sequence, Bounds):
        return None if sequence.is_open else len(sequence.numbers)  # type: ignore[arg-type]
    if isinstance(sequence, Items):
        lengths = [length_of(arg) for arg in sequence.args[: 1 if sequence.function is not builtins.zip else None]]
        return None if not lengths or None in lengths else min(length for length in lengths if length is not None)
    if isinstance(sequence, ArrayTracer):
        length = sequence.node.shape[0]
        return length if isinstance(length, int) else None
    is_sequence = isinstance(sequence, list | tuple) or (isinstance(sequence, np.ndarray) and sequence.ndim > 0)
    return len(sequence) if is_sequence else None


def rounds_over(sequence: Any, origin: Origin) -> Rounds | None:
    """One round of the loop over a sequence, for any counter; None where its items are not alike."""
    if isinstance(sequence, Bounds):
        return _over_range(sequence, origin)
    found = _over_items(sequence)
    if found is None:
        return None
    length, item = found
    return Rounds(make.constant(0.0), _count(length), 1.0, item, isinstance(length, Length | Node))


def _over_range(sequence: Bounds, origin: Origin) -> Rounds:
    first, last, step = _start_end_step(sequence.bounds, origin)
    if sequence.is_open:
        return Rounds(first, last, step, wrap, is_open=True)
    numbers = sequence.numbers
    assert isinstance(numbers, range)
    return Rounds(make.constant(float(numbers.start)), _count(numbers.stop), float(numbers.step), wrap, is_open=False)


_Found = tuple[Any, Callable[[Node], Any]]  # the number of rounds, and the item of a counter from 0


def _over_items(sequence: Any) -> _Found | None:
    if isinstance(sequence, Bounds):
        return _over_numbers(sequence)
    if isinstance(sequence, Items):
        return _over_call(sequence)
    if type(sequence) is ArrayTracer:
        return sequence.node.shape[0], lambda counter: sequence[wrap(counter)]  # as it is in that round
    if isinstance(sequence, np.ndarray) and sequence.ndim:
        array = to_node(sequence)
        return array.shape[0], lambda counter: wrap(indexed(array, counter))
    if type(sequence) in (list, tuple):
        return _over_list(sequence)
    return None


def _over_numbers(sequence: Bounds) -> _Found | None:
    if sequence.is_open:
        return None
    numbers = sequence.numbers
    assert isinstance(numbers, range)
    return len(numbers), lambda counter: wrap(counter * float(numbers.step) + float(numbers.start))


def _over_call(sequence: Items) -> _Found | None:
    given = [_over_items(arg) for arg in sequence.args[: 1 if sequence.function is not builtins.zip else None]]
    found = [each for each in given if each is not None]
    if len(found) < len(given) or not found:
        return None
    if sequence.function is builtins.zip:
        lengths = {length for length, _ in found}
        if len(lengths) > 1 and not all(type(length) is int for length in lengths):
            return None  # which of the open lengths ends it is not known
        return min(lengths) if len(lengths) > 1 else found[0][0], lambda counter: tuple(
            item(counter) for _, item in found
        )
    [(length, item)] = found
    if sequence.function is builtins.reversed:
        last = _count(length) - 1.0
        return length, lambda counter: item(last - counter)
    start = sequence.args[1] if len(sequence.args) > 1 else sequence.options.get("start", 0)
    return length, lambda counter: (wrap(counter + to_node(start)), item(counter))


def _over_list(sequence: Sequence[Any]) -> _Found | None:
    """A list of numbers or arrays, or of tuples of them, that have the same shapes."""
    if not sequence:
        return None
    found = [taken_apart(each, keeps_order=True) for each in sequence]
    structure, rows = found[0][0], [leaves for _, leaves in found]
    if any(each != structure for each, _ in found):
        return None
    if not all(is_numeric(leaf) and not isinstance(leaf, bool) for row in rows for leaf in row):
        return None
    columns = [[to_node(row[at]) for row in rows] for at in range(structure.leaf_count)]
    if any(node.shape != column[0].shape or node.dtype != column[0].dtype for column in columns for node in column):
        return None

    def item(counter: Node) -> Any:
        now = [make.stack([to_node(row[at]) for row in rows]) for at in range(structure.leaf_count)]  # in that round
        found = structure.unflatten([wrap(indexed(each, counter)) for each in now])
        share_what_is_picked(found, rows)
        return found

    return len(sequence), item


def _count(length: Any) -> Node:
    return make.size_of(length) if isinstance(length, Length) else make.lift(float(length))


def _whole(bound: Any) -> Any:
    node = bound.node if isinstance(bound, Tracer) else None
    return int(node.value) if isinstance(node, Const) else bound


def _start_end_step(bounds: Sequence[Any], origin: Origin) -> tuple[Node, Node, float]:
    """Start, end and step of a range; the step is a number."""
    given = [0, bounds[0], 1] if len(bounds) == 1 else [*bounds, 1][:3]
    size = to_node(given[2])
    step = float(size.value) if isinstance(size, Const) else 0.0
    if not step:
        forking.refuse(
            LoopError(
                "the step of this range depends on a traced value, or is 0",
                origin=origin,
                label="up or down?",
                why="The end is compared from one side or from the other.",
                fix="range(start, stop, 2), with the step as a number other than 0",
            )
        )
    return to_node(given[0]), to_node(given[1]), step
