"""`scan`: a step that is written down once, and run for every element of sequences or a number of times.

In: a function of symbols for one step. Out: symbols of what all steps give, stacked. The number of steps is known when
the lengths are, or on the path of a call, and the steps are written out one after another.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError, LoopError, ShapeError, short_traceback
from symdiff.ir.lengths import Dimension, Length
from symdiff.symbolic.random_streams import drawn_since, moment
from symdiff.symbolic.recording import Application, Operation, Recorded, Writer
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.shared_variables import Shared
from symdiff.symbolic.substitution import used_besides
from symdiff.symbolic.symbol import Symbol, parts, record
from symdiff.symbolic.taps import Seen, State, Taken, listed, states, taken
from symdiff.tracing import forking
from symdiff.tracing.dimensions import dimension, length_of
from symdiff.tracing.tracer import Tracer, wrap
from symdiff.tracing.values import to_node

MOST_STEPS = 10_000


class until:  # noqa: N801 (Theano's name)
    """What the step of a `scan` returns last to end the loop: the step where the condition holds is the last one.

    >>> from symdiff.symbolic import function, scalar, scan
    >>> most = scalar("most")
    >>> powers, _ = scan(lambda power: (2 * power, until(2 * power > most)), outputs_info=1.0, n_steps=1024)
    >>> function([most], powers)(45.0)
    array([ 2.,  4.,  8., 16., 32., 64.])
    """

    def __init__(self, condition: Any) -> None:
        self.condition = condition

    def __repr__(self) -> str:
        return f"until({self.condition!r})"


@dataclass(frozen=True, eq=False)
class Step:
    """One step as it was written down: symbols for what it takes, expressions of what it gives.

    carried: shared variables, and what a step makes of them.
    last: the condition on which the loop ends, or None.
    drawn: random symbols that the step made, drawn in every step anew.
    """

    sequences: Sequence[Taken]
    states: Sequence[State]
    outputs: Sequence[Any]
    carried: Mapping[Shared, Any]
    last: Any
    drawn: Sequence[Recorded]

    @property
    def inner(self) -> list[Recorded]:
        """The symbols that have another value in every step."""
        seen: list[Seen] = [*self.sequences, *self.states]
        taken = [symbol for each in seen for symbol in each.symbols]
        return [*taken, *self.carried, *self.drawn]

    @property
    def needed(self) -> list[Recorded]:
        """The expressions that a step computes."""
        lengths = [parent for symbol in self.drawn if symbol.application for parent in symbol.application.parents]
        return [*_expressions(self.outputs, self.carried, self.last), *lengths]


class Scan(Operation):
    """`args` are the sequences, the initial states (None for an output that is no state), the number of steps, what
    the step uses besides, and the shared variables that it changes. The results are the outputs, then the last values
    of the shared variables."""

    has_parts = True

    def __init__(self, name: str, step: Step, backwards: bool) -> None:
        self.name = name
        self.step = step
        self.backwards = backwards

    def evaluate(self, scope: Scope, application: Application) -> Any:
        (arrays, initial, wanted, _, carried), _ = scope.arguments(application)
        sequences = [wrap(to_node(array)) for array in arrays]
        counts = _counts(self.step.sequences, sequences)
        count = _count(counts, wanted)
        pasts = [_past(state, value) for state, value in zip(self.step.states, initial, strict=True)]
        results: list[list[Any]] = [[] for _ in self.step.outputs]
        values = list(carried)
        for number in range(count):
            given: dict[Recorded, Any] = dict(zip(self.step.carried, values, strict=True))
            for each, sequence, length in zip(self.step.sequences, sequences, counts, strict=True):
                place = (length - 1 - number if self.backwards else number) - each.low
                given |= {symbol: sequence[place + tap] for symbol, tap in zip(each.symbols, each.taps, strict=True)}
            for state, past in zip(self.step.states, pasts, strict=True):
                given |= {symbol: past[tap] for symbol, tap in zip(state.symbols, state.taps, strict=True)}
            inside = Scope(given, scope, step=number, own=self.step.drawn)
            new = [wrap(inside.node(output)) for output in self.step.outputs]
            for position, (found, past, value) in enumerate(zip(results, pasts, new, strict=True)):
                _remember(past, value, position)
                found.append(value)
            values = [wrap(inside.node(value)) for value in self.step.carried.values()]
            if self.step.last is not None and _holds(inside.node(self.step.last)):
                break
        return [*(np.stack(each) for each in results), *values]

    def written_part(self, writer: Writer, application: Application, position: int) -> str:
        arrays, initial, wanted, _, carried = application.args
        shown = []
        seen: list[Seen] = [*self.step.sequences, *self.step.states]
        for each, value in zip(seen, [*arrays, *initial], strict=True):
            shown += [f"{symbol!r}={writer.text(value)}" for symbol in each.symbols]
        steps = [] if wanted is None else [f"n_steps={writer.text(wanted)}"]
        if position < len(self.step.outputs):
            return f"scan({', '.join([writer.text(self.step.outputs[position]), *shown, *steps])})"
        changed = carried[position - len(self.step.outputs)]
        return f"scan({', '.join([writer.text(self.step.carried[changed]), *shown, *steps])})[-1]"


@short_traceback
def scan(
    fn: Callable[..., Any],
    sequences: Any = None,
    outputs_info: Any = None,
    non_sequences: Any = None,
    n_steps: Any = None,
    *,
    go_backwards: bool = False,
    name: str = "scan",
    strict: bool = False,
) -> tuple[Any, dict[Any, Any]]:
    """What a step gives, for all steps, stacked along a new first axis; and what becomes of shared variables.

    fn: of the elements of the sequences, the states, and the non-sequences, in this order; it returns one expression or
        a list of them, then perhaps a dict of updates of shared variables, then perhaps `until(condition)`.
    sequences: arrays, whose first axes are gone through together; the shortest ends the loop. `dict(input=x,
        taps=[-1, 0])` for the element before and that of the step.
    outputs_info: for each output its initial state, or None where the step does not take it back. `dict(initial=x,
        taps=[-2, -1])` for the states of two steps back and one, x being the stack of those before the first step.
    n_steps: their number, where there are no sequences, or the largest number, where there is `until`.
    go_backwards: whether the sequences are gone through from their ends.
    name: what the loop is called in a graph print.
    strict: whether the step may use nothing but what it is given.

    Raises ArgumentError and ShapeError where they do not fit together; LoopError for more than 10,000 steps.

    >>> from symdiff.symbolic import function, grad, scalar
    >>> x = scalar("x")
    >>> powers, _ = scan(lambda power: power * x, outputs_info=1.0, n_steps=4)
    >>> function([x], [powers, grad(powers[-1], x)])(2.0)
    [array([ 2.,  4.,  8., 16.]), np.float64(32.0)]
    """
    if not callable(fn):
        raise ArgumentError(f"the step of scan is a function, not {fn!r:.60}", fix="scan(lambda x: 2 * x, sequences=x)")
    given, initial, others = taken(sequences), states(outputs_info), listed(non_sequences)
    if not given and n_steps is None:
        raise ArgumentError("scan needs sequences or a number of steps", fix="scan(step, outputs_info=x, n_steps=10)")
    if n_steps is not None and not hasattr(n_steps, "__index__"):
        raise ArgumentError(
            f"a number of steps is a whole number or a length, not {n_steps!r:.60}",
            fix="n_steps=10, n_steps=x.shape[0]",
        )
    before = moment()
    seen: list[Seen] = [*given, *initial]
    arguments = [*(symbol for each in seen for symbol in each.symbols), *others]
    _refuse_arity(fn, arguments)
    result = fn(*arguments)
    outputs, carried, last = _returned(result)
    initial = initial or [State((), (), None) for _ in outputs]
    if len(initial) != len(outputs):
        raise ArgumentError(
            f"the step returns {len(outputs)} outputs, and outputs_info has {len(initial)} entries",
            fix="outputs_info=[x0, None], an entry for each output, None for one that no step looks back at",
        )
    drawn = drawn_since(before, _expressions(outputs, carried, last))
    step = Step(given, initial, outputs, carried, last, drawn)
    besides = used_besides(step.needed, dict.fromkeys(step.inner))
    if strict:
        _refuse_others(besides, others)
    arrays, firsts = [each.array for each in given], [each.initial for each in initial]
    whole = record(Scan(name, step, go_backwards), arrays, firsts, n_steps, besides, list(carried))
    found = parts(whole, len(outputs) + len(carried))
    updates = dict(zip(carried, found[len(outputs) :], strict=True))
    shown = found[: len(outputs)]
    return shown[0] if len(shown) == 1 and not _is_list(result) else shown or None, updates


def _refuse_arity(step: Callable[..., Any], arguments: Sequence[Any]) -> None:
    """Refuse a step that does not take what it is given."""
    try:
        parameters = inspect.signature(step)
    except (TypeError, ValueError):  # it does not say
        return
    try:
        parameters.bind(*arguments)
    except TypeError:
        raise ArgumentError(
            f"the step takes {parameters}, and scan calls it with ({', '.join(f'{each!r:.20}' for each in arguments)})",
            why="The elements of the sequences come first, then the states, then what is no sequence.",
            fix=f"a step of {len(arguments)} parameters, in this order",
        ) from None


def _expressions(outputs: Sequence[Any], carried: Mapping[Shared, Any], last: Any) -> list[Recorded]:
    return [each for each in (*outputs, *carried.values(), last) if isinstance(each, Recorded)]


def _returned(result: Any) -> tuple[list[Any], dict[Shared, Any], Any]:
    """The outputs of a step, its updates, and the condition on which the loop ends."""
    entries = list(result) if isinstance(result, list | tuple) else [result]
    last = entries.pop().condition if entries and isinstance(entries[-1], until) else None
    carried = dict(entries.pop()) if entries and isinstance(entries[-1], Mapping) else {}
    if len(entries) == 1 and isinstance(entries[0], list | tuple):
        entries = list(entries[0])
    for output in entries:
        if isinstance(output, Mapping | until | list | tuple) or output is None:
            raise ArgumentError(
                f"a step of scan returns expressions, then updates, then until(condition), not {output!r:.60}",
                fix="return [x, y], {counter: counter + 1}, until(x > 10)",
            )
    for variable in carried:
        if not isinstance(variable, Shared):
            raise ArgumentError(
                f"only shared variables are updated, and {variable!r:.60} is none",
                fix="{counter: counter + 1}, with counter = shared(0.0)",
            )
    return entries, carried, last


def _is_list(result: Any) -> bool:
    """Whether a step returns a list of outputs, however long."""
    if not isinstance(result, list | tuple):
        return False
    first = [each for each in result if not isinstance(each, Mapping | until)]
    return len(first) == len(result) or isinstance(first[0] if first else None, list | tuple)


def _refuse_others(besides: Sequence[Recorded], others: Sequence[Any]) -> None:
    allowed = {other for other in others if isinstance(other, Symbol)}
    for symbol in besides:
        if symbol not in allowed:
            raise ArgumentError(
                f"the step uses {symbol!r}, which it is not given",
                why="scan was called with strict=True.",
                fix=f"non_sequences=[{symbol!r}], and a parameter of the step for it",
            )


def _past(state: State, initial: Any) -> list[Any]:
    """The values of a state before the first step, the latest last."""
    if not state.taps:
        return []
    value = wrap(to_node(initial))
    if state.taps == (-1,):
        return [value]
    if not value.shape or value.shape[0] < state.depth:
        raise ShapeError(
            f"a step of scan looks {state.depth} states back, and the initial value has shape {value.shape}",
            why="The first step needs as many states as it looks back.",
            fix="stack the states before the first step, the earliest first: np.stack([x0, x1])",
        )
    return [value[place] for place in range(state.depth)]


def _remember(past: list[Any], value: Any, position: int) -> None:
    """A new value of a state is the latest."""
    if not past:
        return
    if past[-1].shape != value.shape:
        raise ShapeError(
            f"state {position} of scan has shape {past[-1].shape} before a step, {value.shape} after it",
            why="What a step returns is what the next one is given, and the states are put into one array.",
            fix=f"outputs_info=np.zeros({value.shape}), or let the step return an array of shape {past[-1].shape}",
        )
    past.append(value)


def _holds(condition: Any) -> bool:
    """Whether the loop ends here, on the path of the call."""
    if condition.shape:
        raise ShapeError(
            f"until takes one condition, and this one has shape {condition.shape}",
            why="All elements of the states end with the same step.",
            fix="until(np.all(condition)), or until(np.any(condition))",
        )
    if forking.following() is None:
        raise _by_value(
            "the condition of until", "a fixed n_steps without until, and a step that stays: np.where(s > 9, s, 2 * s)"
        )
    return bool(forking.settled(condition, "bool", condition.origin))


def _counts(sequences: Sequence[Taken], arrays: Sequence[Any]) -> list[int]:
    """How many steps each sequence has elements for."""
    if not all(array.shape for array in arrays):
        raise ShapeError(
            "a sequence of scan is a number",
            why="Each step takes the next element of a sequence.",
            fix='sequences=vector("x"), or non_sequences=x and n_steps=10',
        )
    lengths = [_known(array.node.shape[0]) for array in arrays]
    return [max(0, length - each.span) for each, length in zip(sequences, lengths, strict=True)]


def _known(length: Dimension) -> int:
    """A length that is a number."""
    if isinstance(length, Length):
        raise ShapeError(
            f"scan goes {length} steps, and the length {length} is open",
            why="The steps are written out one after another, and their number must be known.",
            fix='call the function, or declare the length as a number: vector("x", shape=(3,))',
        )
    return length


def _count(counts: Sequence[int], wanted: Any) -> int:
    """The number of steps."""
    if isinstance(wanted, Tracer) and length_of(wanted) is None and forking.following() is None:
        raise _by_value("the number of steps of scan", "n_steps as a number or a length, n_steps=x.shape[0]")
    count = min(counts) if wanted is None else _known(dimension(wanted))
    if any(count > length for length in counts):
        raise ShapeError(
            f"scan goes {count} steps, and a sequence has {min(counts)} elements",
            why="Each step takes the next element of a sequence.",
            fix=f"n_steps={min(counts)}, or leave n_steps out for as many steps as there are elements",
        )
    if not 1 <= count <= MOST_STEPS:
        raise LoopError(
            f"scan goes {count:,} steps",
            why=f"It takes between 1 and {MOST_STEPS:,}, as they are written out one after another.",
            fix="write the step with operations on whole arrays, such as np.cumsum"
            if count > MOST_STEPS
            else "n_steps of 1 or more, and sequences of as many elements",
        )
    return count


def _by_value(what: str, fix: str) -> LoopError:
    return LoopError(
        f"{what} depends on the value of an input",
        why="The steps are written out one after another, and the closed form holds for all inputs.",
        fix=f"{fix}\nor call the function, which needs no closed form",
    )
