"""The Program of a wiring, for one set of shapes.

In: a Wiring, and the shapes of its inputs and shared variables. Out: a Program whose parameters are the inputs and the
shared variables that are read, and whose result is the pair of the outputs and the tuple of the new values.
"""

import inspect
import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symdiff.algebra.passes import Level, simplify
from symdiff.errors import ShapeError
from symdiff.ir.collector import rarely_collected
from symdiff.ir.lengths import named
from symdiff.ir.nodes import Input, Node, ambient
from symdiff.ir.program import EMPTY, Parameter, Program
from symdiff.ir.structure import LEAF, Structure, structure_of, tuple_of
from symdiff.symbolic.random_streams import Draw
from symdiff.symbolic.replay import Scope, Trace
from symdiff.symbolic.symbol import Symbol, declaring, fits, rank_name
from symdiff.symbolic.wiring import Wiring
from symdiff.tracing.following import Following
from symdiff.tracing.forking import explore
from symdiff.tracing.tracer import wrap

Shape = tuple[Any, ...]
Draws = Sequence[tuple[Draw, Any]]
_NOTHING = structure_of([])


@dataclass(frozen=True)
class Specialised:
    """What a wiring is for one set of shapes.

    program: of the inputs, the shared variables that are read, and what is drawn.
    draws: what draws the last parameters, and their shapes.
    """

    program: Program
    draws: Draws


@rarely_collected()
def specialised(
    wiring: Wiring, shapes: Sequence[Shape], name: str, level: Level, values: Sequence[Any] | None = None
) -> Specialised:
    """The Program for these shapes: of the inputs first, then of the shared variables that are read.

    values: of both, where the path of one call is followed; the Program has guards then, and holds for calls that give
        them the same values.

    Raises TraceError, or one of its kinds, with the user's line where the shapes do not fit together.
    """
    names = _parameter_names(wiring)
    symbols: list[Symbol] = [*(given.variable for given in wiring.inputs), *wiring.shared]
    inputs = [
        Input(label, shape, is_whole=symbol.is_whole)
        for label, symbol, shape in zip(names, symbols, shapes, strict=True)
    ]
    leaves: dict[Symbol, Input] = dict(zip(symbols, inputs, strict=True))
    before = ambient.origin, ambient.rule
    ambient.rule = ""
    try:
        outputs, trace = _replayed(wiring, leaves) if values is None else _followed(wiring, leaves, values)
        guards = trace.guards()
    finally:
        ambient.origin, ambient.rule = before
    drawn = _unlike([leaf.name for leaf in trace.draws], names)
    program = Program(
        name=name,
        parameters=(*_parameters(wiring, names), *map(Parameter, drawn)),
        inputs=(*inputs, *trace.draws),
        outputs=tuple(outputs),
        structure=_structure(wiring),
        guards=tuple(guards),
    )
    draws = [(draw, leaf.shape) for leaf, draw in trace.draws.items() if isinstance(draw, Draw)]
    return Specialised(simplify(program, level=level), draws)


def _followed(wiring: Wiring, leaves: Mapping[Symbol, Input], values: Sequence[Any]) -> tuple[Sequence[Node], Trace]:
    """The outputs and the new values on the path of one call."""
    varying = [leaf for symbol, leaf in leaves.items() if not symbol.is_whole]
    following = Following(dict(zip(leaves.values(), values, strict=True)), varying)
    (path,) = explore(lambda session: _replayed(wiring, leaves, following), following=following)
    found: tuple[Sequence[Node], Trace] = path.value
    return found


def _replayed(
    wiring: Wiring, leaves: Mapping[Symbol, Input], following: Following | None = None
) -> tuple[Sequence[Node], Trace]:
    """The outputs and the new values, and what else the run has found."""
    outside = Scope({symbol: wrap(leaf) for symbol, leaf in leaves.items()})
    outside.trace.following = following
    scope = outside
    if wiring.givens:
        scope = Scope({symbol: _in_place_of(symbol, outside, value) for symbol, value in wiring.givens}, outside)
    outputs = [scope.node(output) for output in wiring.outputs]
    news = [_new_value(variable, scope.node(value)) for variable, value in wiring.updates]
    return scope.trace.thawed([*outputs, *news]), scope.trace


def as_emitted(program: Program, wiring: Wiring) -> Program:
    """The Program as a module shows it: shared variables by keyword; without the pair where there are no updates."""
    count = len(wiring.inputs)
    parameters = [
        replace(parameter, kind=inspect.Parameter.KEYWORD_ONLY) if position >= count else parameter
        for position, parameter in enumerate(program.parameters)
    ]
    outputs = list(program.outputs[: len(wiring.outputs)])
    news = new_values(program, wiring)
    names = sorted(news)
    structure = Structure("dict", tuple(names), (LEAF,) * len(names))
    if not wiring.updates:
        structure = program.structure.parts[0]
    elif wiring.structure is not None:
        structure = tuple_of([wiring.structure, structure])
    return replace(
        program,
        parameters=tuple(parameters),
        outputs=(*outputs, *(news[name] for name in names)),
        structure=structure,
    )


def new_values(program: Program, wiring: Wiring) -> dict[str, Node]:
    """What the shared variables become, by their names."""
    return dict(zip(_updated_names(wiring), program.outputs[len(wiring.outputs) :], strict=True))


