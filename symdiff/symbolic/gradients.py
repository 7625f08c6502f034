"""Derivatives of symbols by symbols: `grad`, `jacobian`, `hessian`, `Lop`, `Rop`.

In: costs and the symbols to differentiate by, wherever in the graph they are. Out: symbols of the derivatives, to be
used like any others and differentiated again.
"""

import functools
import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from symdiff.algebra.passes import simplify
from symdiff.calculus import derivatives
from symdiff.errors import (
    ArgumentError,
    DisconnectedInputError,
    ScalarOutputError,
    ShapeError,
    UnsupportedError,
    short_traceback,
)
from symdiff.ir import make
from symdiff.ir.nodes import Node
from symdiff.ir.program import Parameter, Program
from symdiff.symbolic.differentiation import CutGraph
from symdiff.symbolic.recording import Application, Operation, Recorded, Writer, ancestors
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Symbol, declared_at, parts, record
from symdiff.symbolic.wiring import pairs_of
from symdiff.tracing.tracer import wrap

Disconnected = Literal["raise", "warn", "ignore"]


class Barrier(Operation):
    """A value that every derivative takes for a constant."""

    def __init__(self, name: str) -> None:
        self.name = name

    def evaluate(self, scope: Scope, application: Application) -> Any:
        return scope.trace.freeze(scope.value(application.args[0]))


DISCONNECTED = Barrier("disconnected_grad")
ZERO_GRADIENT = Barrier("zero_grad")


class _Pull(Operation):
    """Cotangents of the outputs, pulled back: `args` are outputs, cotangents, variables and constants."""

    has_parts = True

    def __init__(self, name: str) -> None:
        self.name = name

    def evaluate(self, scope: Scope, application: Application) -> Any:
        outputs, cotangents, wrt, constants = application.args
        graph = CutGraph(scope, outputs, wrt, constants)
        what = "the point of Lop at an expression" if self.name == "Lop" else "the known gradient by an expression"
        pairs = zip(cotangents, graph.outputs, strict=True)
        given = [_cotangent(scope, cotangent, node, what) for cotangent, node in pairs]
        return [wrap(node) for node in graph.pulled(given)]

    def derivative_of(self, application: Application) -> tuple[Sequence[Recorded], Sequence[Recorded]]:
        outputs, _, wrt, _ = application.args
        return outputs, wrt

    def written_part(self, writer: Writer, application: Application, position: int) -> str:
        outputs, cotangents, wrt, _ = application.args
        shown = [writer.text(outputs[0] if len(outputs) == 1 else outputs), writer.text(wrt[position])]
        if cotangents[0] is not None:
            shown.append(writer.text(cotangents[0] if len(cotangents) == 1 else cotangents))
        return f"{self.name}({', '.join(shown)})"


class _Push(Operation):
    """Tangents of the variables, pushed forward: `args` are outputs, variables and tangents."""

    name = "Rop"
    has_parts = True

    def evaluate(self, scope: Scope, application: Application) -> Any:
        outputs, wrt, tangents = application.args
        graph = CutGraph(scope, outputs, wrt)
        given = [
            _fitting(scope.node(t), node, "the point of Rop by a symbol")
            for t, node in zip(tangents, graph.variables, strict=True)
        ]
        return [wrap(node) for node in graph.pushed(given)]

    def derivative_of(self, application: Application) -> tuple[Sequence[Recorded], Sequence[Recorded]]:
        outputs, wrt, _ = application.args
        return outputs, wrt

    def written_part(self, writer: Writer, application: Application, position: int) -> str:
        outputs, wrt, tangents = application.args
        behind = [writer.text(each[0] if len(each) == 1 else each) for each in (wrt, tangents)]
        return f"Rop({', '.join([writer.text(outputs[position]), *behind])})"


class _Whole(Operation):
    """All derivatives of one output: `args` are the output and the variables."""

    has_parts = True

    def __init__(self, name: str, derive: Callable[[Program, Sequence[str]], Program]) -> None:
        self.name = name
        self.derive = derive

    def evaluate(self, scope: Scope, application: Application) -> Any:
        output, wrt = application.args
        graph = CutGraph(scope, [output], wrt)
        if not graph.is_whole:
            raise UnsupportedError(
                f"{self.name} by symbols made of each other, or through a substituted symbol, is not supported",
                why="The symbols do not vary independently of each other.",
                fix=f"by one symbol at a time: {self.name}(y, w), {self.name}(y, v)"
                if len(wrt) > 1
                else f"substitute first: {self.name}(clone(y, {{w: value}}), x) in place of givens",
            )
        names = [f"x{position}" for position in range(len(wrt))]
        parameters = tuple(Parameter(name) for name in names)
        program = Program(self.name, parameters, tuple(graph.variables), tuple(graph.outputs))  # type: ignore[arg-type]
        return [wrap(node) for node in graph.restored(self.derive(program, names).outputs)]

    def written_part(self, writer: Writer, application: Application, position: int) -> str:
        output, wrt = application.args
        shown = wrt[position % len(wrt)]
        return f"{self.name}({writer.text(output)}, {writer.text(shown)})"


