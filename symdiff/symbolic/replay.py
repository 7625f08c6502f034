"""Recorded symbols run on traced arrays.

In: values for some symbols, tracers whose shapes are known. Out: the values of the symbols made of them. While an
operation runs, new nodes remember the line where the user wrote it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff.errors import SymdiffError, TraceError
from symdiff.ir.nodes import Input, Node, ambient
from symdiff.ir.rewrite import substitute
from symdiff.symbolic.recording import Application, Recorded, ancestors, mapped
from symdiff.tracing.frames import recorded
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import to_node


class Trace:
    """What belongs to all scopes of one run.

    frozen: inputs that stand for values through which nothing is differentiated.
    """

    def __init__(self) -> None:
        self.frozen: dict[Node, Node] = {}

    def freeze(self, value: Any) -> Any:
        """A value that every derivative takes for a constant."""
        node = to_node(value)
        stand_in = Input("frozen", node.shape, node.dtype)
        self.frozen[stand_in] = node
        return wrap(stand_in)

    def thawed(self, nodes: Sequence[Node]) -> list[Node]:
        """The nodes with every frozen value put back, the last one first: it may be made of earlier ones."""
        found = list(nodes)
        for stand_in, node in reversed(self.frozen.items()):
            found = substitute(found, {stand_in: node})
        return found


class Scope:
    """The values of symbols, worked out as they are asked for.

    given: symbols whose value is set, whatever they were made of.
    outer: where everything has its value that does not depend on those.
    """

    def __init__(self, given: Mapping[Recorded, Any], outer: "Scope | None" = None) -> None:
        self.given = dict(given)
        self.outer = outer
        self.trace: Trace = Trace() if outer is None else outer.trace
        self._values: dict[Recorded, Any] = dict(given)
        self._is_own: dict[Recorded, bool] = dict.fromkeys(given, True)

    def value(self, symbol: Recorded) -> Any:
        """The value of a symbol. Raises TraceError with the user's line."""
        if symbol not in self._values:
            for found in ancestors([symbol], self._values):
                self._values[found] = self._made(found)
        return self._values[symbol]

    def node(self, symbol: Any) -> Node:
        """The value of a symbol, or a number, as a node."""
        return to_node(self.value(symbol) if isinstance(symbol, Recorded) else symbol)

    def arguments(self, application: Application) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments with values in place of symbols."""

        def leaf(value: Any) -> Any:
            return self.value(value) if isinstance(value, Recorded) else value

        args: tuple[Any, ...] = mapped(application.args, leaf)
        kwargs: dict[str, Any] = mapped(dict(application.kwargs), leaf)
        return args, kwargs

    def is_replaced(self, symbol: Recorded) -> bool:
        """Whether something stands in the place of a symbol, other than its own input."""
        scope: Scope = self
        while scope.outer is not None:
            if symbol in scope.given:
                return True
            scope = scope.outer
        return False

    def defined(self, symbol: Recorded) -> Node:
        """What a symbol is by the way it is made, where something stands in its place too."""
        assert symbol.application is not None
        for parent in symbol.application.parents:
            self.value(parent)
        return to_node(self._run(symbol.application))

    def _run(self, application: Application) -> Any:
        before = ambient.origin, recorded.origin
        ambient.origin = recorded.origin = application.origin
        try:
            return application.operation.evaluate(self, application)
        except SymdiffError as error:
            error.origin = error.origin or application.origin
            raise
        except Exception as error:
            raise _raised(error, application) from error
        finally:
            ambient.origin, recorded.origin = before

    def _made(self, symbol: Recorded) -> Any:
        if self.outer is not None and not self._depends(symbol):
            return self.outer.value(symbol)
        assert symbol.application is not None, f"{symbol!r} has no value"
        return self._run(symbol.application)

    def _depends(self, symbol: Recorded) -> bool:
        """Whether a symbol is made of given ones; what it is made of has been looked at before."""
        application = symbol.application
        own = application is not None and any(self._is_own.get(parent, False) for parent in application.parents)
        self._is_own[symbol] = own
        return own


def _raised(error: Exception, application: Application) -> TraceError:
    """An error of Python's or NumPy's own in an operation, with the user's line."""
    return TraceError(
        f"`{application.operation.name}` raises {type(error).__name__}: {error}",
        origin=application.origin,
        why="It was run on arrays of the shapes of this call, with symbols in place of numbers.",
        fix="try it on plain arrays; if it works there, write it with functions that symdiff knows",
    )
