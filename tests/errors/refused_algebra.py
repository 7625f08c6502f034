"""What the algebra refuses."""

from pathlib import Path

import numpy as np
import sympy

import symdiff as sd
from symdiff.algebra.passes import simplify
from symdiff.algebra.sympy_reader import from_sympy
from symdiff.ir.nodes import Input
from tests.errors.refusing import refused


@refused("algebra")
def text_for_an_expression(folder: Path) -> object:
    return from_sympy("x + 1", {})


@refused("algebra")
def symbol_without_a_node(folder: Path) -> object:
    return from_sympy(sympy.Symbol("y") ** 2, {})


@refused("algebra")
def function_without_a_row(folder: Path) -> object:
    x = sympy.Symbol("x")
    return from_sympy(sympy.Function("pressure")(x), {x: Input("x")})


@refused("algebra")
def number_beyond_doubles(folder: Path) -> object:
    return from_sympy(sympy.Rational(10**40 + 1, 3), {})


@refused("algebra")
def expression_of_open_lengths(folder: Path) -> object:
    return sd.trace(lambda x: np.sum(x * x), shapes={"x": "n"}).expr


@refused("algebra")
def expression_of_a_loop(folder: Path) -> object:
    def halved(x):
        while x > 1.0:
            x = 0.5 * x
        return x

    return sd.trace(halved).expr


@refused("algebra")
def level_of_simplification(folder: Path) -> object:
    return simplify(sd.trace(lambda x: x * x).program, "thorough")  # type: ignore[arg-type]
