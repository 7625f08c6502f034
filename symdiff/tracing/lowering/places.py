"""What changes from round to round of a loop that is kept: names, what objects and lists hold, and arrays.

In: such a place, and what it holds before the loop. Out: fresh inputs for its numbers, what they become in a round, and
the place as the loop leaves it. A change of shape or kind is refused.
"""

import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import CellType, FunctionType
from typing import Any, NamedTuple, NoReturn

from symdiff.ir import make
from symdiff.ir.nodes import Input, Node
from symdiff.ir.structure import LEAF, Structure
from symdiff.tracing.lowering.absent import NOTHING, Unassigned, is_bare
from symdiff.tracing.lowering.assigned import filled, held_where_assigned
from symdiff.tracing.lowering.forms import apart, are_classes, holds_numbers, is_constant, is_openable, is_the_same
from symdiff.tracing.lowering.memory import at_path
from symdiff.tracing.lowering.merging import is_plain_number
from symdiff.tracing.lowering.names import Path
from symdiff.tracing.lowering.objects import CannotMerge, container, keys_of
from symdiff.tracing.numpy_indexing import is_whole
from symdiff.tracing.texts import TEXTS, uncertain
from symdiff.tracing.tracer import ArrayTracer, wrap
from symdiff.tracing.values import is_traced, to_node
from symdiff.tracing.views import owner_of

_WORDS = {"real": "a real number", "bool": "a truth value", "complex": "a complex number"}


def _of_one_kind(name: str, old: str, new: str) -> str:
    """How the number that a name holds before a loop, or in a round, is made one of the other kind."""
    if "complex" in (old, new):
        return f"{name} = {name} + 0j  # {'before the loop' if new == 'complex' else 'at the end of the round'}"
    return f"{name} = 1.0 if {name} else 0.0  # {'at the end of the round' if new == 'bool' else 'before the loop'}"


class Ended(NamedTuple):
    """A place as nodes, from round to round; `leaves` are what it holds after the round, also what is no number."""

    structure: Structure
    inputs: Sequence[Input]
    initial: Sequence[Node]
    outputs: Sequence[Node]
    leaves: Sequence[Any]


