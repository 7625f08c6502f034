"""Functions of arrays whose shapes do not go together: each is refused with the shapes and where they come from."""

import numpy as np
from scipy import linalg

import symdiff as sd
from tests.tracing.refused import REFUSED as REFUSED
from tests.tracing.refused import refused


@refused(shapes={"v": 3})
def reshaped_to_another_size(v):
    return v.reshape(2, 2)


@refused(shapes={"v": 3})
def reshaped_with_a_rest(v):
    return v.reshape(2, -1)


@refused(shapes={"A": (2, 3)})
def axes_named_twice(A):
    return np.transpose(A, (0, 0))


@refused(shapes={"v": 3, "w": 2})
def stacked_rows_of_other_lengths(v, w):
    return np.stack([v, w])


@refused(shapes={"A": (2, 3), "v": 3})
def matrix_beside_a_row(A, v):
    return np.concatenate([A, v])


@refused(shapes={"v": 3, "w": 2})
def inner_product_of_other_lengths(v, w):
    return np.inner(v, w)


@refused(shapes={"v": 3})
def axis_that_does_not_exist(v):
    return np.sum(v, axis=1)


@refused(shapes={"v": 3})
def too_many_keys(v):
    return v[0, 1]


@refused(shapes={"v": "n"})
def step_of_nothing(v):
    return v[::0]


@refused(shapes={"A": (2, 3), "v": 3})
def positions_along_no_axis(A, v):
    return np.take_along_axis(A, np.argsort(v), axis=1)


@refused(shapes={"A": (2, 3), "B": (4, 3)})
def positions_of_more_rows(A, B):
    return np.take_along_axis(A, np.argsort(B, axis=1), axis=1)


@refused(shapes={"A": (2, 3)})
def table_of_several_rows(A, x):
    return np.searchsorted(A, x)


@refused()
def triangle_of_a_number(x):
    return np.tril(np.asarray(x))


@refused(shapes={"A": ("n", "m")})
def diagonal_beside_the_open_one(A):
    return np.diagonal(A, 1)


@refused(shapes={"v": "n"})
def matrix_of_an_open_diagonal(v):
    return np.diag(v, 1)


@refused(shapes={"A": (2, 3), "v": 3})
def convolved_with_a_matrix(A, v):
    return sd.convolve(A, v)


@refused(shapes={"A": (4, 4), "B": (5, 3)})
def window_that_does_not_fit(A, B):
    return sd.convolve(A, B, mode="valid")


@refused(shapes={"A": (2, 4)})
def transformed_twice_along_an_axis(A):
    return np.abs(np.fft.fftn(A, axes=(0, 0)))


@refused(shapes={"v": 4})
def transform_of_no_points(v):
    return np.abs(np.fft.fft(v, n=0))


@refused(shapes={"v": 3})
def determinant_of_a_vector(v):
    return np.linalg.det(v)


@refused(shapes={"A": (2, 3)})
def inverse_of_a_rectangle(A):
    return np.linalg.inv(A)


@refused(shapes={"A": (3, 3)})
def solved_for_a_number(A):
    return np.linalg.solve(A, 1.0)


@refused(shapes={"A": (3, 3), "b": 2})
def solved_for_another_length(A, b):
    return np.linalg.solve(A, b)


@refused(shapes={"A": (4, 3), "b": 3})
def fitted_to_another_length(A, b):
    return np.linalg.lstsq(A, b)[0]


@refused(shapes={"A": (2, 2), "B": (3, 3), "Q": (3, 2)})
def sylvester_of_other_shapes(A, B, Q):
    return linalg.solve_sylvester(A, B, Q)


@refused(shapes={"bands": (2, 4), "b": 4})
def bands_that_are_missing(bands, b):
    return linalg.solve_banded((1, 1), bands, b)


@refused(shapes={"A": ("n", "m")})
def factors_of_open_lengths(A):
    return np.linalg.qr(A)[1]


@refused(shapes={"x": "n"})
def length_in_a_formula(x):
    return x[: len(x) // (len(x) - 2)]


@refused(shapes={"x": "n", "y": "m"})
def smaller_length(x, y):
    return np.sum(x) if len(x) < len(y) else np.sum(y)


@refused(shapes={"x": "n"})
def quantile_of_an_open_length(x):
    return np.quantile(x, 0.3)


@refused(shapes={"A": (3, 3), "b": 3})
def number_as_a_matrix(A, b):
    return np.linalg.solve(b, A)


@refused(shapes={"z": 3})
def product_of_complex_numbers_in_order(z):
    return np.fft.rfft(z + 1j * z)
