"""Jacobians and Hessians at matrix level, against those made element by element."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.calculus import array_blocks, element_blocks
from symdiff.calculus.products import identity
from symdiff.emit.function import function_text
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate
from symdiff.ir.program import Program
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.tracing import trace_function
from tests.random_programs import arguments, vector_program


def values(program: Program, outputs: list[object], args: list[object]) -> list[np.ndarray]:
    blocks = program.with_outputs(outputs, tuple_of([LEAF] * len(outputs)))  # type: ignore[arg-type]
    return [np.asarray(value) for value in evaluate(check(blocks), *args)]


@pytest.mark.parametrize("seed", range(60))
def test_jacobians_of_random_vector_programs(seed: int) -> None:
    program = vector_program(seed)
    args = arguments(seed, program)
    whole = values(program, array_blocks.jacobian_blocks(program, program.inputs), args)
    single = values(program, element_blocks.jacobian_blocks(program, program.inputs), args)
    for found, expected in zip(whole, single, strict=True):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def logistic(w, X, y):
    return np.sum(np.logaddexp(0.0, -y * (X @ w)))


def factorisation(U, V, A):
    return np.sum((A - U @ V.T) ** 2) + 0.5 * np.sum(U**2)


def network(W, b, X):
    return np.sum(np.tanh(np.maximum(X @ W + b, 0.1)) ** 2)


def guarded(x, y):
    return np.sum(np.where(x > 0.0, np.sqrt(np.where(x > 0.0, x, 1.0)), 0.0) * y[1:, None])


def diagonal(A, x):
    return np.sum(np.exp(np.diag(A)) * x) + np.trace(A @ A) + np.mean(A * x) ** 2


def layouts(x, A):
    B = np.stack([x, x * x]).T.reshape(2, 3)
    return np.sum(np.concatenate([B, A[::-1]], axis=1)[:, ::2] ** 3) * np.max(A) + np.prod(x)


CASES = {
    "logistic": (logistic, [(3,), (5, 3), (5,)]),
    "factorisation": (factorisation, [(3, 2), (4, 2), (3, 4)]),
    "network": (network, [(3, 2), (2,), (4, 3)]),
    "guarded": (guarded, [(2, 3), (3,)]),
    "diagonal": (diagonal, [(3, 3), (3,)]),
    "layouts": (layouts, [(3,), (2, 2)]),
}


@pytest.mark.parametrize("name", CASES)
def test_hessians_agree_with_those_made_element_by_element(name: str) -> None:
    function, shapes = CASES[name]
    rng = np.random.default_rng(len(name))
    args = [rng.normal(size=shape) for shape in shapes]
    program = trace_function(function, args=args)
    whole = values(program, array_blocks.hessian_blocks(program, program.inputs), args)
    single = values(program, element_blocks.hessian_blocks(program, program.inputs), args)
    for found, expected in zip(whole, single, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


def test_the_hessian_of_logistic_regression_is_two_products() -> None:
    program = trace_function(logistic, shapes={"w": 500, "X": (1000, 500), "y": 1000})
    (block,) = array_blocks.hessian_blocks(program, program.leaves_of("w"))
    text = "\n".join(function_text(program.with_outputs([block], LEAF), "numpy", name="h").lines)
    assert "X.T @ (" in text and "[:, None] * X)" in text
    assert "eye" not in text and "einsum" not in text


def test_the_hessian_of_an_elementwise_sum_is_a_diagonal_matrix() -> None:
    hessian = sd.hessian(lambda x: np.sum(np.sin(x) * x**2 + 3.0 * np.exp(x)))
    x = np.linspace(0.0, 1.0, 50)
    expected = -np.sin(x) * x**2 + 4.0 * x * np.cos(x) + 2.0 * np.sin(x) + 3.0 * np.exp(x)
    np.testing.assert_allclose(hessian(x), np.diag(expected), rtol=1e-13)
    program = trace_function(lambda x: np.sum(np.sin(x) * x**2 + 3.0 * np.exp(x)), args=[x])
    (block,) = array_blocks.hessian_blocks(program, program.inputs)
    assert "np.diag(" in "\n".join(function_text(program.with_outputs([block], LEAF), "numpy", name="h").lines)


def test_identity_matrices_disappear_by_renaming() -> None:
    found = identity((4, 5)).summed([2, 3])
    assert not found.has_identity
    np.testing.assert_array_equal(evaluate_node(found.node()), np.ones((4, 5)))
    trace = identity((3,)).contracted([0, 0], [], [], 0, ())
    assert not trace.has_identity
    assert evaluate_node(trace.node()) == 3.0


def evaluate_node(node: object) -> np.ndarray:
    return np.asarray(evaluate(Program("f", (), (), (node,))))  # type: ignore[arg-type]


def test_an_unused_parameter_has_a_block_of_zeros() -> None:
    x = np.ones(40)
    first, second = sd.jacobian(lambda x, y: x * 2.0, argnum=(0, 1))(x, np.ones((2, 40)))
    np.testing.assert_array_equal(first, 2.0 * np.eye(40))
    np.testing.assert_array_equal(second, np.zeros((40, 2, 40)))


def test_lengths_of_one_are_axes_like_any_other() -> None:
    args = [np.full((1, 40), 0.5), np.full((40, 1), 2.0)]
    program = trace_function(lambda A, B: np.sum((A @ B) * A * B), args=args)
    whole = values(program, array_blocks.hessian_blocks(program, program.inputs), args)
    single = values(program, element_blocks.hessian_blocks(program, program.inputs), args)
    for found, expected in zip(whole, single, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert make.eye(1).shape == (1, 1)
