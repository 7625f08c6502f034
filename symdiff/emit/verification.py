"""Proof by running: generated code against an independent evaluation in mpmath, when it is written.

In: the text of a module and what each of its functions claims to be. Out: an Accuracy, or a VerificationError.

What is compared with what: the values of the text, executed, with the Program before simplification, evaluated in
mpmath with as many digits as it takes; and for derivatives that Program with numerical differentiation of the traced
function (`differences`), which knows none of our rules. Where arrays are so large that mpmath would take minutes
(`effort`), both are done in the machine's extended precision, or in double precision where it has none.

Cancellation that stands in the formula itself is no fault of the code. How much of it there is at a point is measured
by Monte Carlo arithmetic: the formula is evaluated in double precision with every operation's result moved by up to one
rounding error, several times; the spread is the formula's own noise. An error counts in ULP of the result, or in units
of that noise where it is larger (Parker, Pierce and Eggert, Computing in Science & Engineering 2(4), 2000).
"""

import inspect
import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdiff.emit.arithmetic import ARITHMETICS, Arithmetic, Machine, Mpmath, reference, weakest
from symdiff.emit.differences import Claim, agrees
from symdiff.emit.effort import machine_at, point_count
from symdiff.emit.executing import execute
from symdiff.emit.extended import distance
from symdiff.emit.noise import shaken_value
from symdiff.emit.point_texts import point_option
from symdiff.emit.sampling import Leaves, arguments_of, points, random_leaf, random_like, typed
from symdiff.emit.ulp import largest_error, stated_bound
from symdiff.errors import VerificationError
from symdiff.ir.endless import NEVER_ENDS
from symdiff.ir.evaluate import Routine, ode_value, routine_value, run, sized
from symdiff.ir.loop_values import TooManyRounds, rounds_at_most
from symdiff.ir.nodes import Einsum, Fourier, Input, Ode, Reduce
from symdiff.ir.program import Program
from symdiff.ir.sizes import bind

_ROUNDS = 300  # of a loop that is followed in mpmath
_CODE_ROUNDS = 100_000  # of all loops of the code in a call: as many as two such loops inside each other make
_NO_ELEMENTS = "without elements"  # what `require_elements` of ops/support_arrays.py says
_MOST_NODES = 20_000  # of programs whose noise is always measured
_NOISE_RUNS = 3
_MORE_NOISE_RUNS = 12
_LARGE = 256  # elements
_LOOSENED = (10.0, 100.0)  # tolerances of a solver: errors add up to a multiple of what a step is allowed
_ROUNDING = 2.0**-53
_ALL_DIGITS = 2**52


@dataclass(frozen=True)
class Accuracy:
    """The largest error in ULP (or in units of the formula's noise), in plain ULP, and the number of points.

    primitives: functions of the user's, which computed in double precision on both sides of the comparison.
    digits: to which derivatives through them were seen to agree with numerical differentiation.
    reference: the arithmetic of the evaluation that the code was compared with, by its name.
    """

    error: float
    plain_error: float
    points: int
    sampled: bool
    primitives: tuple[str, ...] = ()
    digits: int = 0
    reference: str = Mpmath.name

    def __str__(self) -> str:
        if not self.points:
            return NOT_COMPARED
        where = f"{self.points} {'sampled' if self.sampled else 'given'} point{'s' if self.points != 1 else ''}"
        text = f"within {stated_bound(self.error)} ULP of {self.reference} at {where}"
        if stated_bound(self.plain_error) > _ALL_DIGITS:
            text += "; all digits are lost where the formula itself cancels to almost 0"
        elif stated_bound(self.plain_error) > stated_bound(self.error):
            text += f"; within {stated_bound(self.plain_error)} where the formula itself magnifies rounding"
        if self.primitives:
            text += f"; {', '.join(self.primitives)} taken as called"
        if self.primitives and self.digits:
            text += f", derivatives through it to {self.digits} digit{'s' if self.digits > 1 else ''}"
        return text

    @staticmethod
    def is_stated(text: str) -> bool:
        """Whether a header's line is one that an Accuracy writes.

        >>> Accuracy.is_stated(str(Accuracy(0.7, 3.0, 16, sampled=True)))
        True
        """
        return _STATED.fullmatch(text) is not None


NOT_COMPARED = f"not compared with mpmath: a loop makes more than {_ROUNDS} rounds, or no point has a finite value"

_STATED = re.compile(
    rf"{NOT_COMPARED}|"
    rf"within \d+ ULP of ({'|'.join(ARITHMETICS)}) at \d+ (sampled|given) points?"
    r"(; within \d+ where the formula itself magnifies rounding"
    r"|; all digits are lost where the formula itself cancels to almost 0)?"
    r"(; \w+(, \w+)* taken as called(, derivatives through it to \d+ digits?)?)?"
)


