"""Lengths that stay open, in the user's hands: what `x.shape[0]` and `len(x)` give.

In: arithmetic with ints and other lengths, as for shapes. Out: lengths again; with anything else, `loss / n`, a traced
number. Asked for its number, for a loop or a decision that depends on the sizes, a length refuses with the line.
"""

import operator
from collections.abc import Callable
from typing import Any, NoReturn

from symdiff.errors import ShapeError
from symdiff.ir.lengths import Length, is_less
from symdiff.ir.nodes import Size
from symdiff.tracing import tracer
from symdiff.tracing.dimensions import length_of
from symdiff.tracing.forking import refuse
from symdiff.tracing.frames import user_origin
from symdiff.tracing.tracer import Tracer, wrap


def _whole(name: str) -> Callable[["LengthTracer", Any], Any]:
    """An operator that makes a length of lengths."""
    apply = getattr(operator, name.replace("__r", "__") if name.startswith("__r") else name)

    def method(self: "LengthTracer", other: Any) -> Any:
        length = length_of(other)
        if length is None:
            return getattr(Tracer, name)(self, other)
        pair = (length, self.length) if name.startswith("__r") else (self.length, length)
        try:
            return wrap(apply(*pair))
        except ShapeError as error:
            error.origin = user_origin()
            refuse(error)

    return method


class LengthTracer(Tracer):
    """A length; its node is a Size."""

    __slots__ = ()

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return int

    @property
    def length(self) -> Length:
        assert isinstance(self.node, Size)
        return self.node.length

    __add__ = _whole("__add__")
    __radd__ = _whole("__radd__")
    __sub__ = _whole("__sub__")
    __rsub__ = _whole("__rsub__")
    __mul__ = _whole("__mul__")
    __rmul__ = _whole("__rmul__")
    __floordiv__ = _whole("__floordiv__")
    __rfloordiv__ = _whole("__rfloordiv__")
    __mod__ = _whole("__mod__")
    __rmod__ = _whole("__rmod__")
    __lt__ = _whole("__lt__")
    __le__ = _whole("__le__")
    __gt__ = _whole("__gt__")
    __ge__ = _whole("__ge__")

    def __neg__(self) -> Any:
        return wrap(-self.length)

    def __pow__(self, other: Any) -> Any:
        if type(other) is not int or other < 1:
            return Tracer.__pow__(self, other)
        result = self
        for _ in range(other - 1):
            result = result * self
        return result

    def __eq__(self, other: Any) -> Any:
        """Whether both are the same for all sizes; refused where that depends on them."""
        length = length_of(other)
        if length is None:
            return super().__eq__(other)
        if length == self.length:
            return True
        if is_less(length, self.length) or is_less(self.length, length):
            return False
        return refuse(
            ShapeError(
                f"whether the lengths {self.length} and {length} are the same depends on the sizes",
                origin=user_origin(),
                why="The generated code holds for every length, so nothing may be chosen by one now.",
                fix='shapes={"x": "n", "y": "n"}, the same name for the same length; or a number for each',
            )
        )

    def __ne__(self, other: Any) -> Any:
        same = self == other
        return not same if isinstance(same, bool) else super().__ne__(other)

    def __hash__(self) -> int:
        return hash(self.length)

    def __bool__(self) -> bool:
        return bool(self > 0)

    def __index__(self) -> int:
        refuse(
            ShapeError(
                f"the length {self.length} was asked for its number: a loop over it, or a repetition",
                origin=user_origin(),
                why="The generated code holds for every length, so nothing can be counted out while it is traced.",
                fix='state the length as a number, shapes={"x": 10}, or use functions of whole arrays: np.sum, x[1:]',
            )
        )

    __int__ = __index__

    def __repr__(self) -> str:
        return f"<traced length {self.length}>"


def refuse_loop(array: Any) -> NoReturn:
    """Refuses to go through an array one element after the other."""
    refuse(
        ShapeError(
            f"a loop over an array of {array.node.shape[0]} elements, which stay open",
            origin=user_origin(),
            why="The generated code holds for every length, so the rounds cannot be counted while it is traced.",
            fix='state the length as a number, shapes={"x": 10}, or use functions of whole arrays: np.sum, x[1:]',
        )
    )


tracer.TRACERS[Size] = LengthTracer
tracer.ArrayTracer.on_open_loop = refuse_loop
