"""Contractions in pairs: the same values, in the cheapest order, as the products a person would write."""

import random

import numpy as np
import pytest

from symdiff.emit.function import function_text
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate
from symdiff.ir.nodes import Einsum, Input
from symdiff.ir.program import Parameter, Program
from symdiff.schedule.contraction import contract
from symdiff.tracing import trace_function


@pytest.mark.parametrize("seed", range(80))
def test_random_contractions_keep_their_value(seed: int) -> None:
    rng = random.Random(seed)
    lengths = [rng.choice([1, 2, 3, 5]) for _ in range(6)]
    count = rng.randint(1, 5)
    groups = [[rng.randrange(6) for _ in range(rng.randint(0, 3))] for _ in range(count)]
    known = sorted({label for group in groups for label in group})
    output = rng.sample(known, rng.randint(0, min(3, len(known))))
    inputs = [Input(f"x{i}", tuple(lengths[label] for label in group)) for i, group in enumerate(groups)]
    node = make.einsum(groups, output, *inputs)
    if rng.random() < 0.5 and node.ndim == 2:
        square = Input("m", (node.shape[1], 4))
        inputs.append(square)
        node = make.dot(make.transpose(make.transpose(node)), square)
    program = Program("f", tuple(Parameter(leaf.name) for leaf in inputs), tuple(inputs), (node,))
    values = [np.random.default_rng(seed).normal(size=leaf.shape) for leaf in inputs]
    contracted = check(contract(program))
    assert all(len(inner.args) <= 2 for inner in contracted.nodes() if isinstance(inner, Einsum))
    np.testing.assert_allclose(evaluate(contracted, *values), evaluate(program, *values), rtol=1e-12, atol=1e-13)


def text_of(function: object, *shapes: tuple[int, ...]) -> str:
    program = trace_function(function, args=[np.ones(shape) for shape in shapes])
    return function_text(program, "numpy", name="f").lines[-1].strip()


@pytest.mark.parametrize(
    ("function", "shapes", "expected"),
    [
        (lambda A, B, x: (A @ B) @ x, [(9, 9), (9, 9), (9,)], "A @ (B @ x)"),
        (lambda A, B, x: A @ (B @ x), [(9, 9), (9, 9), (9,)], "A @ (B @ x)"),
        (lambda x, y, A: x @ (y @ A), [(9,), (9, 9), (9, 9)], "x @ y @ A"),
        (lambda A, B: np.einsum("ij,kj->ki", A, B), [(3, 4), (5, 4)], "B @ A.T"),
        (lambda A, s, B: np.einsum("ni,n,nj->ij", A, s, B), [(8, 3), (8,), (8, 5)], "(A * s[:, None]).T @ B"),
        (lambda A, B: np.einsum("bij,bjk->bik", A, B), [(2, 3, 4), (2, 4, 5)], "A @ B"),
        (lambda A, B: np.einsum("bij,jk->bik", A, B), [(2, 3, 4), (4, 5)], "A @ B"),
        (lambda x, y: np.einsum("i,j->ij", x, y), [(3,), (4,)], "x[:, None] * y"),
        (
            lambda A, B: np.einsum("ijk,kjl->il", A, B),
            [(2, 3, 4), (4, 3, 5)],
            "np.tensordot(A, B, axes=((1, 2), (1, 0)))",
        ),
        (lambda A, B: np.einsum("ij,ij->", A, B), [(3, 4), (3, 4)], 'np.einsum("ij,ij->", A, B)'),
    ],
)
def test_products_are_written_as_a_person_would(function: object, shapes: list[tuple[int, ...]], expected: str) -> None:
    assert expected in text_of(function, *shapes)


def test_what_is_used_twice_is_computed_once() -> None:
    def twice(A, B, x):
        C = A @ B
        return C @ x, C

    program = trace_function(twice, args=[np.ones((9, 9)), np.ones((9, 9)), np.ones(9)])
    lines = function_text(program, "numpy", name="f").lines
    assert sum("A @ B" in line for line in lines) == 1
    assert any("C @ x" in line for line in lines)


def test_long_chains_are_contracted_pair_by_pair() -> None:
    count = 12
    inputs = [Input(f"m{i}", (3, 3)) for i in range(count)]
    node = make.einsum([[i, i + 1] for i in range(count)], [0, count], *inputs)
    program = Program("f", tuple(Parameter(leaf.name) for leaf in inputs), tuple(inputs), (node,))
    values = [np.random.default_rng(i).normal(size=(3, 3)) for i in range(count)]
    np.testing.assert_allclose(evaluate(contract(program), *values), np.linalg.multi_dot(values), rtol=1e-11)
