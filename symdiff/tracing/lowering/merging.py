"""What the two sides of a choice have left behind becomes one.

In: a condition, and what a name or an object holds where it is true and where it is false. Out: numbers that are chosen
between, element by element, in objects of the same form; or the refusal to merge what has no common form, upon which
the paths are traced apart.
"""

import enum
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from symdiff.ir import make
from symdiff.ir.nodes import Map, Node, Select
from symdiff.ops.piecewise import logical_not
from symdiff.tracing.libraries import is_class_of_library
from symdiff.tracing.lowering.absent import NOTHING, Unassigned, sides_of
from symdiff.tracing.lowering.objects import CannotMerge, Contents, content_of, is_plain_object, put_back
from symdiff.tracing.lowering.opaque import Mark
from symdiff.tracing.texts import TEXTS, one_of
from symdiff.tracing.tracer import ArrayTracer, wrap
from symdiff.tracing.values import is_numeric, to_node
from symdiff.tracing.whole import chosen_number

_PLAIN = frozenset({bool, int, float})


@dataclass
class Joined:
    """Two objects in place of which a third one is held from now on.

    sides: the objects that were held where the condition is true and where it is false.
    count: in how many places.
    """

    sides: tuple[Any, Any]
    result: Any
    count: int = 1

    def refuse_writing(self) -> None:
        """Arrays that others hold, or look into, on one of the sides at least, are not written to any more."""
        for each in (*self.sides, self.result):
            while type(each) is ArrayTracer:
                each.is_shared = True
                each = each.looks_into.base if each.looks_into is not None else None


class Merging:
    """The merging of all that a choice has left behind.

    contents: what objects hold on both sides that may have changed there.
    joined: the objects that have been put in place of others.
    look: what happens where it matters which of two texts it is; without it, texts that differ have no common form.
    """

    def __init__(
        self,
        condition: Node,
        if_true: Contents | None = None,
        if_false: Contents | None = None,
        look: Callable[[], NoReturn] | None = None,
    ) -> None:
        self._look = look
        self.contents: tuple[Contents, Contents] = (if_true or {}, if_false or {})
        self._condition = condition
        self._joined: dict[tuple[int, int], Joined] = {}

    @property
    def joined(self) -> list[Joined]:
        return list(self._joined.values())

    def value(self, if_true: Any, if_false: Any, name: str = "") -> Any:
        """What a name holds, or an element. Raises CannotMerge."""
        if if_true is if_false or if_false is NOTHING:
            return if_true
        if if_true is NOTHING:
            return if_false
        if type(if_true) is Unassigned or type(if_false) is Unassigned:
            return self._partly(if_true, if_false, name)
        if is_plain_number(if_true) and is_plain_number(if_false):
            return self._numbers(if_true, if_false)
        if {type(if_true), type(if_false)} <= TEXTS and self._look is not None:
            return one_of(if_true, if_false, self._look)
        if type(if_true) is type(if_false):
            return self._alike(if_true, if_false)
        raise CannotMerge

    def content(self, value: Any) -> Any:
        """What an object holds that stays the same one. Raises CannotMerge."""
        known = [contents[id(value)] for contents in self.contents if id(value) in contents]
        if_true, if_false = known[0], known[-1]  # one that only one side has seen is as it is there
        if type(value) is ArrayTracer:
            is_shared = if_true[1] or if_false[1]
            if if_true[0] is if_false[0]:
                return if_true[0], is_shared
            return chosen(self._condition, if_true[0], if_false[0]), is_shared
        if isinstance(if_true, set | Mark):
            if not (if_true.is_like(if_false) if isinstance(if_true, Mark) else if_true == if_false):
                raise CannotMerge
            return if_true
        return self._parts(if_true, if_false)

    def _parts(self, if_true: Any, if_false: Any) -> Any:
        if isinstance(if_true, Mapping):
            if list(if_true) != list(if_false):
                raise CannotMerge
            return {key: self.value(if_true[key], if_false[key]) for key in if_true}
        if len(if_true) != len(if_false):
            raise CannotMerge
        return [self.value(*pair) for pair in zip(if_true, if_false, strict=True)]

    def _partly(self, if_true: Any, if_false: Any, name: str) -> Unassigned:
        values = if_true, if_false
        is_bare = all(type(value) is Unassigned and not sides_of(value) for value in values)
        return Unassigned(name) if is_bare else Unassigned(name, (self._condition, if_true, if_false))

    def _numbers(self, if_true: Any, if_false: Any) -> Any:
        if type(if_true) is type(if_false) and type(if_true) in _PLAIN and if_true == if_false:
            return if_true
        sides = if_true, if_false
        if not any(type(each) is ArrayTracer for each in sides):
            return chosen_number(self._chosen(to_node(if_true), to_node(if_false)), sides)

        def made() -> Any:
            array = wrap(self._chosen(*map(_elements_in, sides, self.contents)))
            if type(array) is ArrayTracer:
                array.is_shared = any(getattr(each, "is_shared", False) for each in sides)
            return array

        return self._one_for(if_true, if_false, made).result

    def _chosen(self, if_true: Node, if_false: Node) -> Node:
        if if_true.shape != if_false.shape:
            raise CannotMerge
        return chosen(self._condition, if_true, if_false)

    def _alike(self, if_true: Any, if_false: Any) -> Any:
        if isinstance(if_true, tuple):
            parts = self._parts(if_true, if_false)
            return type(if_true)(*parts) if hasattr(if_true, "_fields") else type(if_true)(parts)
        if isinstance(if_true, str | bytes | range | slice | type(None)) and if_true == if_false:
            return if_true
        if not can_be_made(if_true):
            raise CannotMerge
        joined = self._one_for(if_true, if_false, lambda: _new(if_true))
        if joined.count == 1:
            put_back(joined.result, self._parts(*map(_held_in, joined.sides, self.contents)))
        return joined.result

    def _one_for(self, if_true: Any, if_false: Any, made: Callable[[], Any]) -> Joined:
        """The object that takes the place of these two; the same one wherever they are met."""
        key = id(if_true), id(if_false)
        if key in self._joined:
            self._joined[key].count += 1
        else:
            self._joined[key] = Joined((if_true, if_false), made())
        return self._joined[key]


