"""The functions of `refused*.py` that have been mended as their messages say: each is traced.

A function has the name of the one that it mends.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import linalg
from scipy.integrate import odeint

MENDED: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {}


def mended(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        MENDED[function.__name__] = (function, options)
        return function

    return register


# -- writing into arrays ----------------------------------------------------------------------------------------


@mended(shapes={"v": 3})
def changed_argument(v):
    v = v.copy()
    v[0] = 1.0
    return v


@mended(shapes={"v": 3})
def changed_argument_in_place(v):
    v = v.copy()
    v += 1.0
    return v


@mended()
def changed_array_with_views(x):
    a = np.zeros((2, 2)) + x
    row = a.ravel().copy()
    a[0, 0] = x
    return row


@mended(shapes={"v": 3})
def complex_number_into_real_ones(v):
    y = np.zeros(3, dtype=complex)
    y[0] = v[0] + 1j
    return y.sum()


@mended(shapes={"v": 4})
def values_one_after_the_other(v):
    y = np.zeros(4)
    return np.where(v > 0.0, np.array([1.0, 2.0, 3.0, 4.0]), y)


@mended(shapes={"v": 4})
def positions_and_a_part(v):
    y = np.zeros((4, 4))
    y[np.argmax(v), 1:3] = 1.0
    return y


@mended(shapes={"v": 3})
def place_that_does_not_fit(v):
    y = np.zeros(3)
    y[np.argmax(v)] = v[0]
    return y


@mended(shapes={"v": 3})
def result_that_does_not_fit_its_array(v):
    y = np.zeros(1)
    return y + v


@mended(shapes={"v": 3})
def partitioned_in_place(v):
    y = v * 2.0
    return np.partition(y, 1)


@mended(shapes={"v": 3})
def resized_in_place(v):
    y = np.zeros(3)
    y = np.resize(y, 2)
    return y * v[0]


@mended(shapes={"v": 4})
def shape_that_is_assigned(v):
    y = v * 2.0
    return y.reshape((2, 2))


@mended()
def number_into_an_array_of_whole_ones(x):
    y = np.arange(3)
    y = np.array(y, dtype=float)
    y[0] = x
    return y


@mended()
def sum_into_an_array_of_whole_numbers(x):
    y = np.array([1, 2, 3])
    y = np.array(y, dtype=float)
    y += x
    return y


# -- functions of arrays ----------------------------------------------------------------------------------------


@mended(shapes={"A": (2000, 2)})
def many_lines(A):
    return A[:, 0] * A[:, 1]


@mended(shapes={"v": 3})
def padded_without_a_value(v):
    return np.pad(v, 1, mode="constant")


@mended(shapes={"v": 3})
def broadcast_to_a_shape_that_does_not_fit(v):
    return np.broadcast_to(v[:, None], (3, 2))


@mended(shapes={"A": (2, 3)})
def power_of_a_matrix_that_is_not_square(A):
    return np.linalg.matrix_power(A.T @ A, 2)


@mended(shapes={"v": 5})
def quantile_by_an_unknown_method(v):
    return np.quantile(v, 0.5, method="linear")


@mended(shapes={"A": (2, 3, 3), "B": (4, 3, 3)})
def stacks_that_do_not_fit(A, B):
    return A[:, None] @ B


@mended(shapes={"v": 4})
def cross_product_of_four_components(v):
    return np.cross(v[:3], v[:3])


@mended(shapes={"A": (2, 3)})
def labels_that_do_not_fit(A):
    return np.einsum("ij->i", A)


@mended(shapes={"A": (2, 2)})
def states_in_a_matrix(A):
    return odeint(lambda y, t: (-y.reshape(2, 2)).ravel(), A.ravel(), np.linspace(0.0, 1.0, 3))


@mended()
def slope_of_another_length(k):
    return odeint(lambda y, t: np.array([-k * y[0], k * y[1]]), [1.0, 2.0], np.linspace(0.0, 1.0, 3))


@mended(shapes={"A": (3, 3), "B": (3, 3)})
def another_generalized_problem(A, B):
    L = np.linalg.cholesky(B)
    return np.linalg.eigh(L.T @ A @ L)[0]


@mended(shapes={"A": (3, 3)})
def raw_factorization_of_scipy(A):
    return linalg.qr(A, mode="economic")


@mended(shapes={"A": (2, 2)})
def general_eigenvalues(A):
    return np.linalg.eigvals(A + 0j)


@mended(shapes={"v": 3})
def traced_mask(v):
    return np.sum(np.where(v > 0, v, 0.0))


@mended(shapes={"v": 3})
def unknown_function(v):
    return v - 2.0 * np.pi * np.round(v / (2.0 * np.pi))


@mended()
def unknown_math(x):
    return math.gamma(x + 1)


@mended(shapes={"v": 3})
def unknown_keyword(v):
    return np.sum(np.where(v > 0, v, 0.0))


@mended(shapes={"v": 3})
def truth_of_an_array(v):
    return 1.0 if np.any(v > 0) else 2.0


# -- lengths that stay open -------------------------------------------------------------------------------------


@mended(shapes={"x": "n", "y": "n"})
def compared_lengths(x, y):
    if len(x) != len(y):
        raise ValueError("x and y differ")
    return np.sum(x) * np.sum(y)


@mended(shapes={"x": "n"})
def position_that_may_be_negative(x):
    return np.sum(x[-3:])


@mended(shapes={"x": "n"})
def columns_of_an_open_length(x):
    n = len(x)
    return np.concatenate([np.eye(n), np.zeros((n, 1))], axis=1).T @ x


@mended(shapes={"x": "n"})
def range_of_fractions(x):
    return x * (0.0 + 0.1 * np.arange(len(x)))


@mended(shapes={"x": 10})
def list_of_an_open_length(x):
    return sum(list(x))


# -- numbers that are asked for ---------------------------------------------------------------------------------


@mended(static={"mode": "square"})
def compared_with_text(mode, x):
    return x**2 if mode == "square" else x**3


@mended(static=["n"])
def traced_range(x, n=3):
    return sum(x**i for i in range(n))


@mended()
def drawn_around_an_argument(mean, z=0.3):
    return mean + 1.0 * z


@mended(shapes={"p": {"a": (), "b": "n"}})
def number_as_a_dict(p):
    return p["a"] * p["b"] ** 2


@mended(shapes={"x": "2"})
def unpacked_number(x):
    a, b = x
    return a + b


@mended()
def integrated_by_a_library(a):
    nodes, weights = np.polynomial.legendre.leggauss(20)
    return np.sum(0.5 * weights * np.exp(-a * (0.5 * nodes + 0.5) ** 2))


@mended(shapes={"A": (2, 3)}, static={"n": 1})
def axis_that_is_an_argument(A, n):
    return np.sum(A, axis=n)


@mended()
def chosen_in_threads(x):
    return sum([item if item > 0 else 0.0 for item in [x, 2 * x]])


@mended(shapes={"v": 3})
def what_a_mask_picks_in_place(v):
    y = v[v > 0.0]
    y = y + 1.0
    return np.sum(y)


@mended()
def raised_out_of_a_round(x):
    y = x
    while y > 1.0:
        y = y * 0.5
    while y > 0.5:
        try:
            y = y * [0.5][1]
        except IndexError:
            y = -x
    return y


@mended()
def items_taken_in_a_round(x):
    total = 0.0
    for step in [0.5, 0.25, 0.125]:
        if x <= 1.0:
            break
        total = total + step
        x = x / 2.0
    return total


@mended()
def kind_that_nobody_knows(x):
    return x * 2.0 if isinstance(int(np.floor(x)), int) else x


@mended()
def type_that_nobody_knows(x):
    return x * 2.0 if type(float(np.floor(x))) is float else x
