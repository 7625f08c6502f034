"""What the functions around the derivatives refuse."""

from pathlib import Path

import numpy as np

import symdiff as sd
from tests.errors.refusing import refused


@refused("surface")
def unknown_mode_of_a_check(folder: Path) -> object:
    return sd.check_grads(np.tanh, modes=["forward"])


@refused("surface")
def unknown_mode_of_a_convolution(folder: Path) -> object:
    return sd.convolve(np.ones(3), np.ones(2), mode="whole")


@refused("surface")
def axes_without_partners(folder: Path) -> object:
    return sd.convolve(np.ones((4, 4)), np.ones((2, 2)), axes=([0, 1], [0]))


@refused("surface")
def convolution_in_which_neither_is_smaller(folder: Path) -> object:
    return sd.convolve(np.ones((4, 2)), np.ones((2, 4)), mode="valid")


@refused("surface")
def vector_of_another_length(folder: Path) -> object:
    _, unflatten = sd.flatten({"a": 1.0, "b": np.ones(2)})
    return unflatten(np.ones((3, 1)))


@refused("surface")
def rules_for_what_is_no_primitive(folder: Path) -> object:
    def logarithm(x):
        return np.log(x)

    return sd.defvjp(logarithm, lambda ans, x: lambda g: g / x)
