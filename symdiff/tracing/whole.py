"""Numbers that are an `int` or a `float` to the user's code for sure, and real numbers to the graph.

In: values that the user's code computes with. Out: tracers that stay whole numbers through Python's own operators, and
answers of `isinstance` and `type`. `str(int(x))` is "2", and never "2.0".
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from symdiff.ir.nodes import Input, Node
from symdiff.tracing import forking
from symdiff.tracing.frames import type_for_the_reader, user_origin
from symdiff.tracing.number_kinds import may_be_an_int, refuse_to_tell
from symdiff.tracing.tracer import ArrayTracer, Tracer, wrap

EXACT = 2.0**53  # of which, and of no number beyond, floating-point numbers hold every whole one


class WholeTracer(Tracer):
    """A traced number that is an `int` when the function runs on numbers."""

    __slots__ = ()

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type_for_the_reader(int)

    def of_its_type(self, number: Any) -> Any:
        return int(number)

    def _shown(self, make_text: Callable[[Any], str]) -> str:
        return make_text(int(self._known("str")))

    def __pos__(self) -> Any:
        return self

    __copy__ = __trunc__ = __floor__ = __ceil__ = __pos__

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def __pow__(self, other: Any) -> Any:
        found = Tracer.__pow__(self, other)
        return whole(found) if type(other) is int and other >= 0 else found


class FloatTracer(Tracer):
    """A traced number that is a `float` of Python's, as `float(x)` says: no number of NumPy's, nor a whole one."""

    __slots__ = ()

    def of_its_type(self, number: Any) -> Any:
        return float(number)

    def _shown(self, make_text: Callable[[Any], str]) -> str:
        return make_text(float(self._known("str")))


def _staying(name: str) -> Callable[..., Any]:
    """An operator of Python's that makes whole numbers of whole numbers."""
    operation = getattr(Tracer, name)

    def method(self: WholeTracer, *others: Any) -> Any:
        found = operation(self, *others)
        return whole(found) if all(map(is_pythons_int, others)) else found

    return method


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "floordiv", "rfloordiv", "mod", "rmod", "neg", "abs"):
    setattr(WholeTracer, f"__{_name}__", _staying(f"__{_name}__"))


def is_pythons_int(value: Any) -> bool:
    """Whether a value is an `int`, or a truth value, with which Python computes as with one."""
    return type(value) in (int, bool, WholeTracer)


def whole(value: Any) -> Any:
    """A result that is an `int`: numbers that are in it become whole ones."""
    if type(value) is tuple:
        return tuple(map(whole, value))
    return _whole_number(value.node) if _is_number(value) else value


class NotExact(forking.Request):
    """Whole numbers on the path are larger than floating-point numbers hold: they are to be numbers of Python's."""


def _whole_number(node: Node) -> Any:
    """An `int`: traced; or a number, on a path whose whole numbers must be exact."""
    followed = forking.following()
    if followed is None:
        return WholeTracer(node)
    if followed.is_exact:
        return int(forking.settled(node, "int", user_origin()))
    with suppress(KeyError):  # of a trace further out
        if abs(followed.value(node)) > EXACT:
            raise NotExact
    return WholeTracer(node)


def as_float(value: Any) -> Any:
    """A result that is a `float`."""
    return FloatTracer(value.node) if _is_number(value) else value


def _is_number(value: Any) -> bool:
    return type(value) is Tracer and value.node.dtype == "real"


def argument_of(leaf: Input, is_an_int: bool) -> Any:
    """What the function gets as an argument."""
    if leaf.shape:
        return ArrayTracer(leaf, is_shared=True)
    return _whole_number(leaf) if is_an_int else Tracer(leaf)


def chosen_number(node: Node, sides: tuple[Any, Any]) -> Any:
    """The tracer of a choice between two numbers."""
    return whole(wrap(node)) if all(map(is_pythons_int, sides)) else wrap(node)


def is_instance(value: Any, kinds: Any) -> bool:
    """`isinstance(value, kinds)`; a refusal where it depends on whether a number is an `int`."""
    is_unclear = type(value) is Tracer and may_be_an_int(value.node)
    if is_unclear and isinstance(0, kinds) is not isinstance(0.0, kinds):
        refuse_to_tell(value.node, "isinstance")
    return isinstance(value, kinds)


def class_of(value: Any) -> Any:
    """`type(value)`; a refusal where it may be `int`."""
    if type(value) is Tracer and may_be_an_int(value.node):
        refuse_to_tell(value.node, "type(…)")
    return value.__class__
