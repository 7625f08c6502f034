"""What happens when a traced value is asked for its number.

In: a node, and Python's or NumPy's request to make a bool, a float, an index, an array or a text of it. Out: the number
where it is the same for all arguments; a decision of the session for a truth value; else a refusal with the line.
"""

import sys
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from symdiff.errors import ShapeError
from symdiff.ir import make
from symdiff.ir.nodes import Const, Node, ambient
from symdiff.ops import piecewise
from symdiff.tracing import forking
from symdiff.tracing.conversions import cannot_convert, cannot_hash, is_indexing
from symdiff.tracing.frames import is_users, user_origin
from symdiff.tracing.number_kinds import text_of
from symdiff.tracing.texts import formula, is_asked


class SafetyNet:
    """The requests for a number. A subclass is made of a node."""

    __slots__ = ("node",)

    node: Node

    def __bool__(self) -> bool:
        node = self.node
        session, origin = forking.current_session(), user_origin()
        if isinstance(node, Const) and not node.shape:
            if session is not None:
                session.asked(node, origin)
            return bool(node.value)
        if session is None:
            forking.refuse(cannot_convert(node, "bool", origin))
        if node.size != 1:
            error = ShapeError(
                f"the truth value of an array of shape {node.shape} is ambiguous",
                origin=origin,
                why="An `if` needs one condition.",
                fix="use np.any(...) or np.all(...), or choose element by element with np.where(condition, a, b)",
            )
            forking.refuse(error)
        ambient.origin = origin
        condition = make.reshape(node, ())
        if condition.dtype != "bool":
            condition = make.apply(piecewise.not_equal, (condition, 0.0))
        return session.decide(condition, origin)

    def __float__(self) -> float:
        return float(self._known("float"))

    def __int__(self) -> int:
        return int(self._known("int"))

    def __index__(self) -> int:
        value = self._known("index")
        if value != int(value):
            raise TypeError(f"{value} is not an integer")
        return int(value)

    def __complex__(self) -> complex:
        return complex(self._known("complex"))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self._known("index" if is_indexing(user_origin()) else "array"), dtype=dtype)

    def __str__(self) -> str:
        return self._text() or self._shown(str)

    def __format__(self, specification: str) -> str:
        return self._text() or self._shown(lambda number: format(number, specification))

    def __repr__(self) -> str:
        if is_asked() or is_users(sys._getframe(1)):
            return self._shown(repr)
        return self._text() or f"<traced {f'array of shape {self.node.shape}' if self.node.shape else 'number'}>"

    def _shown(self, make_text: Callable[[Any], str]) -> str:
        """The text of the number."""
        return text_of(self.node, self._known("str"), make_text)

    def _text(self) -> str | None:
        """What stands for the value in a text that is only shown."""
        return None if isinstance(self.node, Const) else formula(self.node)

    def __hash__(self) -> int:
        if isinstance(self.node, Const) and not self.node.shape:
            return hash(self.node.value)
        if forking.following() is None:
            forking.refuse(cannot_hash(self.node, user_origin()))
        return hash(forking.settled(self.node, "hash", user_origin()))

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        forking.refuse(cannot_convert(self.node, "bytes", user_origin()))

    def _known(self, how: str) -> Any:
        """The value of a node that is the same for all arguments, or on the path that is followed; else a refusal."""
        if isinstance(self.node, Const):
            return self.node.value
        return forking.settled(self.node, how, user_origin())