def verify(
    text: str,
    functions: Mapping[str, Claim],
    *,
    at: Sequence[Mapping[str, Any]] = (),
    limit: float = 16.0,
) -> Accuracy:
    """Run the functions of a checked module. Raises VerificationError where one is off by more than the limit.

    functions: what each function of the text, by name, claims to be.
    at: points of the user's; without them points are sampled.
    """
    namespace = execute(text, _CODE_ROUNDS)
    generator = random.Random(1)
    worst, plain, most = 0.0, 0.0, 0
    used: set[str] = set()
    for name, claim in functions.items():
        compared = 0
        for leaves in _places(claim, at):
            machine = machine_at(claim, leaves)
            found = _within_rounds(_compare, namespace[name], name, claim, leaves, generator, limit, machine)
            if found is not None:
                worst, plain, compared = max(worst, found[0]), max(plain, found[1]), compared + 1
                used.add(Mpmath.name if machine is None else machine.name)
        most = max(most, compared)
    primitives = sorted({name for claim in functions.values() for name in claim.primitives})
    derived = [claim.precision.digits for claim in functions.values() if claim.kind != "value" and claim.primitives]
    return Accuracy(worst, plain, most, not at, tuple(primitives), min(derived, default=0), weakest(used))


def _places(claim: Claim, at: Sequence[Mapping[str, Any]]) -> list[Leaves]:
    """Points with values for the parameters that the derivative adds (tangents and the like)."""
    generator = random.Random(2)
    added = claim.program.inputs[len(claim.primal.inputs) :]
    return [
        [*leaves, *_added(claim, leaves, added, generator)] for leaves in points(claim.primal, point_count(claim), at)
    ]


def _added(claim: Claim, leaves: Leaves, added: Sequence[Input], generator: random.Random) -> Leaves:
    """Values for the parameters that the derivative adds, of shapes that go with those of the function's own."""
    inputs = claim.primal.inputs
    sizes = bind([node.name for node in inputs], [node.shape for node in inputs], list(map(np.shape, leaves)))
    return [random_leaf(node, sized(node.shape, sizes), generator, 0.5, 1.5) for node in added]


def _within_rounds(compare: Callable[..., tuple[float, float] | None], *args: Any) -> tuple[float, float] | None:
    """A comparison; None where a loop goes on for too long, in mpmath or, kept in it by rounding, in the code."""
    try:
        with rounds_at_most(_ROUNDS):
            return compare(*args)
    except TooManyRounds:
        return None


def _compare(
    function: Callable[..., Any],
    name: str,
    claim: Claim,
    leaves: Leaves,
    generator: random.Random,
    limit: float,
    machine: Machine | None,
) -> tuple[float, float] | None:
    """The largest error at a point, in units of noise and in plain ULP; None where the exact value is not finite."""
    exact, arithmetic = reference(claim.program, leaves, machine)
    if not all(_finite(value) for value in exact):
        return None
    if claim.kind != "value" and not agrees(claim, leaves, exact, generator, arithmetic):
        raise VerificationError(
            f"{name} is not the derivative of {claim.primal.name} at {_shown(claim.program, leaves)}",
            why=_wrong_rule(claim, arithmetic),
            fix=_right_rule(claim),
        )
    found = _outputs(function, claim.program, leaves, exact)
    if found is None:
        return None
    plain = max(map(largest_error, found, exact), default=0.0)
    error = plain
    if plain > limit or len(claim.program.nodes()) <= _MOST_NODES:  # for a large program only where it may excuse
        noise = [0.0] * len(exact)
        for runs in (_noise_runs(exact), _MORE_NOISE_RUNS):
            noise = _noise(claim, leaves, exact, generator, noise, runs)
            error = max(map(largest_error, found, exact, noise), default=0.0)
            if error <= limit:
                break  # else an element may seem to be free of noise by chance
    if error > limit:
        raise VerificationError(
            f"{name} is off by {_number(error)} ULP at {_shown(claim.program, leaves)}; the limit is {_number(limit)}",
            why=f"It gave {_short(found)}; exact is {_short(exact)}. The formula's own cancellation is allowed for.",
            fix=_instead(claim.primal, error),
        )
    return error, plain


def _instead(program: Program, error: float) -> str:
    """What to do about a formula that is not computed well; where it is not computed at all, other points as well."""
    if math.isfinite(error):
        return f'write the formula in a stable form, or simplify="none", or verify={{"ulp": {stated_bound(error)}}}'
    return f"write the formula in a stable form, or name points that it is meant for:\n{point_option(program, '…')}"


def _wrong_rule(claim: Claim, arithmetic: Arithmetic) -> str:
    if claim.primitives:
        return f"It differs from numerical differentiation: look at the rules of {', '.join(claim.primitives)}."
    return f"It differs from numerical differentiation in {arithmetic.name}: a defect of symdiff's, please report it."


def _right_rule(claim: Claim) -> str:
    if not claim.primitives:
        return 'report the function; until then, emit="value" (--emit value)'
    parameters = ", ".join(parameter.name for parameter in claim.primal.parameters)
    return f"mend the rule; sd.check_grads({claim.primal.name})({parameters}) compares it with differences"


