"""What tapes and drawings refuse."""

from pathlib import Path
from typing import Any

import numpy as np

import symdiff as sd
from tests.errors.refusing import refused


def energy(x: Any, y: Any) -> Any:
    speed = x * y
    return speed * speed + x


@refused("teach")
def picture_of_another_kind(folder: Path) -> object:
    return sd.draw(energy).save("energy.png")


@refused("teach")
def drawing_of_hundreds_of_values(folder: Path) -> object:
    def polynomial(x):
        y = x
        for power in range(300):
            y = np.sin(y) * x + power
        return y

    return sd.draw(polynomial)


@refused("teach")
def too_many_routes(folder: Path) -> object:
    def doubled(x):
        y = x
        for _ in range(20):
            y = y + np.sin(y)
        return y

    return sd.tape(doubled)(0.5).routes("x")


@refused("teach")
def formula_of_a_large_array(folder: Path) -> object:
    def total(x):
        waves = np.sin(x) * x
        return np.sum(waves)

    return sd.tape(total)(np.ones(3000))["waves"].expr


@refused("teach")
def step_with_another_name(folder: Path) -> object:
    return sd.tape(energy)(1.0, 2.0)["sped"]


@refused("teach")
def routes_to_an_array(folder: Path) -> object:
    def total(x):
        waves = np.sin(x)
        return np.sum(waves)

    return sd.tape(total)(np.ones(3)).routes("x", "waves")


@refused("teach")
def routes_from_a_truth_value(folder: Path) -> object:
    def ramp(x):
        rising = x > 0.0
        return np.where(rising, x, 0.0)

    return sd.tape(ramp)(1.0).routes("rising")


@refused("teach")
def routes_from_a_constant(folder: Path) -> object:
    weights = np.array([1.0, 2.0, 3.0])

    def total(x):
        return np.sum(weights * x)

    return sd.tape(total)(np.ones(3)).routes("weights")
