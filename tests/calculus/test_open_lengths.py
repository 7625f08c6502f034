"""Functions traced for every size compute, at each, what the function and its derivatives for that size compute."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.algebra.passes import simplify
from symdiff.calculus.derivatives import derive
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate
from symdiff.ir.lengths import Name
from symdiff.ir.program import Program
from symdiff.ir.rewrite import with_static_sizes
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function
from tests.random_array_functions import random_array_function

OPEN = {"w": "d", "X": "n d", "y": "n"}
SIZES = [(1, 1), (3, 2), (2, 5), (4, 4)]
KINDS = ["value", "grad", "hvp"]


def point(n: int, d: int, seed: int) -> list[Any]:
    generator = np.random.default_rng(seed)
    return [generator.uniform(-1.0, 1.0, shape) for shape in ((d,), (n, d), (n,))]


def derived(program: Program, kind: str) -> Program:
    return check(simplify(derive(check(simplify(program, level="fast")), kind, ["w", "X", "y"]), level="fast"))


@pytest.mark.parametrize("seed", range(40))
def test_random_functions_agree_at_every_size(seed: int) -> None:
    function = random_array_function(seed)
    traced = check(trace_function(function, shapes=OPEN))
    programs = {kind: derived(traced, kind) for kind in KINDS}
    compiled = {
        (kind, backend): compile_program(program, backend)
        for kind, program in programs.items()
        for backend in ("numpy", "numexpr")
    }
    for n, d in SIZES:
        arguments = point(n, d, seed)
        np.testing.assert_allclose(evaluate(traced, *arguments), function(*arguments), rtol=1e-12)
        fixed = trace_function(function, shapes={"w": d, "X": (n, d), "y": n})
        for kind in KINDS:
            extra = {"vector": tuple(point(n, d, seed + 1))} if kind == "hvp" else {}
            expected = flat(evaluate(derived(fixed, kind), *arguments, **extra))
            found = flat(evaluate(programs[kind], *arguments, **extra))
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
            sized = check(with_static_sizes(programs[kind], {Name("n"): n, Name("d"): d}))
            np.testing.assert_allclose(flat(evaluate(sized, *arguments, **extra)), expected, rtol=1e-9, atol=1e-11)
            for backend in ("numpy", "numexpr"):
                result = flat(compiled[kind, backend](*arguments, **extra))
                np.testing.assert_allclose(result, expected, rtol=1e-9, atol=1e-11)


def flat(value: Any) -> Any:
    parts = value if isinstance(value, tuple) else (value,)
    return np.concatenate([np.ravel(part) for part in parts])


@pytest.mark.parametrize(
    "loss",
    [
        lambda x: np.sum(np.sort(x) ** 2 * np.cumsum(x)),
        lambda x: np.sum(np.take_along_axis(x, np.argsort(x)[:1], 0) ** 3),
        lambda x: x[np.argmax(x)] ** 2,
    ],
)
def test_what_is_added_at_positions_is_proven_for_all_lengths(loss: Any) -> None:
    slope = sd.grad(loss, shapes={"x": "n"})
    assert "ULP of mpmath" in slope.source()
    for x in (np.array([0.3, -1.2, 0.7]), np.array([2.0, 1.0])):
        np.testing.assert_allclose(slope(x), sd.grad(loss)(x), rtol=1e-13)


def test_eigenvectors_of_matrices_of_any_size() -> None:
    def loss(a: Any) -> Any:
        return np.sum(np.abs(np.linalg.eig(a + 1j * a.T)[1]) ** 4)

    slope = sd.grad(loss, shapes={"a": "n n"})
    assert "ULP of mpmath" in slope.source()
    matrix = np.arange(9.0).reshape(3, 3) ** 1.5
    np.testing.assert_allclose(slope(matrix), sd.grad(loss)(matrix), rtol=1e-9, atol=1e-12)
