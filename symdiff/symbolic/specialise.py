"""The Program of a wiring, for one set of shapes.

In: a Wiring, and the shapes of its inputs and shared variables. Out: a Program whose parameters are the inputs and the
shared variables that are read, and whose result is the pair of the outputs and the new values.
"""

import inspect
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from symdiff.algebra.passes import Level, simplify
from symdiff.errors import ShapeError
from symdiff.ir.collector import rarely_collected
from symdiff.ir.nodes import Input, Node, ambient
from symdiff.ir.program import EMPTY, Parameter, Program
from symdiff.ir.structure import LEAF, Structure, structure_of, tuple_of
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Symbol, rank_name
from symdiff.symbolic.wiring import Wiring
from symdiff.tracing.tracer import wrap

Shape = tuple[int, ...]
_NOTHING = structure_of([])


@rarely_collected()
def specialised(wiring: Wiring, shapes: Sequence[Shape], name: str, level: Level) -> Program:
    """The Program for these shapes: of the inputs first, then of the shared variables that are read.

    Raises TraceError, or one of its kinds, with the user's line where the shapes do not fit together.
    """
    names = [*wiring.names, *_shared_names(wiring)]
    symbols: list[Symbol] = [*(given.variable for given in wiring.inputs), *wiring.shared]
    inputs = [Input(label, shape) for label, shape in zip(names, shapes, strict=True)]
    before = ambient.origin, ambient.rule
    ambient.rule = ""
    try:
        outside = Scope({symbol: wrap(leaf) for symbol, leaf in zip(symbols, inputs, strict=True)})
        scope = outside
        if wiring.givens:
            scope = Scope({symbol: _in_place_of(symbol, outside, value) for symbol, value in wiring.givens}, outside)
        outputs = [scope.node(output) for output in wiring.outputs]
        news = [_new_value(variable, scope.node(value)) for variable, value in wiring.updates]
        found = scope.trace.thawed([*outputs, *news])
    finally:
        ambient.origin, ambient.rule = before
    return simplify(
        Program(
            name=name,
            parameters=tuple(_parameters(wiring, names)),
            inputs=tuple(inputs),
            outputs=tuple(found),
            structure=_structure(wiring),
        ),
        level=level,
    )


def as_emitted(program: Program, wiring: Wiring) -> Program:
    """The Program as a module shows it: shared variables by keyword; without the pair where there are no updates."""
    count = len(wiring.inputs)
    parameters = [
        replace(parameter, kind=inspect.Parameter.KEYWORD_ONLY) if position >= count else parameter
        for position, parameter in enumerate(program.parameters)
    ]
    structure = program.structure
    if not wiring.updates:
        structure = structure.parts[0]
    elif wiring.structure is None:
        structure = structure.parts[1]
    return replace(program, parameters=tuple(parameters), structure=structure)


def check_fits(symbol: Symbol, name: str, shape: Shape) -> None:
    """Refuse an argument of another rank, or of other lengths, than its symbol was declared with."""
    pattern = symbol.pattern
    assert pattern is not None
    if len(shape) == len(pattern) and all(
        known in (None, length) for known, length in zip(pattern, shape, strict=True)
    ):
        return
    raise ShapeError(
        f"the argument {name} has shape {shape}, and {name} is a {rank_name(pattern)}"
        + (f" of shape {pattern}" if any(known is not None for known in pattern) else ""),
        origin=symbol.origin,
        label="is declared here",
        fix=f"pass {'a number' if not pattern else f'an array of {len(pattern)} axes'}, or declare {name} as a "
        + rank_name((None,) * len(shape)),
    )


def _in_place_of(symbol: Symbol, scope: Scope, value: Any) -> Any:
    node = scope.node(value)
    if symbol.pattern is not None and not _matches(node, symbol):
        raise ShapeError(
            f"{symbol!r} is a {rank_name(symbol.pattern)}, and what is given in its place has shape {node.shape}",
            origin=symbol.origin,
            fix="reshape it, or index it with None, until the ranks are the same",
        )
    return wrap(node)


def _matches(node: Node, symbol: Symbol) -> bool:
    pattern = symbol.pattern or ()
    return len(pattern) == node.ndim and all(k in (None, n) for k, n in zip(pattern, node.shape, strict=True))


def _new_value(variable: Any, node: Node) -> Node:
    shape = np.shape(variable.get_value(borrow=True))
    if node.shape != shape:
        raise ShapeError(
            f"the update of {variable!r} has shape {node.shape}, and {variable!r} has shape {shape}",
            origin=node.origin or variable.origin,
            why="A shared variable keeps its shape.",
            fix="check the axes of the sums, or reshape the update",
        )
    return node


def _parameters(wiring: Wiring, names: Sequence[str]) -> list[Parameter]:
    """Defaults as far as Python lets them be: only where every later input has one too."""
    found: list[Parameter] = []
    followed = False
    for given, name in reversed(list(zip(wiring.inputs, names, strict=False))):
        found.insert(0, Parameter(name, LEAF, EMPTY if followed else given.value))
        followed = followed or given.value is EMPTY
    return found + [Parameter(name) for name in names[len(wiring.inputs) :]]


def _structure(wiring: Wiring) -> Structure:
    keys = tuple(_updated_names(wiring))
    news = Structure("dict", keys, (LEAF,) * len(keys)) if keys else _NOTHING
    return tuple_of([wiring.structure or _NOTHING, news])


def _shared_names(wiring: Wiring) -> list[str]:
    return _unlike([variable.label or "shared" for variable in wiring.shared], wiring.names)


def _updated_names(wiring: Wiring) -> list[str]:
    """The keys of the new values: the names of the parameters where the variable is read too."""
    read = dict(zip(wiring.shared, _shared_names(wiring), strict=True))
    others = [variable for variable, _ in wiring.updates if variable not in read]
    taken = [*wiring.names, *read.values()]
    named = read | dict(zip(others, _unlike([other.label or "shared" for other in others], taken), strict=True))
    return [named[variable] for variable, _ in wiring.updates]


def _unlike(wanted: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The names, with numbers behind those that are taken."""
    found: list[str] = []
    for wish in wanted:
        name, number = wish, 2
        while name in taken or name in found:
            name, number = f"{wish}_{number}", number + 1
        found.append(name)
    return found
