"""Two values of one name become one.

In: a condition, and what the name is where it holds and where it does not. Out: a value that is chosen between, element
by element; or the refusal to merge what has no common form, upon which the paths are traced apart.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from symdiff.ir import make
from symdiff.ir.nodes import Map, Node, Select
from symdiff.ops.piecewise import logical_not
from symdiff.tracing.tracer import Tracer, wrap
from symdiff.tracing.values import is_numeric, to_node

_PLAIN = frozenset({bool, int, float})


class CannotMerge(Exception):  # noqa: N818 (a request to trace the paths apart)
    """Two values have no common form."""


class Nothing:
    """The result of a function that has not returned yet."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = Nothing()


class Unassigned:
    """What a name holds that is not assigned for all arguments.

    sides: a condition, and what the name holds where it is true and where it is false; empty if it holds nothing.
    """

    def __init__(self, name: str, sides: tuple[Node, Any, Any] | tuple[()] = ()) -> None:
        object.__setattr__(self, "_symdiff_name", name)
        object.__setattr__(self, "_symdiff_sides", sides)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        name = object.__getattribute__(self, "_symdiff_name")
        raise UnboundLocalError(f"cannot access local variable '{name}' where it is not associated with a value")

    def __getattr__(self, _: str) -> NoReturn:
        self._refuse()

    __setattr__ = __delattr__ = _refuse
    __call__ = __iter__ = __len__ = __getitem__ = __setitem__ = __contains__ = __enter__ = _refuse
    __bool__ = __float__ = __int__ = __index__ = __complex__ = __str__ = __format__ = __hash__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __matmul__ = __rmatmul__ = _refuse
    __neg__ = __pos__ = __abs__ = __invert__ = __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = _refuse
    __round__ = __floor__ = __ceil__ = __trunc__ = __divmod__ = __rdivmod__ = _refuse
    __array_ufunc__ = __array_function__ = __array__ = _refuse


def where_known(value: Any, decided: Callable[[Node], bool | None]) -> Any:
    """The value of a name where some conditions are decided: what they chose, or assigned, is known there."""
    if type(value) is Unassigned:
        return _assigned(value, decided, {})
    node = value.node if type(value) is Tracer else None
    while node is not None:
        known = decided(node) if node.dtype == "bool" else None
        if known is not None:
            return known
        holds = decided(node.args[0]) if isinstance(node, Select) else None
        if holds is None:
            break
        node = node.args[1 if holds else 2]
    return value if node is None or node is value.node else wrap(node)


def _assigned(value: Any, decided: Callable[[Node], bool | None], found: dict[int, Any]) -> Any:
    """What a name holds, if it was assigned wherever the decided conditions say so; else the name as it is."""
    sides = _sides(value)
    if not sides:
        return value if type(value) is Unassigned else where_known(value, decided)
    if id(value) not in found:
        condition, if_true, if_false = sides
        side = decided(condition)
        if side is not None:
            found[id(value)] = _assigned(if_true if side else if_false, decided, found)
        else:
            yes, no = (_assigned(each, decided, found) for each in (if_true, if_false))
            found[id(value)] = _whole(condition, yes, no, value)
    return found[id(value)]


def _whole(condition: Node, if_true: Any, if_false: Any, partly: Unassigned) -> Any:
    """One value where both sides have one of a common form; the name as it is where they do not."""
    if type(if_true) is Unassigned or type(if_false) is Unassigned:
        return partly
    try:
        return merged(condition, if_true, if_false)
    except CannotMerge:
        return partly


def held_where_assigned(value: Any) -> Any:
    """One of the values that a name holds for some arguments; the name itself where it holds none."""
    sides = _sides(value)
    if not sides:
        return value
    first = held_where_assigned(sides[1])
    return first if type(first) is not Unassigned else held_where_assigned(sides[2])


def filled(value: Any, previous: Any, found: dict[int, Any] | None = None) -> Any:
    """What a name holds where it is assigned, and what it held before elsewhere. Raises CannotMerge."""
    found = {} if found is None else found
    if type(value) is not Unassigned:
        return value
    if id(value) not in found:
        sides = _sides(value)
        parts = [filled(side, previous, found) for side in sides[1:]]
        found[id(value)] = merged(sides[0], *parts) if sides else previous
    return found[id(value)]


def _sides(value: Any) -> tuple[Node, Any, Any] | tuple[()]:
    return object.__getattribute__(value, "_symdiff_sides") if type(value) is Unassigned else ()


def merged(condition: Node, if_true: Any, if_false: Any, name: str = "") -> Any:
    """One value for both sides. Raises CannotMerge."""
    if if_true is if_false or if_false is NOTHING:
        return if_true
    if if_true is NOTHING:
        return if_false
    if type(if_true) is Unassigned or type(if_false) is Unassigned:
        return _partly(condition, if_true, if_false, name)
    if is_numeric(if_true) and is_numeric(if_false):
        return _numbers(condition, if_true, if_false)
    if type(if_true) is type(if_false):
        return _alike(condition, if_true, if_false)
    raise CannotMerge


def _partly(condition: Node, if_true: Any, if_false: Any, name: str) -> Unassigned:
    values = if_true, if_false
    is_bare = all(type(value) is Unassigned and not _sides(value) for value in values)
    return Unassigned(name) if is_bare else Unassigned(name, (condition, if_true, if_false))


def _numbers(condition: Node, if_true: Any, if_false: Any) -> Any:
    if type(if_true) is type(if_false) and type(if_true) in _PLAIN and if_true == if_false:
        return if_true
    first, second = to_node(if_true), to_node(if_false)
    if first.shape != second.shape:
        raise CannotMerge
    return wrap(chosen(condition, first, second))


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


def _alike(condition: Node, if_true: Any, if_false: Any) -> Any:
    if isinstance(if_true, list | tuple):
        if len(if_true) != len(if_false):
            raise CannotMerge
        parts = [merged(condition, *pair) for pair in zip(if_true, if_false, strict=True)]
        if hasattr(if_true, "_fields"):
            return type(if_true)(*parts)
        return type(if_true)(parts)
    if isinstance(if_true, dict):
        if list(if_true) != list(if_false):
            raise CannotMerge
        return type(if_true)((key, merged(condition, if_true[key], if_false[key])) for key in if_true)
    if isinstance(if_true, str | bytes | range | slice | type(None)) and if_true == if_false:
        return if_true
    raise CannotMerge
