"""What a name holds that is not assigned: for no argument, or for some of them only.

In: a name, and what it holds on both sides of a condition. Out: an object that refuses whatever is done with it, as
Python does.
"""

from typing import Any, NoReturn

from symdiff.ir.nodes import Node


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

    def _fail(self, *_: Any, **__: Any) -> NoReturn:
        name = object.__getattribute__(self, "_symdiff_name")
        raise UnboundLocalError(f"cannot access local variable '{name}' where it is not associated with a value")

    def __getattr__(self, _: str) -> NoReturn:
        self._fail()

    __setattr__ = __delattr__ = _fail
    __call__ = __iter__ = __len__ = __getitem__ = __setitem__ = __contains__ = __enter__ = _fail
    __bool__ = __float__ = __int__ = __index__ = __complex__ = __str__ = __format__ = __hash__ = _fail
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _fail
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __matmul__ = __rmatmul__ = _fail
    __neg__ = __pos__ = __abs__ = __invert__ = __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = _fail
    __round__ = __floor__ = __ceil__ = __trunc__ = __divmod__ = __rdivmod__ = _fail
    __array_ufunc__ = __array_function__ = __array__ = _fail


def sides_of(value: Any) -> tuple[Node, Any, Any] | tuple[()]:
    """A condition, and what a name holds that is not assigned everywhere; nothing for any other value."""
    return object.__getattribute__(value, "_symdiff_sides") if type(value) is Unassigned else ()


def is_bare(value: Any) -> bool:
    """Whether it is what a name holds that is assigned for no argument."""
    return type(value) is Unassigned and not sides_of(value)


def deleted(value: Any, name: str) -> Unassigned:
    """What a name holds after `del`; it must have held something."""
    if type(value) is Unassigned:
        value._refuse()
    return Unassigned(name)
