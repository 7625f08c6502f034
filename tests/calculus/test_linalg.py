"""Derivatives of linear algebra: against autograd, against differences in mpmath, forward against reverse, twice."""

import types
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from tests.linalg_programs import CASES, COVARIANCE, SQUARE, TALL, Case

TWICE = [name for name in CASES if "norm" not in name and "cond" not in name]
RANDOM = np.random.default_rng(5)


def options_of(case: Case) -> dict[str, Any]:
    names = case.function.__code__.co_varnames
    return {"shapes": {name: np.shape(value) for name, value in zip(names, case.args, strict=False)}}


def in_autograd(case: Case) -> Any:
    """The same function on autograd's NumPy."""
    numpy = pytest.importorskip("autograd.numpy")
    names = {"np": numpy, "sl": pytest.importorskip("autograd.scipy.linalg")}
    return types.FunctionType(case.function.__code__, names, closure=case.function.__closure__)


def close(found: Any, expected: Any, rtol: float) -> None:
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.max(np.abs(expected)))


@pytest.mark.parametrize("name", CASES)
def test_values_are_those_of_numpy(name: str) -> None:
    case = CASES[name]
    close(sd.trace(case.function, **options_of(case))(*case.args), case.function(*case.args), 1e-10)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.in_autograd])
def test_gradients_are_those_of_autograd(name: str) -> None:
    autograd = pytest.importorskip("autograd")
    case = CASES[name]
    found = sd.grad(case.function, case.argnum, **options_of(case))(*case.args)
    close(found, autograd.grad(in_autograd(case), case.argnum)(*case.args), 1e-9)


@pytest.mark.parametrize("name", [name for name in TWICE if CASES[name].in_autograd])
def test_second_derivatives_are_those_of_autograd(name: str) -> None:
    autograd = pytest.importorskip("autograd")
    case = CASES[name]
    direction = RANDOM.normal(size=np.shape(case.args[case.argnum]))
    found = sd.hvp(case.function, case.argnum, **options_of(case))(*case.args, direction)
    slope = autograd.grad(in_autograd(case), case.argnum)

    def along(*args: Any) -> Any:
        return (slope(*args) * direction).sum()

    close(found, autograd.grad(along, case.argnum)(*case.args), 1e-7)


@pytest.mark.filterwarnings("ignore:logm result:RuntimeWarning")
@pytest.mark.parametrize("name", CASES)
def test_emitted_gradients_are_those_of_differences_in_mpmath(name: str) -> None:
    """Writing the module proves it: it is executed and compared with mpmath, at points of its own."""
    case = CASES[name]
    assert "ULP of mpmath" in sd.grad(case.function, case.argnum, **options_of(case)).source()


@pytest.mark.parametrize("name", CASES)
def test_forward_and_reverse_agree(name: str) -> None:
    case = CASES[name]
    direction = RANDOM.normal(size=np.shape(case.args[case.argnum]))
    pushed = sd.jvp(case.function, case.argnum, **options_of(case))(*case.args, direction)
    pulled = sd.grad(case.function, case.argnum, **options_of(case))(*case.args)
    close(pushed, np.sum(pulled * direction), 1e-8)


@pytest.mark.parametrize("name", TWICE)
def test_hessians_on_a_batch_agree_with_products(name: str) -> None:
    case = CASES[name]
    argument = case.args[case.argnum]
    direction = RANDOM.normal(size=np.shape(argument))
    hessian = sd.hessian(case.function, case.argnum, **options_of(case))(*case.args)
    product = sd.hvp(case.function, case.argnum, **options_of(case))(*case.args, direction)
    close(np.tensordot(hessian, direction, np.ndim(argument)), product, 1e-7)


def test_equal_eigenvalues_have_derivatives_and_their_vectors_have_none() -> None:
    a = np.diag([2.0, 2.0, 3.0])
    slope = sd.grad(lambda a: np.sum(np.exp(np.linalg.eigh(a)[0])))(a)
    np.testing.assert_allclose(slope, np.diag(np.exp([2.0, 2.0, 3.0])), rtol=1e-14)
    slope = sd.grad(lambda a: np.sum(np.linalg.svd(a, full_matrices=False)[1] ** 2))(a)
    np.testing.assert_allclose(slope, 2.0 * a, rtol=1e-14)
    with np.errstate(all="ignore"):
        slope = sd.grad(lambda a: np.sum(np.linalg.eigh(a)[1]))(a)
    assert not np.all(np.isfinite(slope))


def test_a_singular_matrix_of_three_rows_has_a_determinant_with_a_derivative() -> None:
    slope = sd.grad(lambda a: np.linalg.det(a))(np.diag([2.0, 3.0, 0.0]))
    np.testing.assert_array_equal(slope, np.diag([0.0, 0.0, 6.0]))


def test_vectors_beyond_the_smaller_length_have_no_derivative() -> None:
    def beyond(a: Any) -> Any:
        u, s, _ = np.linalg.svd(a)
        return np.sum(u[:, 3] ** 2) + np.sum(s**2)

    assert sd.trace(beyond, shapes={"a": (4, 2)})(TALL) == pytest.approx(1.0 + np.sum(TALL**2))
    with pytest.raises(sd.UnsupportedError, match="full_matrices=True"):
        sd.grad(beyond)(TALL)
    slope = sd.grad(lambda a: np.sum(np.linalg.svd(a)[1] ** 2))(TALL)
    np.testing.assert_allclose(slope, 2.0 * TALL, rtol=1e-12)


def test_small_systems_are_written_out_for_plain_python() -> None:
    def energy(a: Any, b: Any) -> Any:
        factor = np.linalg.cholesky(a)
        return b @ np.linalg.solve(a, b) + np.linalg.det(a) + factor[2, 1] + np.sum(np.linalg.inv(a))

    options: Any = {"shapes": {"a": (3, 3), "b": (3,)}}
    source = sd.grad(energy, **options).source("math")
    namespace: dict[str, Any] = {}
    exec(compile(source, "<test>", "exec"), namespace)
    found = namespace["energy_grad"](COVARIANCE.tolist(), SQUARE[0].tolist())
    close(found, sd.grad(energy)(COVARIANCE, SQUARE[0]), 1e-12)