def check_fits(symbol: Symbol, name: str, shape: Shape) -> None:
    """Refuse an argument of another rank, or of other lengths, than its symbol was declared with."""
    pattern = symbol.pattern
    assert pattern is not None
    if fits(shape, pattern):
        return
    raise ShapeError(
        f"the argument {name} has shape {shape}, and {name} is a {rank_name(pattern)}"
        + (f" of shape {pattern}" if any(known is not None for known in pattern) else ""),
        origin=symbol.origin,
        label="is declared here",
        why="A symbol stands for arrays of the rank, and of the lengths, that it was declared with.",
        fix=f"pass {'an array of such a shape' if pattern else 'a number'}, or declare"
        f" {name} = {declaring(symbol.label, (None,) * len(shape))}",
    )


def check_names(wiring: Wiring, shapes: Sequence[Shape]) -> None:
    """Refuse arguments whose axes have one name and different lengths."""
    known: dict[str, tuple[Any, str]] = {}
    for given, name, shape in zip(wiring.inputs, wiring.names, shapes, strict=False):
        for word, length in zip(given.variable.pattern or (), shape, strict=True):
            if not isinstance(word, str):
                continue
            first, where = known.setdefault(word, (length, name))
            if first != length:
                raise ShapeError(
                    f"the length {word} is {first} in the argument {where} and {length} in the argument {name}",
                    origin=given.variable.origin,
                    label="is declared here",
                    why="A name stands for one length in a call.",
                    fix=f"pass arrays of one length {word}, or declare the axes under two names",
                )


def declared_shapes(wiring: Wiring) -> tuple[Shape, ...] | None:
    """The shapes of the inputs as they were declared, named lengths open; None where some lengths have no name."""
    patterns = [given.variable.pattern or () for given in wiring.inputs]
    if any(length is None for pattern in patterns for length in pattern):
        return None
    return tuple(tuple(named(part) if isinstance(part, str) else part for part in pattern) for pattern in patterns)


def _in_place_of(symbol: Symbol, scope: Scope, value: Any) -> Any:
    node = scope.node(value)
    if symbol.pattern is not None and not fits(node.shape, symbol.pattern):
        raise ShapeError(
            f"{symbol!r} is a {rank_name(symbol.pattern)}, and what is given in its place has shape {node.shape}",
            origin=symbol.origin,
            label="is declared here",
            why="What takes the place of a symbol has its rank, and the lengths that it was declared with.",
            fix="value[None] has an axis more; value[0], value.sum(axis=0) have one less",
        )
    return wrap(node)


def _new_value(variable: Any, node: Node) -> Node:
    shape = np.shape(variable.get_value(borrow=True))
    if node.shape != shape:
        raise ShapeError(
            f"the update of {variable!r} has shape {node.shape}, and {variable!r} has shape {shape}",
            origin=node.origin or variable.origin,
            why="A shared variable keeps its shape.",
            fix="(w - step).sum(axis=0) has an axis less, (w - step).reshape(w.shape) the same elements",
        )
    return node


def signature(wiring: Wiring) -> inspect.Signature:
    """The parameters of the compiled function, its inputs."""
    parameters = _parameters(wiring, _parameter_names(wiring))[: len(wiring.inputs)]
    return inspect.Signature([inspect.Parameter(p.name, p.kind, default=p.default) for p in parameters])


def _parameters(wiring: Wiring, names: Sequence[str]) -> list[Parameter]:
    """Defaults as far as Python lets them be: only where every later input has one too."""
    found: list[Parameter] = []
    followed = False
    for given, name in reversed(list(zip(wiring.inputs, names, strict=False))):
        found.insert(0, Parameter(name, LEAF, EMPTY if followed else given.value))
        followed = followed or given.value is EMPTY
    return found + [Parameter(name) for name in names[len(wiring.inputs) :]]


def _structure(wiring: Wiring) -> Structure:
    return tuple_of([wiring.structure or _NOTHING, tuple_of([LEAF] * len(wiring.updates))])


def _parameter_names(wiring: Wiring) -> list[str]:
    """Names that Python takes, of the inputs and of the shared variables that are read."""
    return _unlike([*wiring.names, *(variable.label or "shared" for variable in wiring.shared)], ())


def _updated_names(wiring: Wiring) -> list[str]:
    """The keys of the new values: the names of the parameters where the variable is read too."""
    taken = _parameter_names(wiring)
    read = dict(zip(wiring.shared, taken[len(wiring.inputs) :], strict=True))
    others = [variable for variable, _ in wiring.updates if variable not in read]
    named = read | dict(zip(others, _unlike([other.label or "shared" for other in others], taken), strict=True))
    return [named[variable] for variable, _ in wiring.updates]


def _unlike(wanted: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The names as identifiers, with numbers behind those that are taken."""
    found: list[str] = []
    for wish in wanted:
        plain = re.sub(r"\W", "_", wish) if wish[:1].isidentifier() else re.sub(r"\W", "_", f"x{wish}")
        plain = f"{plain}_" if keyword.iskeyword(plain) else plain
        name, number = plain, 2
        while name in taken or name in found:
            name, number = f"{plain}_{number}", number + 1
        found.append(name)
    return found
