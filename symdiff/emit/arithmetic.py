"""The arithmetics in which generated code is proven: mpmath with many digits, or the machine's floats.

In: a Program, its leaves and numbers. Out: values in the arithmetic, and whether two of them are close. Mpmath is exact
for every purpose here and costs microseconds an operation; Machine has 64 bits, or 53, and costs nanoseconds.
"""

import math
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from symdiff.emit.exact import exact_outputs, outputs_at
from symdiff.emit.extended import is_extended, machine_outputs
from symdiff.emit.sampling import Leaves
from symdiff.ir.program import Program

Tolerance = tuple[int, float]  # digits that agree, and what is as good as 0


@dataclass(frozen=True)
class Mpmath:
    """Numbers of mpmath with so many digits."""

    digits: int

    name = "mpmath"

    def working(self) -> AbstractContextManager[Any]:
        """The context in which numbers have so many digits."""
        import mpmath

        context: AbstractContextManager[Any] = mpmath.workdps(self.digits)
        return context

    def with_digits(self, more: int) -> "Mpmath":
        """The arithmetic with more digits."""
        return Mpmath(self.digits + more)

    def outputs(self, program: Program, leaves: Leaves) -> list[Any]:
        """The leaves of the result."""
        return outputs_at(program, leaves, self.digits)

    def exact(self, value: Any) -> Any:
        """A number or an array, as it is."""
        import mpmath

        return np.frompyfunc(mpmath.mpmathify, 1, 1)(value)

    def power_of_ten(self, exponent: int) -> Any:
        """10**exponent."""
        import mpmath

        return mpmath.mpf(10) ** exponent

    def is_complex(self, value: Any) -> bool:
        """Whether there is a complex number in the array."""
        import mpmath

        return any(isinstance(element, mpmath.mpc) for element in np.ravel(np.asarray(value, dtype=object)))

    def is_near(self, found: Any, expected: Any, scale: Any, tolerance: Tolerance) -> bool:
        """Whether numbers agree relative to the scale; what is not finite is not compared."""
        import mpmath

        digits, smallest = tolerance
        differences = np.ravel(np.asarray(found, dtype=object) - np.asarray(expected, dtype=object))
        scales = np.ravel(np.broadcast_to(np.asarray(scale, dtype=object), np.shape(found)))
        return all(
            not mpmath.isfinite(difference) or abs(difference) <= mpmath.mpf(10) ** -digits * size + smallest
            for difference, size in zip(differences, scales, strict=True)
        )


@dataclass(frozen=True)
class Machine:
    """Floats of NumPy: np.longdouble, or np.float64."""

    real: type[np.floating[Any]]

    @property
    def name(self) -> str:
        """What the header calls it."""
        return "extended precision" if self.real is np.longdouble else "another evaluation in double precision"

    def working(self) -> AbstractContextManager[Any]:
        """Nothing is undefined enough for a warning here."""
        return np.errstate(all="ignore")

    def with_digits(self, more: int) -> "Machine":
        """The same: there are no more digits to be had."""
        return self

    def outputs(self, program: Program, leaves: Leaves) -> list[Any]:
        """The leaves of the result."""
        return machine_outputs(program, leaves, self.real)

    def exact(self, value: Any) -> Any:
        """A number or an array, in this arithmetic."""
        array = np.asarray(value)
        return array.astype(np.result_type(self.real, array.dtype))[()]

    def power_of_ten(self, exponent: int) -> Any:
        """10**exponent."""
        return self.real(10) ** exponent

    def is_complex(self, value: Any) -> bool:
        """Whether the array is one of complex numbers."""
        return np.iscomplexobj(value)

    def is_near(self, found: Any, expected: Any, scale: Any, tolerance: Tolerance) -> bool:
        """Whether numbers agree relative to the scale; what is not finite is not compared."""
        digits, smallest = tolerance
        difference = np.abs(np.asarray(found) - np.asarray(expected))
        return bool(np.all(~np.isfinite(difference) | (difference <= 10.0**-digits * scale + smallest)))


Arithmetic = Mpmath | Machine


def reference(program: Program, leaves: Leaves, arithmetic: Machine | None) -> tuple[list[Any], Arithmetic]:
    """The leaves of the result and their arithmetic: mpmath with as many digits as it takes, or a given one."""
    if arithmetic is not None:
        return arithmetic.outputs(program, leaves), arithmetic
    values, digits = exact_outputs(program, leaves)
    return values, Mpmath(digits)


def machine_for(*programs: Program) -> Machine:
    """The best floats that these programs can be evaluated in on this machine."""
    return Machine(np.longdouble if is_extended(*programs) else np.float64)


def decimal_places(size: float) -> int:
    """How many digits stand between 1 and a smaller number."""
    return -math.floor(math.log10(size))


# From the strongest to the weakest, as headers name them.
ARITHMETICS = (Mpmath.name, Machine(np.longdouble).name, Machine(np.float64).name)


def weakest(used: Iterable[str]) -> str:
    """The name of the weakest arithmetic among those that were used."""
    return max(used, key=ARITHMETICS.index, default=Mpmath.name)
