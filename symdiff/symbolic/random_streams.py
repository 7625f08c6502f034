"""Random numbers: symbols whose values are drawn at every call.

In: a seed, sizes and parameters of distributions. Out: symbols. What is drawn does not depend on the parameters:
uniform numbers between 0 and 1, and normal ones of mean 0 and variance 1. Derivatives go through the parameters, as in
`mean + deviation * draw`, and see the draws as constants.
"""

import functools
import itertools
import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symdiff.errors import ArgumentError, ShapeError, short_traceback
from symdiff.ir.lengths import is_static
from symdiff.symbolic.recording import Application, Operation, Recorded, ancestors
from symdiff.symbolic.replay import Scope
from symdiff.symbolic.symbol import Symbol, record
from symdiff.tracing.dimensions import dimensions

_DRAWS: dict[str, Callable[[np.random.Generator, Any], Any]] = {
    "uniform": lambda generator, shape: generator.random(shape),
    "normal": lambda generator, shape: generator.standard_normal(shape),
}


_serial = itertools.count()


class Draw(Operation):
    """Numbers of a generator of their own: `args` are the lengths.

    serial: of the order in which draws and loops were made.
    """

    def __init__(self, name: str, stream: "RandomStreams") -> None:
        self.name = name
        self.generator = stream.generator()
        self.serial = next(_serial)

    def evaluate(self, scope: Scope, application: Application) -> Any:
        size = scope.arguments(application)[0][0]
        shape = dimensions(size)
        if not is_static(shape):
            raise ShapeError(
                f"the lengths {shape} of random numbers are open",
                why="How many are drawn must be known.",
                fix='call the function, or declare the lengths as numbers: vector("x", shape=(3,))',
            )
        return scope.trace.drawn(self, scope.steps, shape)

    def numbers(self, shape: tuple[int, ...], *, advances: bool = True) -> Any:
        """New ones; those that come next where the generator does not advance."""
        state = self.generator.bit_generator.state
        found = _DRAWS[self.name](self.generator, shape)
        if not advances:
            self.generator.bit_generator.state = state
        return found if shape else float(found)


class RandomStreams:
    """Random symbols of one seed. Every symbol has a generator of its own, and is drawn once in a call.

    seed: a whole number, or None for another one every time.

    >>> from symdiff.symbolic import function
    >>> u = RandomStreams(seed=234).uniform((2, 2))
    >>> f = function([], u)
    >>> bool((f() == f()).any()), function([], u + u - 2 * u)().tolist()
    (False, [[0.0, 0.0], [0.0, 0.0]])
    """

    @short_traceback
    def __init__(self, seed: Any = None) -> None:
        self._seeds = _seeds(seed)
        self._made: list[Draw] = []

    def generator(self) -> np.random.Generator:
        """A new one."""
        return np.random.Generator(np.random.PCG64(self._seeds.spawn(1)[0]))

    @short_traceback
    def seed(self, seed: Any = None) -> None:
        """Start all symbols made so far anew."""
        self._seeds = _seeds(seed)
        for draw in self._made:
            draw.generator = self.generator()

    def uniform(self, size: Any = (), low: Any = 0.0, high: Any = 1.0) -> Symbol:
        """Between two numbers."""
        found: Symbol = low + (high - low) * self._drawn("uniform", size)
        return found

    def normal(self, size: Any = (), avg: Any = 0.0, std: Any = 1.0) -> Symbol:
        """Of a mean and a standard deviation."""
        found: Symbol = avg + std * self._drawn("normal", size)
        return found

    @short_traceback
    def binomial(self, size: Any = (), n: int = 1, p: Any = 0.5) -> Symbol:
        """How many of n trials succeed, each with the probability p, which has the shape `size` or is a number."""
        if type(n) is not int or n < 1:
            raise ArgumentError(
                f"the number of trials is a whole number from 1 on, not {n!r}", fix="binomial(x.shape, n=1, p=0.5)"
            )
        trials: list[Any] = [np.where(self._drawn("uniform", size) < p, 1.0, 0.0) for _ in range(n)]
        found: Symbol = functools.reduce(operator.add, trials)
        return found

    def random_integers(self, size: Any = (), low: int = 0, high: int = 1) -> Symbol:
        """Whole numbers, both ends included."""
        found: Any = np.floor(low + (high - low + 1) * self._drawn("uniform", size))
        return found  # type: ignore[no-any-return]

    def _drawn(self, name: str, size: Any) -> Symbol:
        draw = Draw(name, self)
        self._made.append(draw)
        return record(draw, size)


def _seeds(seed: Any) -> np.random.SeedSequence:
    try:
        return np.random.SeedSequence(seed)
    except (TypeError, ValueError):
        raise ArgumentError(
            f"a seed is a whole number from 0 on, not {seed!r:.60}", fix="RandomStreams(seed=234)"
        ) from None


def moment() -> int:
    """A moment, to ask what was made after it."""
    return next(_serial)


def drawn_since(then: int, results: Sequence[Recorded]) -> list[Recorded]:
    """The random symbols that were made after a moment, among those that results are made of."""
    operations = {symbol: symbol.application.operation for symbol in ancestors(results) if symbol.application}
    return [symbol for symbol, made in operations.items() if isinstance(made, Draw) and made.serial > then]


def numbers_of(draws: Sequence[tuple[Draw, tuple[int, ...]]], *, advances: bool) -> list[Any]:
    """The numbers of one call."""
    return [draw.numbers(shape, advances=advances) for draw, shape in draws]