class Name:
    """A name that the rounds bind: numbers, arrays and nestings of them get fresh inputs.

    value, fresh: what it holds before the loop, and at the beginning of the round.
    opens: whether objects of plain classes are taken apart.
    """

    def __init__(self, name: str, value: Any, *, opens: bool = False) -> None:
        self.name = name
        self.value = value
        self.opens = opens
        self.inputs: list[Input] = []
        self.fresh = value
        self.is_open = value is NOTHING or type(value) is Unassigned
        self.structure, self.leaves = apart(value, opens=opens)
        self.is_numeric = not self.is_open and holds_numbers(self.leaves)
        if self.is_numeric:
            numbers = [leaf for leaf in self.leaves if is_plain_number(leaf)]
            self.initial = [to_node(leaf) for leaf in numbers]
            whole = [_is_whole_number(leaf) for leaf in numbers]
            self.inputs = [
                Input(name, node.shape, node.dtype, is_whole=each)
                for node, each in zip(self.initial, whole, strict=True)
            ]
            own = map(wrap, self.inputs)
            self.fresh = self.structure.unflatten(
                [next(own) if is_plain_number(leaf) else leaf for leaf in self.leaves]
            )

    def is_to_be_opened(self, value: Any) -> bool:
        """Whether a round binds it to other objects of plain classes, which are to be taken apart before it runs."""
        if self.opens or self.is_open or value is self.fresh:
            return False
        structure, leaves = apart(value, opens=False)
        if structure != self.structure:
            return False
        return any(new is not old and is_openable(new) for new, old in zip(leaves, self.leaves, strict=True))

    def ended(self, value: Any, refuse: Callable[..., NoReturn], returned: Node | None = None) -> Ended | None:
        """The place with its value after the round; None for what holds no numbers and stays as it is.

        returned: whether the round has returned; nothing asks for the result elsewhere, which may have no value there.
        """
        if (value is self.fresh and not self.is_numeric) or (self.is_open and is_bare(value)):
            return None
        if type(value) is Unassigned and self.is_open and is_plain_number(held_where_assigned(value)):
            return self._ended_where_assigned(value)
        if isinstance(value, FunctionType) and (self.is_open or _is_same_function(value, self.value)):
            return None
        structure, leaves = apart(value, opens=self.opens or self.is_open)
        if self.is_open and are_classes(leaves):
            return None
        if type(value) is Unassigned or not self._may_hold(structure, leaves):
            if type(value) is Unassigned or (not self.is_numeric and not self.is_open and value == self.value):
                return None
            what = f"an object of the class {value.__class__.__name__}"
            refuse(f"binds `{self.name}` to {what}", f"{self.name} = 0.0, or another number or array, in all rounds")
        outputs = [to_node(leaf) for leaf in leaves if is_plain_number(leaf)]
        if self.is_open:
            inputs = [Input(self.name, node.shape, node.dtype) for node in outputs]
            if self.value is NOTHING and returned is not None:
                outputs = [make.select(returned, node, _nothing(node)) for node in outputs]
            return Ended(structure, inputs, [_nothing(node) for node in outputs], outputs, leaves)
        if not self.is_numeric or structure != self.structure:
            refuse(
                f"binds `{self.name}` to a value of another kind",
                f"give {self.name} before the loop the structure that it has in its rounds",
            )
        for old, new in zip(self.inputs, outputs, strict=True):
            if old.shape != new.shape:
                change = f"the shape of `{self.name}` from {old.shape} to {new.shape}"
                refuse(f"changes {change}", f"give it the shape {new.shape} before the loop")
            if old.dtype != new.dtype:
                change = f"`{self.name}` from {_WORDS[old.dtype]} to {_WORDS[new.dtype]}"
                refuse(f"changes {change}", _of_one_kind(self.name, old.dtype, new.dtype))
        return Ended(structure, self.inputs, self.initial, outputs, leaves)

    def _may_hold(self, structure: Structure, leaves: Sequence[Any]) -> bool:
        """Whether what is no number among the leaves after a round is what it always is."""
        if not holds_numbers(list(leaves)):
            return False
        if self.is_open or structure != self.structure:
            return all(is_plain_number(leaf) or (self.is_open and is_constant(leaf)) for leaf in leaves)
        return all(
            is_plain_number(new) if is_plain_number(old) else is_the_same(old, new)
            for old, new in zip(self.leaves, leaves, strict=True)
        )

    def _ended_where_assigned(self, value: Any) -> Ended | None:
        """A name that some rounds bind first: it keeps what it holds in the others."""
        first = to_node(held_where_assigned(value))
        previous = Input(self.name, first.shape, first.dtype)
        try:
            output = to_node(filled(value, wrap(previous)))
        except CannotMerge:
            return None
        return Ended(LEAF, [previous], [_nothing(first)], [output], [wrap(output)])

    def left(self, value: Any) -> Any:
        """What the name holds after the loop where it is no part of the state.

        A function that the last round has made may hold what is known in that round only.
        """
        is_of_the_round = isinstance(value, FunctionType) and self.is_open
        return Unassigned(self.name) if is_of_the_round or type(value) is Unassigned else value


class Said(Name):
    """A name that the rounds bind to texts, which change from round to round: nobody may look into them.

    look: what happens to who does.
    """

    def __init__(self, name: str, value: Any, look: Callable[[], NoReturn]) -> None:
        super().__init__(name, value)
        self._look = look
        if not self.is_open:
            self.fresh = uncertain(value, look)

    def ended(self, value: Any, refuse: Callable[..., NoReturn], returned: Node | None = None) -> Ended | None:
        """Nothing, as it holds no numbers."""
        return None if type(value) in TEXTS else super().ended(value, refuse, returned)

    def left(self, value: Any) -> Any:
        """What was said last."""
        return uncertain(value, self._look) if type(value) in TEXTS else super().left(value)