def _outputs(function: Callable[..., Any], program: Program, leaves: Leaves, exact: Sequence[Any]) -> list[Any] | None:
    """The leaves of what the code returns; nan where it raises on numbers, as `math` does for overflow.

    None for lengths that a backend refuses.
    """
    positional, keywords = call_arguments(program, leaves)
    try:
        with np.errstate(all="ignore"):
            value = function(*positional, **keywords)
    except (ArithmeticError, ValueError) as error:
        if NEVER_ENDS in str(error):
            raise TooManyRounds from error
        return None if _NO_ELEMENTS in str(error) else [np.full(np.shape(value), math.nan) for value in exact]
    return program.structure.flatten(value)


def call_arguments(program: Program, leaves: Leaves) -> tuple[list[Any], dict[str, Any]]:
    """How to call the generated function: positional-only parameters in order, the rest by name."""
    values = arguments_of(program, leaves)
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for parameter in program.parameters:
        value = parameter.static_value if parameter.is_static else values[parameter.name]
        if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
            positional.append(value)
        else:
            keywords[parameter.name] = value
    return positional, keywords


def _noise(
    claim: Claim, leaves: Leaves, exact: Sequence[Any], generator: random.Random, known: Sequence[Any], runs: int
) -> list[Any]:
    """How far the formula itself strays when each operation is moved by up to one rounding error, or what is known.

    Where it overflows on the way it has no noise to show; its stable form has.
    """

    moved_run = _Strayed(leaves, generator)
    stable: Program | None = None
    spread = list(known)
    for _ in range(runs):
        values = moved_run(claim.program)
        if not all(map(_finite, values)):
            stable = stable or claim.stable()
            values = [np.where(np.isfinite(v), v, s) for v, s in zip(values, moved_run(stable), strict=True)]
        spread = [np.fmax(old, distance(v, e)) for old, v, e in zip(spread, values, exact, strict=True)]
    return spread


class _Strayed:
    """Runs of a formula in which each operation is moved by up to one rounding error."""

    def __init__(self, leaves: Leaves, generator: random.Random) -> None:
        self._leaves = leaves
        self._generator = generator

    def __call__(self, program: Program) -> list[Any]:
        environment = {node: typed(node, leaf) for node, leaf in zip(program.inputs, self._leaves, strict=True)}
        with np.errstate(all="ignore"):
            return run(program.outputs, environment, self._operation, lambda value: value, self._routine)

    def _operation(self, op: Any, *args: Any) -> Any:
        value = op.evaluate(*(np.float64(arg) if type(arg) is float else arg for arg in args))
        return value if op.result == "bool" or _is_count(value, args) else self._moved(value)

    def _routine(self, node: Routine, args: list[Any]) -> Any:
        """An error of a transform is spread over all its elements, in proportion to the size of the whole.

        That of a solver of differential equations is seen where its tolerances are loosened.
        """
        if isinstance(node, Einsum | Reduce):
            return routine_value(node, [self._each_moved(arg) for arg in args] if _is_long(args) else args)
        if isinstance(node, Ode):
            return ode_value(node, args, loosened=self._generator.uniform(*_LOOSENED))
        if not isinstance(node, Fourier):
            return shaken_value(node, args, self._generator)
        value = routine_value(node, args)
        size = _ROUNDING * math.log2(2.0 * np.size(value)) * np.sqrt(np.mean(np.abs(value) ** 2))
        return value + size * random_like(np.shape(value), self._generator, -1.0, 1.0)

    def _each_moved(self, terms: Any) -> Any:
        return terms if np.asarray(terms).dtype == np.bool_ else self._moved(terms)

    def _moved(self, value: Any) -> Any:
        return value * (1.0 + _ROUNDING * random_like(np.shape(value), self._generator, -1.0, 1.0))


def _is_count(value: Any, args: Sequence[Any]) -> bool:
    """Whether a number is whole as all numbers are that it is made of: counting rounds nothing."""
    return all(isinstance(each, float | int) and each % 1 == 0 for each in (value, *args))


def _is_long(args: Sequence[Any]) -> bool:
    """Whether sums of these are so long that their order, and so their rounding, is anybody's choice."""
    return sum(int(np.size(arg)) for arg in args) > _LARGE


def _noise_runs(values: Sequence[Any]) -> int:
    """More for large arrays: else some of their elements would seem to be free of noise by chance."""
    elements = sum(math.prod(np.shape(value)) for value in values)
    return _NOISE_RUNS if elements <= _LARGE else _NOISE_RUNS + math.ceil(math.log(elements / _LARGE, 4.0))


def _finite(value: Any) -> bool:
    import mpmath

    array = np.asarray(value)
    if array.dtype != object:
        return bool(np.all(np.isfinite(array)))
    return all(bool(mpmath.isfinite(element)) for element in np.ravel(array))


def _shown(program: Program, leaves: Leaves) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in arguments_of(program, leaves).items())[:120]


def _short(values: Sequence[Any]) -> str:
    import mpmath

    flat = [element for value in values for element in np.ravel(np.asarray(value, dtype=object))]
    return ", ".join(mpmath.nstr(mpmath.mpmathify(element), 17) for element in flat[:3]) + (
        ", …" if len(flat) > 3 else ""
    )


def _number(value: float) -> str:
    return f"{value:.3g}"
