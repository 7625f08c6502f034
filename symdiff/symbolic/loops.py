"""`scan`: a step that is written down once, and run for every element of sequences or a number of times.

In: a function of symbols for one step. Out: symbols of what all steps give, stacked. The number of steps is known when
the lengths are, and the steps are written out one after another.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError, LoopError, ShapeError, short_traceback
from symdiff.symbolic.recording import Application, Operation, Recorded, Writer
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.substitution import used_besides
from symdiff.symbolic.symbol import Symbol, parts, record
from symdiff.tracing.tracer import Tracer, wrap
from symdiff.tracing.values import to_node

MOST_STEPS = 10_000


class Step:
    """One step as it was written down: symbols for what it takes, expressions of what it gives."""

    def __init__(self, elements: Sequence[Symbol], states: Sequence[Symbol | None], outputs: Sequence[Any]) -> None:
        self.elements = elements
        self.states = states
        self.outputs = outputs


class Scan(Operation):
    """`args` are the sequences, the initial states (None for an output that is no state), the number of steps, and what
    the step uses besides."""

    name = "scan"
    has_parts = True

    def __init__(self, step: Step, backwards: bool) -> None:
        self.step = step
        self.backwards = backwards

    def evaluate(self, scope: Scope, application: Application) -> Any:
        (sequences, states, wanted, _), _ = scope.arguments(application)
        sequences = [wrap(to_node(sequence)) for sequence in sequences]
        count = _count(sequences, wanted)
        order = range(count - 1, -1, -1) if self.backwards else range(count)
        state = [None if value is None else wrap(to_node(value)) for value in states]
        results: list[list[Any]] = [[] for _ in self.step.outputs]
        for position in order:
            given: dict[Recorded, Any] = dict(
                zip(self.step.elements, [sequence[position] for sequence in sequences], strict=True)
            )
            given |= {
                symbol: value for symbol, value in zip(self.step.states, state, strict=True) if symbol is not None
            }
            inside = Scope(given, scope)
            values = [wrap(inside.node(output)) for output in self.step.outputs]
            for number, (old, new) in enumerate(zip(state, values, strict=True)):
                if old is not None and old.shape != new.shape:
                    raise ShapeError(
                        f"state {number} of scan has shape {old.shape} before a step, {new.shape} after it"
                    )
                state[number] = None if old is None else new
                results[number].append(new)
        return [np.stack(each) for each in results]

    def written_part(self, writer: Writer, application: Application, position: int) -> str:
        sequences, initial, wanted, _ = application.args
        taken = zip([*self.step.elements, *self.step.states], [*sequences, *initial], strict=True)
        shown = [f"{symbol!r}={writer.text(value)}" for symbol, value in taken if symbol is not None]
        steps = [] if wanted is None else [f"n_steps={writer.text(wanted)}"]
        return f"scan({', '.join([writer.text(self.step.outputs[position]), *shown, *steps])})"


@short_traceback
def scan(
    fn: Callable[..., Any],
    sequences: Any = None,
    outputs_info: Any = None,
    non_sequences: Any = None,
    n_steps: Any = None,
    *,
    go_backwards: bool = False,
) -> tuple[Any, dict[Any, Any]]:
    """What a step gives, for all steps, stacked along a new first axis; and an empty dict of updates.

    fn: of the elements of the sequences, the states, and the non-sequences, in this order; it returns one expression or
        a list of them.
    sequences: arrays, whose first axes are gone through together; the shortest ends the loop.
    outputs_info: for each output its initial state, or None where the step does not take it back.
    n_steps: their number, where there are no sequences: a number or a length, not the value of an input.
    go_backwards: whether the sequences are gone through from their ends.

    Raises ArgumentError and ShapeError where they do not fit together; LoopError where the number of steps depends on
    the value of an input, or is above 10,000.

    >>> from symdiff.symbolic import function, grad, scalar
    >>> x = scalar("x")
    >>> powers, _ = scan(lambda power: power * x, outputs_info=1.0, n_steps=4)
    >>> function([x], [powers, grad(powers[-1], x)])(2.0)
    [array([ 2.,  4.,  8., 16.]), np.float64(32.0)]
    """
    given, initial, others = _listed(sequences), _listed(outputs_info), _listed(non_sequences)
    if any(isinstance(each, Mapping) for each in [*given, *initial]):
        raise ArgumentError(
            "scan has no taps: a step sees the element of its own position and the state before it",
            fix="sequences=[x[:-1], x[1:]] for two neighbours; a state of two values for two steps back",
        )
    if not given and n_steps is None:
        raise ArgumentError("scan needs sequences or a number of steps", fix="scan(step, outputs_info=x, n_steps=10)")
    elements = [Symbol(name=f"element_{position}") for position in range(len(given))]
    states = [None if value is None else Symbol(name=f"state_{position}") for position, value in enumerate(initial)]
    result = fn(*elements, *(state for state in states if state is not None), *others)
    outputs = list(result) if isinstance(result, list | tuple) else [result]
    if any(isinstance(output, Mapping) for output in outputs):
        raise ArgumentError("a step of scan returns expressions, no updates", fix="return the states as outputs")
    if not initial:
        states, initial = [None] * len(outputs), [None] * len(outputs)
    if len(states) != len(outputs):
        raise ArgumentError(f"the step returns {len(outputs)} outputs, and outputs_info has {len(states)} entries")
    inner: dict[Recorded, None] = dict.fromkeys([*elements, *(state for state in states if state is not None)])
    besides = used_besides([output for output in outputs if isinstance(output, Recorded)], inner)
    whole = record(Scan(Step(elements, states, outputs), go_backwards), given, initial, n_steps, besides)
    found = parts(whole, len(outputs))
    return found if isinstance(result, list | tuple) else found[0], {}


def _listed(given: Any) -> list[Any]:
    return [] if given is None else list(given) if isinstance(given, list | tuple) else [given]


def _count(sequences: Sequence[Any], wanted: Any) -> int:
    """The number of steps."""
    if isinstance(wanted, Tracer):
        raise LoopError(
            "the number of steps of scan depends on the value of an input",
            why="The steps are written out one after another, and the closed form holds for all inputs.",
            fix="n_steps as a number or a length: n_steps=10, n_steps=x.shape[0]",
        )
    if not all(sequence.shape for sequence in sequences):
        raise ShapeError("a sequence of scan is a number", fix="pass an array, or the number as a non-sequence")
    lengths = [int(sequence.shape[0]) for sequence in sequences]
    count = min(lengths) if wanted is None else int(wanted)
    if any(count > length for length in lengths):
        raise ShapeError(f"scan goes {count} steps, and a sequence has {min(lengths)} elements")
    if not 1 <= count <= MOST_STEPS:
        raise LoopError(
            f"scan goes {count} steps",
            why=f"It takes between 1 and {MOST_STEPS:,}, as they are written out one after another.",
            fix="write the step with operations on whole arrays, such as np.cumsum",
        )
    return count
