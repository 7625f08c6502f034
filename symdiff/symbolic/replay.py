"""Recorded symbols run on traced arrays.

In: values for some symbols, tracers whose shapes are known. Out: the values of the symbols made of them. While an
operation runs, new nodes remember the line where the user wrote it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from symdiff.errors import SymdiffError, TraceError
from symdiff.ir.nodes import Input, Node, ambient
from symdiff.ir.rewrite import substitute
from symdiff.symbolic.recording import Application, Operation, Recorded, ancestors, mapped
from symdiff.tracing.describe import in_the_users_terms
from symdiff.tracing.following import Following, Guard
from symdiff.tracing.frames import recorded
from symdiff.tracing.numpy_indexing import is_whole
from symdiff.tracing.tracer import wrap
from symdiff.tracing.values import to_node


class Trace:
    """What belongs to all scopes of one run.

    following: what is known of the call whose path is followed.
    draws: inputs for random numbers, and what draws them.
    """

    def __init__(self) -> None:
        self.following: Following | None = None
        self.draws: dict[Input, Operation] = {}
        self._drawn: dict[tuple[Operation, tuple[int, ...]], Input] = {}
        self._frozen: dict[Node, Node] = {}
        self._stood_for: dict[Node, Node] = {}  # by all inputs that are none of the function's

    def freeze(self, value: Any) -> Any:
        """A value that every derivative takes for a constant."""
        node = to_node(value)
        stand_in = self.stand_in("frozen", node)
        self._frozen[stand_in] = node
        return wrap(stand_in)

    def stand_in(self, name: str, node: Node) -> Input:
        """An input that stands for a node; its value is known where that of the node is."""
        made = Input(name, node.shape, node.dtype, is_whole=node.dtype == "real" and is_whole(node))
        self._stood_for[made] = node
        if self.following is not None:
            self.following.define(made, node)
        return made

    def drawn(self, draw: Operation, steps: tuple[int, ...], shape: Any) -> Any:
        """The random numbers of a draw in these steps of loops."""
        if (draw, steps) not in self._drawn:
            made = self._drawn[draw, steps] = Input(draw.name, shape)
            self.draws[made] = draw
        return wrap(self._drawn[draw, steps])

    def thawed(self, nodes: Sequence[Node]) -> list[Node]:
        """The nodes with every frozen value put back."""
        return _put_back(nodes, self._frozen)

    def guards(self) -> list[Guard]:
        """What has been decided on the path that is followed, in terms of the function's own inputs."""
        if self.following is None:
            return []
        found = list(self.following.guards.values())
        nodes = _put_back([guard.node for guard in found], self._stood_for)
        return [replace(guard, node=node) for guard, node in zip(found, nodes, strict=True)]


class Scope:
    """The values of symbols, worked out as they are asked for.

    given: symbols whose value is set, whatever they were made of.
    outer: where everything has its value that does not depend on those.
    step: the number of the step of a loop that the scope is of.
    own: symbols that have another value in every step, though they depend on nothing.
    """

    def __init__(
        self,
        given: Mapping[Recorded, Any],
        outer: "Scope | None" = None,
        *,
        step: int | None = None,
        own: Sequence[Recorded] = (),
    ) -> None:
        self.given = dict(given)
        self.outer = outer
        around = () if outer is None else outer.steps
        self.steps: tuple[int, ...] = around if step is None else (*around, step)
        self.trace: Trace = Trace() if outer is None else outer.trace
        self._values: dict[Recorded, Any] = dict(given)
        self._is_own: dict[Recorded, bool] = dict.fromkeys([*given, *own], True)

    def value(self, symbol: Recorded) -> Any:
        """The value of a symbol. Raises TraceError with the user's line."""
        if symbol not in self._values:
            for found in ancestors([symbol], self._values):
                self._values[found] = self._made(found)
        return self._values[symbol]

    def node(self, symbol: Any) -> Node:
        """The value of a symbol, or a number, as a node."""
        try:
            return to_node(self.value(symbol) if isinstance(symbol, Recorded) else symbol)
        except TypeError as error:  # its operation gives what is no number, `full(3, "a")`
            if not isinstance(symbol, Recorded) or symbol.application is None:
                raise
            raise _raised(error, symbol.application) from error

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
        parents = application.parents if application is not None else ()
        own = any(self._is_own.get(each, False) for each in (symbol, *parents))
        self._is_own[symbol] = own
        return own


def _put_back(nodes: Sequence[Node], values: Mapping[Node, Node]) -> list[Node]:
    """The nodes with values in place of what stands for them, the last one first: it may be made of earlier ones."""
    found = list(nodes)
    for stand_in, node in reversed(list(values.items())):
        found = substitute(found, {stand_in: node})
    return found


def _raised(error: Exception, application: Application) -> TraceError:
    """An error of Python's or NumPy's own in an operation, with the user's line."""
    return TraceError(
        f"`{application.operation.name}` raises {type(error).__name__}: {in_the_users_terms(str(error))}",
        origin=application.origin,
        why="It was run on arrays of the shapes of this call, with symbols in place of numbers.",
        fix="try it on plain arrays; if it works there, write it with functions that symdiff knows",
    )