def _jacobian(program: Program, names: Sequence[str]) -> Program:
    return derivatives.jacobian(program, names)


def _hessian(program: Program, names: Sequence[str]) -> Program:
    (output,) = program.outputs
    if output.shape:
        raise _not_scalar(output, "the Hessian", "sum or average it: hessian(cost.sum(), w)")
    return derivatives.hessian(program, names, simplify)


JACOBIAN = _Whole("jacobian", _jacobian)
HESSIAN = _Whole("hessian", _hessian)


@short_traceback
def grad(
    cost: Symbol | None,
    wrt: Any,
    *,
    consider_constant: Symbol | Sequence[Symbol] = (),
    disconnected_inputs: Disconnected = "raise",
    known_grads: Mapping[Symbol, Any] | None = None,
) -> Any:
    """The derivative of a scalar by a symbol, or the list of those by several, each in the shape of its symbol.

    wrt: inputs, shared variables, or expressions that the cost is made of.
    consider_constant: expressions through which nothing is differentiated.
    disconnected_inputs: what is done where the cost is not made of a symbol: raise, warn or ignore (zeros).
    known_grads: derivatives that are known, by expression; the cost may be None then.

    Raises DisconnectedInputError. A cost that is no scalar is refused with ScalarOutputError when its shape is known.

    >>> from symdiff.symbolic import function, pp, scalar
    >>> x = scalar("x")
    >>> slope = function([x], grad(x**2, x))
    >>> slope(4.0), pp(slope)
    (8.0, '(2.0 * x)')
    """
    known = dict(pairs_of(known_grads, "known_grads"))
    constants = _listed(consider_constant)
    if cost is None and not known:
        raise ArgumentError("grad needs a cost, or known_grads", fix="grad(cost, w)")
    outputs = [*([] if cost is None else [cost]), *known]
    chosen = _chosen(wrt, outputs)
    _meet_disconnected(outputs, chosen, constants, disconnected_inputs)
    terms = [
        _pulled(output, known.get(output), chosen, [*constants, *(other for other in known if other is not output)])
        for output in outputs
    ]
    found = [
        known.get(symbol, functools.reduce(operator.add, each)) for symbol, *each in zip(chosen, *terms, strict=True)
    ]
    return found if isinstance(wrt, list | tuple) else found[0]


def _pulled(output: Symbol, cotangent: Any, wrt: Sequence[Symbol], constants: Sequence[Symbol]) -> list[Symbol]:
    """What one output contributes: the ways through the expressions whose derivative is known are closed."""
    return parts(record(_Pull("grad"), [output], [cotangent], list(wrt), list(constants)), len(wrt))


@short_traceback
def Lop(f: Any, wrt: Any, eval_points: Any, *, disconnected_inputs: Disconnected = "raise") -> Any:  # noqa: N802 (Theano's name)
    """Vector times Jacobian of one expression or several, by one symbol or a list of them.

    >>> from symdiff.symbolic import function, vectors
    >>> x, v = vectors("x", "v")
    >>> function([x, v], Lop(x**2, x, v))([1.0, 2.0], [1.0, 10.0])
    array([ 2., 40.])
    """
    outputs, points = _listed(f), _listed(eval_points)
    _same_number(outputs, points, "Lop", "expression")
    chosen = _chosen(wrt, outputs)
    _meet_disconnected(outputs, chosen, (), disconnected_inputs)
    found = parts(record(_Pull("Lop"), outputs, points, chosen, []), len(chosen))
    return found if isinstance(wrt, list | tuple) else found[0]


@short_traceback
def Rop(f: Any, wrt: Any, eval_points: Any, *, disconnected_inputs: Disconnected = "raise") -> Any:  # noqa: N802 (Theano's name)
    """Jacobian times vector of one expression or several, by one symbol or a list of them.

    >>> from symdiff.symbolic import function, matrix, vectors
    >>> W = matrix("W")
    >>> x, v = vectors("x", "v")
    >>> function([W, x, v], Rop(W @ x**2, x, v))([[1.0, 1.0]], [1.0, 2.0], [1.0, 10.0])
    array([42.])
    """
    outputs, points = _listed(f), _listed(eval_points)
    chosen = _chosen(wrt, outputs)
    _same_number(chosen, points, "Rop", "symbol")
    _meet_disconnected(outputs, chosen, (), disconnected_inputs)
    found = parts(record(_Push(), outputs, chosen, points), len(outputs))
    return found if isinstance(f, list | tuple) else found[0]


@short_traceback
def jacobian(expression: Symbol, wrt: Any, *, disconnected_inputs: Disconnected = "raise") -> Any:
    """The derivatives of all elements: an array of the expression's shape followed by the symbol's, or a list of them.

    >>> from symdiff.symbolic import function, vector
    >>> x = vector("x")
    >>> function([x], jacobian(x**2, x))([4.0, 4.0])
    array([[8., 0.],
           [0., 8.]])
    """
    return _whole(JACOBIAN, expression, wrt, disconnected_inputs, lambda whole, count: parts(whole, count))


