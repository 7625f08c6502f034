"""What is refused of functions whose calls follow the path of their input."""

from pathlib import Path

import symdiff as sd
from tests.errors.refusing import refused


@refused("runtime")
def closed_form_of_what_was_asked_to_follow(folder: Path) -> object:
    return sd.grad(lambda x: x * x, mode="guarded").source()


@refused("runtime")
def closed_form_of_a_path(folder: Path) -> object:
    def shortest(x):
        steps = []
        while x > 1.0:
            x = x / 2.0
            steps.append(x)
        return sum(steps)

    slope = sd.grad(shortest)
    slope(5.0)
    return slope.source()
