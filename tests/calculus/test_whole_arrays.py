"""Jacobians and Hessians, element by element, of nodes that take whole arrays: a leaf itself may be their argument."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd

MATRIX = np.array([[4.0, 1.0, 0.5, 0.0], [0.0, 3.0, 1.0, 0.2], [1.0, 0.0, 5.0, 1.0], [0.3, 0.1, 0.0, 2.0]])


def test_the_jacobian_of_solve_by_its_right_hand_side_is_the_inverse() -> None:
    found = sd.jacobian(lambda b: np.linalg.solve(MATRIX, b))(np.ones(4))
    np.testing.assert_allclose(found, np.linalg.inv(MATRIX), rtol=1e-14, atol=1e-16)


def test_the_hessian_of_a_quadratic_form_of_solve() -> None:
    found = sd.hessian(lambda b: b @ np.linalg.solve(MATRIX, b))(np.ones(4))
    inverse = np.linalg.inv(MATRIX)
    np.testing.assert_allclose(found, inverse + inverse.T, rtol=1e-13, atol=1e-16)


def test_the_jacobian_of_a_primitive_of_the_argument_itself() -> None:
    cumulated = sd.primitive(np.cumsum)
    sd.defvjp(cumulated, lambda ans, x: lambda g: np.flip(cumulated(np.flip(g))))
    np.testing.assert_array_equal(sd.jacobian(cumulated)(np.ones(3)), np.tri(3))


def _guarded_root(x: Any) -> Any:
    return np.where(x > 0.0, np.sqrt(x), 0.0)


def test_a_guard_outlives_the_identity_matrix_of_a_hessian() -> None:
    """Off the diagonal stand zeros: the infinite slope of the branch not taken must not meet them."""
    x = np.array([0.0, 1.0, 4.0])

    def solved(x: Any) -> Any:
        return np.sum(np.linalg.solve(2.0 * np.eye(3), _guarded_root(x)))

    np.testing.assert_allclose(sd.hessian(solved)(x), np.diag([0.0, -0.125, -1 / 64]))
    spectrum = sd.hessian(lambda x: np.sum(np.abs(np.fft.fft(_guarded_root(x)))))(x)
    assert np.all(spectrum[0] == 0.0)
    assert np.all(np.isfinite(spectrum))


def test_no_infinite_slope_meets_the_zeros_of_an_identity_matrix() -> None:
    """The guard comes after a sum of two products, in which the identity matrices were computed."""
    x = np.array([[0.0, 1.0], [2.0, 0.5]])
    found = sd.hessian(lambda x: np.linalg.det(np.where(x > 0.0, x**1.5, 0.0)))(x)
    assert np.all(found[0, 0] == 0.0)
    assert np.all(found[:, :, 0, 0] == 0.0)
    assert found[0, 1, 0, 1] == pytest.approx(-0.75 * 2.0**1.5)
    for rows in (2, 40):  # element by element, and by matrices
        x = np.ones((rows, 3))
        x[0, 1] = 0.0
        with np.errstate(divide="ignore"):
            roots = sd.jacobian(lambda x: np.sqrt(x) @ np.ones((3, 2)))(x)
        assert np.sum(np.isinf(roots)) == 2
        assert np.sum(roots == 0.5) == 2 * (x.size - 1)
        assert np.sum(roots == 0.0) == 2 * x.size * (rows - 1)


def test_a_diagonal_hessian_can_be_written() -> None:
    source = sd.hessian(lambda x: np.sum(x**3), shapes={"x": "n"}).source()
    assert "np.diag(" in source


@pytest.mark.parametrize(
    ("length", "shape"), [(1, ()), (1, (1, 1)), (1, (1,)), (3, (3, 1)), (4, (2, 2)), (6, (1, 2, 3))], ids=str
)
def test_the_jacobian_of_another_shape_is_the_identity(length: int, shape: tuple[int, ...]) -> None:
    found = sd.jacobian(lambda v: np.reshape(v, shape))(np.arange(float(length)))
    np.testing.assert_array_equal(found, np.eye(length).reshape(*shape, length))
    found = sd.jacobian(lambda v: np.reshape(v, (length,)))(np.arange(float(length)).reshape(shape))
    np.testing.assert_array_equal(found, np.eye(length).reshape(length, *shape))
