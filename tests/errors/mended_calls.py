"""Calls that are mended as the messages say."""

from pathlib import Path

import numpy as np

import symdiff as sd
from tests.errors.refused_symdiff import growth
from tests.errors.refusing import mended


@mended("surface")
def unknown_mode_of_a_check(folder: Path) -> object:
    return sd.check_grads(np.tanh, modes=["fwd", "rev"])(0.5)


@mended("surface")
def unknown_mode_of_a_convolution(folder: Path) -> object:
    return sd.convolve(np.ones(3), np.ones(2), mode="full").shape != (4,)


@mended("surface")
def convolution_in_which_neither_is_smaller(folder: Path) -> object:
    a, b = np.ones((4, 2)), np.ones((2, 4))
    return sd.convolve(a, b, mode="full").shape != (5, 5) or sd.convolve(a, b, mode="same").shape != (4, 2)


@mended("surface")
def axes_without_partners(folder: Path) -> object:
    a, b = np.ones((10, 3, 8, 8)), np.ones((3, 6, 5, 5))
    return sd.convolve(a, b, axes=([2, 3], [2, 3]), dot_axes=([1], [0])).shape != (10, 6, 12, 12)


@mended("surface")
def vector_of_another_length(folder: Path) -> object:
    _, unflatten = sd.flatten({"a": 1.0, "b": np.ones(2)})
    return unflatten(np.ones((3, 1)).ravel())["a"] != 1.0


@mended("surface")
def rules_for_what_is_no_primitive(folder: Path) -> object:
    def logarithm(x):
        return np.log(x)

    logarithm = sd.primitive(logarithm)
    sd.defvjp(logarithm, lambda ans, x: lambda g: g / x)
    return sd.grad(logarithm)(2.0) != 0.5


@mended("symdiff")
def order_below_zero(folder: Path) -> object:
    return sd.derivative(growth, order=2)(3.0) != 4.0


@mended("symdiff")
def value_for_a_function(folder: Path) -> object:
    return sd.grad(growth)(3.0) != 12.0


@mended("symdiff")
def position_that_no_parameter_has(folder: Path) -> object:
    return sd.derivative(growth, "k")(3.0) != 9.0


@mended("symdiff")
def parameter_that_is_no_name(folder: Path) -> object:
    return sd.grad(growth, "k")(3.0) != 9.0


@mended("symdiff")
def unknown_mode(folder: Path) -> object:
    return sd.grad(growth, mode="auto")(3.0) != 12.0


@mended("symdiff")
def call_without_a_vector(folder: Path) -> object:
    return sd.jvp(growth)(x=3.0, tangent=10.0) != 120.0