def _elements_in(array: Any, contents: Contents) -> Node:
    """The elements of an array on a side; those of a view are those of its base."""
    view = array.looks_into if type(array) is ArrayTracer else None
    if view is not None:
        return view.read(_elements_in(view.base, contents))
    node: Node = contents[id(array)][0] if id(array) in contents else to_node(array)
    return node


def _held_in(value: Any, contents: Contents) -> Any:
    """What a list, a dict or an object holds on a side."""
    return contents[id(value)] if id(value) in contents else content_of(value)


def is_plain_number(value: Any) -> bool:
    """Whether it is a number or an array, and not a member of an enumeration, which is told from its number by `is`."""
    return is_numeric(value) and not isinstance(value, enum.Enum)


def can_be_made(value: Any) -> bool:
    """Whether an object like this one is told from it by what it holds only."""
    if type(value) in (list, dict, deque):
        return not isinstance(value, deque) or value.maxlen is None
    is_made_its_own_way = vars(object)["__new__"] is not getattr(type(value), "__new__", None)
    is_a_librarys = is_class_of_library(type(value))
    is_one_of_its_kind = is_made_its_own_way or is_a_librarys or isinstance(value, enum.Enum | BaseException)
    return is_plain_object(value) and not is_one_of_its_kind and bool(content_of(value))


def _new(like: Any) -> Any:
    return object.__new__(type(like)) if is_plain_object(like) else type(like)()


def chosen(condition: Node, if_true: Node, if_false: Node) -> Node:
    """A choice, with one inside it turned outward: after `a or b` comes `a`, then `b`, as in a chain of `elif`."""
    if_true = make.constant(True) if if_true is condition else if_true
    if_false = make.constant(False) if if_false is condition else if_false
    while isinstance(condition, Map) and condition.op is logical_not:
        condition, if_true, if_false = condition.args[0], if_false, if_true
    if isinstance(condition, Select) and if_true.dtype != "bool":  # from flags one sees what follows as they are
        first, yes, no = condition.args
        if yes is make.constant(True) and isinstance(if_true, Select) and if_true.args[0] is first:
            return make.select(first, if_true.args[1], chosen(no, if_true.args[2], if_false))
        if no is make.constant(False) and isinstance(if_false, Select) and if_false.args[0] is first:
            return make.select(first, chosen(yes, if_true, if_false.args[1]), if_false.args[2])
    return make.select(condition, if_true, if_false)
