"""Objects that several places of a loop hold: a round that writes into one of them changes the others as well.

In: the places, and what they hold before the loop and after a round. Out: a refusal where inputs of their own for all
places are not the same thing; and the objects after the loop, shared as the round has left them.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from symdiff.ir.nodes import Input, Node
from symdiff.tracing.lowering.aliases import outside
from symdiff.tracing.lowering.forms import held_twice, is_openable
from symdiff.tracing.lowering.later import Later
from symdiff.tracing.lowering.memory import Memory, reachable
from symdiff.tracing.lowering.merging import is_plain_number
from symdiff.tracing.lowering.places import Ended, Item, Name
from symdiff.tracing.lowering.writers import may_be_written_later
from symdiff.tracing.tracer import ArrayTracer, wrap
from symdiff.tracing.views import owner_of


class _Held(NamedTuple):
    """The objects that a place holds, and those of them that others hold as well."""

    objects: list[Any]
    shared: list[Any]


class Sharing:
    """What the places of a loop share, among themselves and with others.

    has_rounds: whether there is a round for all arguments.
    """

    def __init__(self, frame: FrameType, places: Sequence[Name], *, has_rounds: bool) -> None:
        self._has_rounds = has_rounds
        self._frame = frame
        self._later = Later(frame)
        self._places = places
        self._own = [Memory([place.fresh] if place.is_numeric else []) for place in places]
        self._before = self._held([place.value for place in places])
        self.old = {id(each): each for each in reachable([*frame.f_locals.values(), *outside(frame)])}

    def is_old(self, value: Any) -> bool:
        """Whether it is an object of a plain class that there was before the loop: a name for it is no copy."""
        return id(value) in self.old and is_openable(value)

    def check(
        self,
        values: Sequence[Any],
        written: Iterable[Any],
        used: Collection[Node],
        refuse: Callable[..., NoReturn],
    ) -> None:
        """Refuses a round that writes into what another place holds, then or in the next round.

        values: what the places hold after the round. written: arrays, lists and objects that it has written into.
        used: the nodes that it computes from.
        """
        changed = [[each for each, _ in memory.changed()] for memory in self._own]
        touched = {id(each) for objects in (written, *changed) for each in objects}
        is_written_after = may_be_written_later(self._frame)
        for place, objects, before, now in zip(self._places, changed, self._before, self._held(values), strict=True):
            writes = objects and (before.shared or now.shared or any(getattr(x, "is_shared", False) for x in before[0]))
            reads = any(leaf in used for leaf in place.inputs)
            others = any(id(each) in touched for each in (*before.shared, *now.shared))
            kept = before.shared if self._may_be_kept(place, now) else []
            is_rebuilt = is_written_after and any(isinstance(each, list | dict) for each in (*kept, *now.shared))
            for array in (*kept, *now.objects) if kept else ():
                if type(array) is ArrayTracer:
                    array.is_shared = True
            held = (*before.shared, *now.shared) if place.is_numeric or place.is_open else ()
            is_told_apart = any(map(self._later.tells_apart, held))
            if is_told_apart:
                refuse(
                    f"binds `{place.name}` to an object that others hold as well",
                    f"give each an object of its own: `{place.name} = copy.copy({place.name})`",
                    "What changes one of them, or asks whether they are the same, would be wrong in some rounds.",
                )
            if is_rebuilt or writes or (reads and (others or any(map(self._may_look_elsewhere, now.objects)))):
                refuse(
                    f"writes into an array or a list that `{place.name}` shares with others",
                    f"give each a copy of its own: `{place.name} = {place.name}.copy()`",
                )

    def _may_be_kept(self, place: Name, now: _Held) -> bool:
        """Whether a place that is bound anew may hold after the loop, for some arguments, what was there before it."""
        if not place.is_numeric or _are_the_same(reachable([place.fresh]), now.objects):
            return False
        fresh = {id(each) for other in self._places if other.is_numeric for each in reachable([other.fresh])}
        return not self._has_rounds or any(id(each) in fresh for each in now.objects)

    def _held(self, values: Sequence[Any]) -> list[_Held]:
        own = [list(reachable([value])) for value in values]
        count = Counter(id(each) for objects in [*own, self._around()] for each in objects)
        twice = [
            held_twice(value) if place.is_numeric or place.is_open else []
            for place, value in zip(self._places, values, strict=True)
        ]
        return [
            _Held(objects, [*(each for each in objects if count[id(each)] > 1), *more])
            for objects, more in zip(own, twice, strict=True)
        ]

    def _around(self) -> list[Any]:
        """What others than the places hold."""
        items = [(place, place.now()) for place in self._places if isinstance(place, Item)]
        names = {place.name for place in self._places if not isinstance(place, Item)}
        for place, _ in items:
            place.put(None)
        held = (value for name, value in self._frame.f_locals.items() if name not in names)
        found = list(reachable([*held, *outside(self._frame)]))
        for place, value in items:
            place.put(value)
        return found

    def _may_look_elsewhere(self, array: Any) -> bool:
        """Whether it is an array that the round has made, of which it is not known whether it is a view."""
        return type(array) is ArrayTracer and array.is_shared and id(array) not in self.old


def _are_the_same(objects: Iterable[Any], others: Iterable[Any]) -> bool:
    return list(map(id, objects)) == list(map(id, others))


class Made:
    """The objects that places hold after a loop.

    final: the numbers, by the inputs that stand for them. old: the objects that there were before, by their ids.

    Arrays that a place shares after a round, with another place or with whoever held it before, it shares after the
    loop only where there is a round: they are not written to any more.
    """

    def __init__(self, final: Mapping[Input, Node], old: Mapping[int, Any]) -> None:
        self._final = final
        self._held = {key: each for key, each in old.items() if type(each) is ArrayTracer}

    def keep(self, array: ArrayTracer, ended: Ended) -> None:
        """An array that stays the object that it is."""
        array.node = self._final[ended.inputs[0]]
        self._held[id(array)] = array

    def value(self, ended: Ended | None, left: Any) -> Any:
        """What a place holds; `left` where it holds no numbers of the loop."""
        if ended is None:
            return left
        own = iter(ended.inputs)
        return ended.structure.unflatten(
            [self._leaf(leaf, self._final[next(own)]) if is_plain_number(leaf) else leaf for leaf in ended.leaves]
        )

    def _leaf(self, leaf: Any, final: Node) -> Any:
        made = wrap(final)
        if type(leaf) is ArrayTracer:
            others = [each for each in (leaf, owner_of(leaf)) if id(each) in self._held]
            made.is_shared = leaf.is_shared or leaf.looks_into is not None or bool(others)
            for each in others:
                self._held[id(each)].is_shared = True
            self._held.setdefault(id(leaf), made)
        return made
