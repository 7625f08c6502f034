"""Jacobians and Hessians, element by element, of nodes that take whole arrays: a leaf itself may be their argument."""

import numpy as np

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
