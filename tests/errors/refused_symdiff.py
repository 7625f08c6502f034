"""What the public functions refuse themselves."""

from pathlib import Path

import symdiff as sd
from tests.errors.refusing import refused


def growth(x: float, k: float = 2.0) -> float:
    return k * x * x


@refused("symdiff")
def order_below_zero(folder: Path) -> object:
    return sd.derivative(growth, order=-1)


@refused("symdiff")
def value_for_a_function(folder: Path) -> object:
    return sd.grad(growth(3.0))  # type: ignore[arg-type]


@refused("symdiff")
def position_that_no_parameter_has(folder: Path) -> object:
    return sd.derivative(growth, 2)


@refused("symdiff")
def parameter_that_is_no_name(folder: Path) -> object:
    return sd.grad(growth, 1.0)(3.0)  # type: ignore[arg-type]


@refused("symdiff")
def parameter_of_a_function_without_any(folder: Path) -> object:
    return sd.grad(lambda: 3.0)()


@refused("symdiff")
def unknown_mode(folder: Path) -> object:
    return sd.grad(growth, mode="open")  # type: ignore[arg-type]


@refused("symdiff")
def call_without_a_vector(folder: Path) -> object:
    return sd.jvp(growth)(x=3.0)
