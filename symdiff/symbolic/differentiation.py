"""How a recorded graph is differentiated, whatever stands in place of its symbols.

In: a scope, the symbols to differentiate, and those to differentiate by. Out: derivatives as nodes.

A symbol in the middle of a graph is one of many names for the same node, and its value may have been set: so the graph
is cut there. A cut is an input of its own; derivatives meet it as a variable, go on through what the symbol is made of
(unless it counts as a constant), and find its value put back in the end.
"""

from collections.abc import Collection, Sequence

from symdiff.algebra.passes import simplify
from symdiff.calculus.guards import add_all
from symdiff.calculus.rules import ZERO
from symdiff.calculus.sweeps import forward, reverse
from symdiff.ir import make
from symdiff.ir.nodes import Const, Node
from symdiff.ir.program import Program
from symdiff.ir.rewrite import substitute
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.symbolic.recording import Recorded, ancestors
from symdiff.symbolic.replay import Scope
from symdiff.tracing.tracer import Tracer, wrap


class CutGraph:
    """The graph of some symbols, cut where it is differentiated.

    outputs: their nodes, in stable forms.
    """

    def __init__(
        self, scope: Scope, symbols: Sequence[Recorded], wrt: Sequence[Recorded], constants: Collection[Recorded] = ()
    ) -> None:
        self.wrt = wrt
        self._chosen = set(wrt)
        self._constants = set(constants)
        reached = ancestors(symbols)
        self._cuts = [symbol for symbol in reached if self._is_cut(symbol, scope)]
        self._stand_ins = {
            symbol: scope.trace.stand_in(symbol.label or "cut", scope.node(symbol)) for symbol in self._cuts
        }
        self._values: dict[Node, Node] = {self._stand_ins[symbol]: scope.node(symbol) for symbol in self._cuts}
        self._inside = Scope({symbol: wrap(node) for symbol, node in self._stand_ins.items()}, scope)
        self._open = {symbol for symbol in self._cuts if self._leads_on(symbol)}
        self.variables = [self._inside.node(symbol) for symbol in wrt]
        self.outputs = stable([self._inside.node(symbol) for symbol in symbols])

    def _is_cut(self, symbol: Recorded, scope: Scope) -> bool:
        if symbol in self._constants or scope.is_replaced(symbol):
            value = scope.value(symbol)
            return isinstance(value, Tracer) and (symbol in self._chosen or not isinstance(value.node, Const))
        return symbol.application is not None and symbol in self._chosen

    def pulled(self, cotangents: Sequence[Node]) -> list[Node]:
        """Vector times Jacobian: what each variable's cotangent is, given the outputs'."""
        stand_ins = list(self._stand_ins.values())
        targets = list(dict.fromkeys([*stand_ins, *self.variables]))
        terms: dict[Node, list[Node]] = {target: [] for target in targets}

        def sweep(outputs: Sequence[Node], given: Sequence[Node]) -> None:
            for target, found in zip(targets, reverse(outputs, given, targets), strict=True):
                if found is not None:
                    terms[target].append(found)

        sweep(self.outputs, cotangents)
        for symbol in reversed(self._cuts):
            total = add_all(terms[self._stand_ins[symbol]])
            if total is not None and symbol in self._open:
                sweep([self._definition(symbol)], [total])
        found = [
            None if symbol in self._constants else add_all(terms[variable])
            for symbol, variable in zip(self.wrt, self.variables, strict=True)
        ]
        return self._restored(found, self.variables)

    def pushed(self, tangents: Sequence[Node]) -> list[Node]:
        """Jacobian times vector: what each output's tangent is, given the variables'."""
        known: dict[Node, Node] = dict(zip(self.variables, tangents, strict=True))
        for symbol in self._cuts:
            stand_in = self._stand_ins[symbol]
            if stand_in not in known and symbol in self._open:
                tangent = forward([self._definition(symbol)], list(known.values()), list(known))[0]
                if tangent is not None:
                    known[stand_in] = tangent
        found = forward(self.outputs, list(known.values()), list(known))
        return self._restored(found, self.outputs)

    @property
    def is_whole(self) -> bool:
        """Whether the derivative ends at the cuts: no variable is behind one."""
        return not self._open

    def restored(self, nodes: Sequence[Node]) -> list[Node]:
        """The nodes with values in place of cuts."""
        return substitute(nodes, self._values)

    def _leads_on(self, symbol: Recorded) -> bool:
        """Whether a derivative goes on behind a cut: it is no constant, and there is a variable."""
        if symbol.application is None or symbol in self._constants:
            return False
        behind = set(ancestors([symbol])) - {symbol}
        return any(variable in behind for variable in self.wrt)

    def _definition(self, symbol: Recorded) -> Node:
        return stable([self._inside.defined(symbol)])[0]

    def _restored(self, found: Sequence[Node | None], like: Sequence[Node]) -> list[Node]:
        """Zeros where there is no dependence, and values in place of cuts."""
        return self.restored(
            [
                make.broadcast(ZERO if node is None else node, other.shape)
                for node, other in zip(found, like, strict=True)
            ]
        )


def stable(nodes: Sequence[Node]) -> list[Node]:
    """The nodes in forms that can be differentiated without losing digits."""
    program = Program("cost", (), (), tuple(nodes), tuple_of([LEAF] * len(nodes)))
    return list(simplify(program, level="fast").outputs)