@short_traceback
def hessian(cost: Symbol, wrt: Any, *, disconnected_inputs: Disconnected = "raise") -> Any:
    """The second derivatives of a scalar by a symbol; for a list of symbols, the list of the blocks on the diagonal.

    >>> import numpy as np
    >>> from symdiff.symbolic import function, vector
    >>> x = vector("x")
    >>> function([x], hessian(np.sum(x**3), x))([1.0, 2.0])
    array([[ 6.,  0.],
           [ 0., 12.]])
    """
    return _whole(
        HESSIAN,
        cost,
        wrt,
        disconnected_inputs,
        lambda whole, count: [parts(whole, count * count)[position * (count + 1)] for position in range(count)],
    )


def disconnected_grad(expression: Symbol) -> Symbol:
    """The same value, through which no derivative goes; to be differentiated by what is behind it only is an error."""
    return record(DISCONNECTED, expression)


def zero_grad(expression: Symbol) -> Symbol:
    """The same value, with zero for every derivative through it."""
    return record(ZERO_GRADIENT, expression)


def _whole(
    operation: _Whole,
    output: Symbol,
    wrt: Any,
    disconnected_inputs: Disconnected,
    blocks: Callable[[Symbol, int], list[Symbol]],
) -> Any:
    chosen = _chosen(wrt, [output])
    _meet_disconnected([output], chosen, (), disconnected_inputs)
    found = blocks(record(operation, output, chosen), len(chosen))
    return found if isinstance(wrt, list | tuple) else found[0]


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def _chosen(wrt: Any, outputs: Sequence[Any]) -> list[Symbol]:
    chosen = _listed(wrt)
    for what, symbols in (("by a symbol, not by", chosen), ("of a symbol, not of", outputs)):
        for symbol in symbols:
            if not isinstance(symbol, Symbol):
                raise ArgumentError(f"a derivative is {what} {symbol!r:.60}", fix='x = scalar("x"); grad(x**2, x)')
    if not chosen:
        raise ArgumentError("name at least one symbol to differentiate by", fix="grad(cost, [w, b])")
    return chosen


def _same_number(symbols: Sequence[Any], points: Sequence[Any], name: str, what: str) -> None:
    if len(symbols) != len(points):
        raise ArgumentError(
            f"{name} takes one evaluation point for each {what}: {len(points)} for {len(symbols)}",
            fix="a list of as many points, [u, np.zeros_like(z)], zeros where there is none",
        )


class _Closed:
    """Where no derivative goes on."""

    def __init__(self, constants: Sequence[Recorded]) -> None:
        self._constants = set(constants)

    def __contains__(self, symbol: object) -> bool:
        application = symbol.application if isinstance(symbol, Recorded) else None
        return symbol in self._constants or (application is not None and application.operation is DISCONNECTED)


def _meet_disconnected(
    outputs: Sequence[Symbol], wrt: Sequence[Symbol], constants: Sequence[Symbol], what_to_do: Disconnected
) -> None:
    if what_to_do not in ("raise", "warn", "ignore"):
        raise ArgumentError(
            f"disconnected_inputs is raise, warn or ignore, not {what_to_do!r}", fix='disconnected_inputs="ignore"'
        )
    if what_to_do == "ignore":
        return
    reached = set(ancestors(outputs, _Closed(constants)))
    for symbol in wrt:
        if symbol not in reached:
            summary = f"the cost is not made of {symbol!r}"
            if what_to_do == "warn":
                warnings.warn(summary, UserWarning, stacklevel=4)
                continue
            raise DisconnectedInputError(
                summary,
                origin=declared_at(),
                why=f"Its derivative by {symbol!r} is 0 everywhere.",
                fix=f'leave {symbol!r} out, or disconnected_inputs="ignore" for zeros',
            )


def _cotangent(scope: Scope, given: Any, output: Node, what: str) -> Node:
    """The given cotangent, or 1 for a cost."""
    if given is not None:
        return _fitting(scope.node(given), output, what)
    if output.shape:
        raise _not_scalar(
            output,
            "the gradient",
            "sum or average it, grad(cost.sum(), w), or jacobian(cost, w) for the derivatives of all elements",
        )
    return make.constant(1.0)


def _fitting(given: Node, node: Node, what: str) -> Node:
    if given.shape != node.shape:
        raise ShapeError(
            f"{what} of shape {node.shape} has shape {given.shape}",
            why="There is one number for each of its elements.",
            fix=f"an array of shape {node.shape}, such as np.ones_like(y) where y has this shape",
        )
    return given


def _not_scalar(output: Node, what: str, fix: str) -> ScalarOutputError:
    return ScalarOutputError(f"{what} needs a scalar cost, and this one has shape {output.shape}", fix=fix)