def is_said(place: Name, value: Any) -> bool:
    """Whether a round binds a name to a text that it did not hold before."""
    if type(value) not in TEXTS or value is place.fresh or isinstance(place, Said):
        return False
    is_the_same = type(value) is type(place.value) is str and value == place.value
    return place.is_open or (type(place.value) in TEXTS and not is_the_same)


class Item(Name):
    """An attribute or an element that the rounds bind, of an object, a list or a dict that stays the same."""

    def __init__(self, holder: Any, key: Any, name: Any) -> None:
        self.owner = holder
        self.holder = container(holder)
        self.key = key
        super().__init__(str(name) if str(name).isidentifier() else "", self.holder[key], opens=True)
        self.put(self.fresh)

    def now(self) -> Any:
        """What it holds."""
        return self.holder[self.key]

    def put(self, value: Any) -> None:
        """Lets it hold the value."""
        self.holder[self.key] = value


class Written:
    """An array that the rounds may write into; whoever looks into it sees what they write."""

    def __init__(self, name: str, array: ArrayTracer) -> None:
        self.array = array
        self._initial = array.node
        self._input = Input(name, array.node.shape, array.node.dtype)
        array.node = self._input

    @property
    def is_changed(self) -> bool:
        """Whether the round has written into it."""
        return self.array.node is not self._input

    def ended(self) -> Ended:
        """The array after the round."""
        return Ended(LEAF, [self._input], [self._initial], [self.array.node], [self.array])


def _is_same_function(one: FunctionType, other: Any) -> bool:
    """Whether two functions were made by one `def` or `lambda`, and look into the same variables and defaults."""
    if not isinstance(other, FunctionType) or one.__code__ is not other.__code__:
        return False
    held = [
        [*(each.__closure__ or ()), *(each.__defaults__ or ()), *(each.__kwdefaults__ or {}).values()]
        for each in (one, other)
    ]
    return len(held[0]) == len(held[1]) and all(map(operator.is_, *held))


def _is_whole_number(value: Any) -> bool:
    if is_traced(value):
        return value.node.dtype == "real" and is_whole(value.node)
    return isinstance(value, int) and not isinstance(value, bool)


def _nothing(node: Node) -> Node:
    """What a name holds that is bound in the first round only."""
    return make.broadcast(make.constant(False if node.dtype == "bool" else float("nan")), node.shape)


def items_at(values: Mapping[str, Any], found: Iterable[Path], bound: Collection[str]) -> list[Item]:
    """The attributes and elements at some paths that hold numbers, each once, but for those in names or in others."""
    made: dict[tuple[int, Any], Item] = {}
    taken: set[Path] = set()
    for *start, key in sorted(found, key=len):
        is_inside = any((*start[: length + 1],) in taken for length in range(len(start)))
        holder = None if key is ... or start[0] in bound or is_inside else at_path(values, start)
        if key in keys_of(holder) and (id(holder), key) not in made and _is_numeric(container(holder)[key]):
            made[id(holder), key] = Item(holder, key, start[-1] if isinstance(holder, CellType) else key)
            taken.add((*start, key))
    return list(made.values())


def arrays_at(values: Mapping[str, Any], found: Collection[Path], bound: Collection[str]) -> list[Written]:
    """The arrays at some paths, each once, but for what is in bound names, or an item itself."""
    made: dict[int, Written] = {}
    for *start, end in found:
        array = at_path(values, start) if end is ... and start[0] not in bound and tuple(start) not in found else None
        if type(array) is ArrayTracer and id(owner_of(array)) not in made:
            label = start[-1] if isinstance(start[-1], str) else start[0]
            made[id(owner_of(array))] = Written(label, owner_of(array))
    return list(made.values())


def _is_numeric(value: Any) -> bool:
    return holds_numbers(apart(value, opens=True)[1])


def is_array(value: Any) -> bool:
    """Whether it is a traced array, which may be written into."""
    return type(value) is ArrayTracer
