"""What the backends refuse: what a language has no words for."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.integrate import odeint

import symdiff as sd
from symdiff.backends.base import Environment
from symdiff.backends.pymath import PyMath
from symdiff.ir import make
from symdiff.ir.nodes import Input
from symdiff.ops.special import erf
from tests.errors.refusing import refused

MANY_AXES = " ".join(f"m{axis}" for axis in range(56))


class Pair(NamedTuple):
    first: Any
    second: Any


@sd.primitive
def gap(pair):
    return pair.first - pair.second


@sd.primitive
def halves(x):
    return 0.5 * np.asarray(x)


@sd.primitive
def both(x):
    return 2.0 * x, 3.0 * x


@refused("backends")
def backend_with_a_letter_too_many(folder: Path) -> object:
    return sd.lambdify(lambda x: x * x, backend="nunpy")


@refused("backends")
def open_lengths_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda x: np.sum(x * x), backend="math", shapes={"x": "n"})


@refused("backends")
def eigenvalues_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda a: np.linalg.eigvalsh(a), backend="math", shapes={"a": (3, 3)})


@refused("backends")
def eigenvectors_in_plain_python(folder: Path) -> object:
    def longest(a):
        values, vectors = np.linalg.eigh(a + a.T)
        return values[-1] * vectors[:, -1]

    return sd.lambdify(longest, backend="math", shapes={"a": (3, 3)})


@refused("backends")
def transform_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda a: np.abs(np.fft.fft(a)), backend="math", shapes={"a": 3})


@refused("backends")
def differential_equations_in_plain_python(folder: Path) -> object:
    def left(k):
        return odeint(lambda y, t: -k * y, 1.0, [0.0, 1.0])[-1, 0]

    return sd.lambdify(left, backend="math")


@refused("backends")
def large_arrays_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda x: np.outer(x, x), backend="math", shapes={"x": 200})


@refused("backends")
def primitive_of_arrays_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda x: np.sum(halves(x)), backend="math", shapes={"x": 3})


@refused("backends")
def primitive_of_several_results_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda x: sum(both(x)), backend="math")


@refused("backends")
def more_axes_than_letters(folder: Path) -> object:
    return sd.lambdify(lambda a: np.diagonal(a), shapes={"a": f"n n {MANY_AXES}"})


@refused("backends")
def class_for_a_primitive(folder: Path) -> object:
    return sd.lambdify(lambda x, y: gap(Pair(x, y)))


# A backend of the user's own asks for what the table, or the language, does not have.


@refused("backends")
def operation_without_a_word(folder: Path) -> object:
    return Environment().spelling(erf, "numexpr")


@refused("backends")
def copy_of_an_array_in_plain_python(folder: Path) -> object:
    return PyMath().copied("x", Environment())


@refused("backends")
def part_of_an_array_in_plain_python(folder: Path) -> object:
    node = make.scatter(Input("x"), (1,), (3,))
    return PyMath().scattered(node, "v0", Environment())  # type: ignore[arg-type]


@refused("backends")
def order_in_plain_python(folder: Path) -> object:
    return PyMath().text(make.stack([Input("x"), Input("y")]), [], Environment())
