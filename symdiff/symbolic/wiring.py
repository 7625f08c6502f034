"""How inputs, outputs, updates and substitutions fit together, checked before anything is compiled.

In: what the user gives to `function`. Out: a `Wiring`, or an error that names what does not fit.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from symdiff.errors import ArgumentError, SymbolError
from symdiff.ir.program import EMPTY
from symdiff.ir.structure import Structure, structure_of
from symdiff.symbolic.ranks import rank_of
from symdiff.symbolic.recording import Recorded, ancestors, reached
from symdiff.symbolic.shared_variables import Shared
from symdiff.symbolic.symbol import Symbol, declaring
from symdiff.tracing.values import is_traced

OnUnused = Literal["raise", "warn", "ignore"]


@dataclass(frozen=True, eq=False)
class In:
    """An input with more to it: a default, or a name of its own for calls by keyword.

    >>> from symdiff.symbolic import dscalars, function
    >>> x, y = dscalars("x", "y")
    >>> f = function([x, In(y, value=1)], x + y)
    >>> f(33), f(33, y=2)
    (34.0, 35.0)
    """

    variable: Symbol
    name: str | None = None
    value: Any = EMPTY


@dataclass(frozen=True, eq=False)
class Wiring:
    """What a compiled function takes, gives, and changes.

    outputs: symbols and numbers, the leaves of `structure`.
    updates: shared variables and what they become.
    givens: symbols and what stands in their place.
    names: of the inputs, as the call knows them, no two alike.
    shared: every shared variable whose value is read, in the order in which it is met.
    """

    inputs: tuple[In, ...]
    outputs: tuple[Any, ...]
    structure: Structure | None
    updates: tuple[tuple[Shared, Any], ...]
    givens: tuple[tuple[Symbol, Any], ...]
    names: tuple[str, ...]
    shared: tuple[Shared, ...]


def wire(inputs: Sequence[Any], outputs: Any, updates: Any, givens: Any, on_unused_input: OnUnused) -> Wiring:
    """The wiring of a function. Raises SymbolError and ArgumentError."""
    if not isinstance(inputs, list | tuple):
        raise ArgumentError(f"the inputs are a list of symbols, not {inputs!r:.60}", fix="function([x, y], x + y)")
    taken = tuple(_input(given) for given in inputs)
    _refuse_duplicates(taken)
    replaced = tuple((symbol, _value(value, "what is given")) for symbol, value in pairs_of(givens, "givens"))
    changed = tuple(_update(variable, _value(value, "an update")) for variable, value in pairs_of(updates, "updates"))
    _refuse_two_updates(changed)
    structure = None if outputs is None else structure_of(outputs)
    results = () if structure is None else tuple(_value(leaf, "an output") for leaf in structure.flatten(outputs))
    reached = _reached([*results, *(value for _, value in changed)], dict(replaced))
    _refuse_missing(reached, [given.variable for given in taken])
    _meet_unused(taken, set(reached), on_unused_input)
    variables = [leaf for leaf in reached if isinstance(leaf, Shared)]
    return Wiring(taken, results, structure, changed, replaced, _names(taken), tuple(variables))


def pairs_of(given: Any, what: str) -> list[tuple[Any, Any]]:
    """The pairs of a dict or a list of pairs, whose first parts are symbols."""
    pairs = given.items() if isinstance(given, Mapping) else () if given is None else given
    for pair in pairs if isinstance(pairs, Iterable) and not isinstance(pairs, Symbol) else [pairs]:
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], Symbol):
            raise ArgumentError(
                f"{what} takes pairs of a symbol and its value, not {pair!r:.60}",
                fix=_PAIRS[what],
            )
    return [(symbol, value) for symbol, value in pairs]


_PAIRS = {
    "givens": 'x, y = scalars("x", "y"); function([y], x**2, givens={x: 2 * y})',
    "updates": "w = shared(0.0); function([], w, updates={w: w + 1.0})",
    "replace": 'x, y = scalars("x", "y"); clone(x**2, {x: 2 * y})',
    "known_grads": 'x = scalar("x"); z = x**2; grad(None, x, known_grads={z: 1.0})',
    "swap": "f.copy(swap={state: other}), both made by shared(value)",
    "eval": 'x = scalar("x"); (2 * x).eval({x: 1.0})',
}


def _input(given: Any) -> In:
    entry = given if isinstance(given, In) else In(given)
    if isinstance(entry.variable, Shared):
        raise SymbolError(
            f"the shared variable {entry.variable!r} cannot be an input",
            origin=entry.variable.origin,
            label="is made here",
            why="A function reads it without being told.",
            fix=f"leave it out of the inputs; givens={{{entry.variable.label or 'w'}: x}} puts an input in its place",
        )
    if not isinstance(entry.variable, Symbol):
        raise ArgumentError(
            f"an input is a symbol, not {entry.variable!r:.60}", fix='x = scalar("x"); function([x], …)'
        )
    if entry.variable.pattern is None:
        raise SymbolError(
            f"the input {entry.variable!r} is an expression",
            origin=entry.variable.origin,
            why="Inputs are declared symbols.",
            fix="put one in the place of the expression: "
            f"{_declared_like(entry.variable)}; function([given], z, givens={{{entry.variable.label or 'y'}: given}})",
        )
    if not isinstance(entry.name, str | None):
        raise ArgumentError(f"an input is named by a text, not {entry.name!r:.60}", fix='In(x, name="height")')
    return entry


def _declared_like(expression: Symbol) -> str:
    """The code that declares an input in the place of an expression."""
    rank = rank_of(expression)
    return f"given = {declaring('given', (None,) * (1 if rank is None else rank))}"


def _value(value: Any, what: str) -> Any:
    """An output, or what a variable becomes, as it is given."""
    if not isinstance(value, Recorded) and not is_traced(value) and np.asarray(value).dtype.kind not in "biufc":
        raise ArgumentError(
            f"{what} is an expression or a number, not {value!r:.60}", fix="2 * x, made of symbols, or 2.0"
        )
    return value


def _update(variable: Any, value: Any) -> tuple[Shared, Any]:
    if not isinstance(variable, Shared):
        raise SymbolError(
            f"only shared variables are updated, and {variable!r} is none",
            origin=variable.origin,
            fix=f"{variable.label or 'w'} = shared(0.0), or return the value as an output",
        )
    return variable, value


def _refuse_duplicates(inputs: Sequence[In]) -> None:
    for variable, count in Counter(given.variable for given in inputs).items():
        if count > 1:
            once = dict.fromkeys(given.variable for given in inputs)
            raise SymbolError(
                f"{variable!r} is {count} times among the inputs",
                origin=variable.origin,
                label="is declared here",
                fix=f"function([{', '.join(map(repr, once))}], …)",
            )


def _refuse_two_updates(updates: Iterable[tuple[Shared, Any]]) -> None:
    for variable, count in Counter(variable for variable, _ in updates).items():
        if count > 1:
            raise SymbolError(
                f"the shared variable {variable!r} has {count} updates",
                origin=variable.origin,
                label="is made here",
                why="All updates happen at once, so that there is no last one.",
                fix=f"one expression for all of them: updates={{{variable.label or 'w'}: …}}",
            )


def _reached(results: Sequence[Any], givens: Mapping[Recorded, Any]) -> list[Recorded]:
    """The leaves that the results need: of the replaced graph, and of what stands in it in place of symbols."""
    walked = reached([result for result in results if isinstance(result, Recorded)], givens)
    met = set(_met(results, walked))
    used = [givens[symbol] for symbol in givens if symbol in met]
    inner = ancestors([value for value in used if isinstance(value, Recorded)])
    leaves = [symbol for symbol in (*walked, *inner) if symbol.application is None and symbol not in givens]
    leaves += [symbol for symbol in inner if symbol.application is None and symbol in givens]
    return list(dict.fromkeys(leaves))


def _met(results: Sequence[Any], walked: Sequence[Recorded]) -> Iterable[Recorded]:
    """Everything the walk has come upon, what it did not go behind included."""
    yield from (result for result in results if isinstance(result, Recorded))
    for symbol in walked:
        if symbol.application is not None:
            yield from symbol.application.parents


def _refuse_missing(reached: Sequence[Recorded], inputs: Sequence[Symbol]) -> None:
    for leaf in reached:
        if not isinstance(leaf, Shared) and leaf not in dict.fromkeys(inputs):
            raise SymbolError(
                f"the outputs need {leaf!r}, which is not among the inputs",
                origin=leaf.origin,
                label="is declared here",
                fix=f"function([{', '.join(map(repr, [*inputs, leaf]))}], …), or givens={{{leaf.label or 'x'}: 1.0}}",
            )


def _meet_unused(inputs: Sequence[In], reached: set[Recorded], on_unused_input: OnUnused) -> None:
    if on_unused_input not in ("raise", "warn", "ignore"):
        raise ArgumentError(
            f"on_unused_input is raise, warn or ignore, not {on_unused_input!r}", fix='on_unused_input="ignore"'
        )
    unused = [given.variable for given in inputs if given.variable not in reached]
    if not unused or on_unused_input == "ignore":
        return
    summary = f"the input {unused[0]!r} is not used by any output or update"
    if on_unused_input == "raise":
        raise SymbolError(
            summary,
            origin=unused[0].origin,
            label="is declared here",
            fix='leave it out, or on_unused_input="ignore"',
        )
    warnings.warn(summary, UserWarning, stacklevel=4)


def _names(inputs: Sequence[In]) -> tuple[str, ...]:
    """A name for every input: the one it is called by, or `input_2`; a second of a name gets a number."""
    names: list[str] = []
    for position, given in enumerate(inputs):
        wanted = name = given.name or given.variable.label or f"input_{position}"
        number = 2
        while name in names:
            name, number = f"{wanted}_{number}", number + 1
        names.append(name)
    return tuple(names)
