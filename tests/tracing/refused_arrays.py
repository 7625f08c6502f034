"""Functions of arrays that have no closed form, or whose shapes do not fit: each is refused with its line."""

import numpy as np
from scipy import linalg
from scipy.integrate import odeint

from tests.tracing.refused import REFUSED as REFUSED
from tests.tracing.refused import refused

TABLE = np.array([1.0, 2.0, 3.0])


@refused(shapes={"v": 3})
def complex_number_into_real_ones(v):
    y = np.zeros(3)
    y[0] = v[0] + 1j
    return y.sum()


@refused(shapes={"v": 4})
def masked_values_of_another_length(v):
    y = np.zeros((2, 4))
    y[:, v > 0.0] = np.array([1.0, 2.0])
    return y.sum()


@refused(shapes={"v": 4})
def values_one_after_the_other(v):
    y = np.zeros(4)
    y[v > 0.0] = [1.0, 2.0]
    return y


@refused(shapes={"v": 4})
def positions_and_a_part(v):
    y = np.zeros((4, 4))
    y[np.argmax(v), None, 1:3] = 1.0
    return y


@refused(shapes={"v": 4})
def added_at_positions_apart(v):
    y = np.zeros((4, 2, 4))
    np.add.at(y, ([0, 1], slice(None), [1, 1]), v[:2])
    return y


@refused(shapes={"v": 2})
def real_part_that_is_assigned(v):
    z = v + 1j * v
    z.real = 2.0
    return z.real


@refused(shapes={"v": 2})
def written_by_a_function_without_a_rule(v):
    y = np.zeros(2)
    np.spacing.at(y, [0])
    return y * v


@refused(shapes={"v": (2, 2)})
def written_where_it_may_be_a_copy(v):
    y = 2.0 * v
    y.ravel()[0] = 1.0
    return y


@refused(shapes={"v": 3})
def part_that_does_not_fit(v):
    y = np.zeros(3)
    y[:2] = v
    return y


@refused(shapes={"v": 3})
def positions_that_do_not_fit(v):
    y = np.zeros(4)
    y[[0, 2]] = v
    return y


@refused(shapes={"v": 3})
def places_that_do_not_fit(v):
    y = np.zeros(3)
    y[np.argsort(v)[:2]] = v
    return y


@refused(shapes={"v": 3})
def place_that_does_not_fit(v):
    y = np.zeros(3)
    y[np.argmax(v)] = v
    return y


@refused(shapes={"v": 3})
def result_that_does_not_fit_its_array(v):
    y = np.zeros(1)
    y += v
    return y


@refused(shapes={"A": (2000, 2)})
def many_lines(A):
    return np.apply_along_axis(lambda row: row[0] * row[1], 1, A)


@refused(shapes={"v": 3})
def padded_without_a_value(v):
    return np.pad(v, 1, mode="empty")


@refused(shapes={"v": 3})
def places_that_fulfil(v):
    return v[np.where(v > 0.0)]


@refused(shapes={"v": 3})
def broadcast_to_a_shape_that_does_not_fit(v):
    return np.broadcast_to(v, (3, 2))


@refused(shapes={"A": (2, 3)})
def power_of_a_matrix_that_is_not_square(A):
    return np.linalg.matrix_power(A, 2)


@refused(shapes={"v": 5})
def quantile_by_an_unknown_method(v):
    return np.quantile(v, 0.5, method="inverted_cdf")


@refused(shapes={"A": (2, 3, 3), "B": (4, 3, 3)})
def stacks_that_do_not_fit(A, B):
    return A @ B


@refused(shapes={"v": 4})
def cross_product_of_four_components(v):
    return np.cross(v, v)


@refused(shapes={"A": (2, 3)})
def labels_that_do_not_fit(A):
    return np.einsum("ijk->ik", A)


@refused(shapes={"v": 3})
def labels_beside_dots_that_do_not_fit(v):
    return np.einsum("...ij->...i", v)


@refused(shapes={"A": (2, 2)})
def states_in_a_matrix(A):
    return odeint(lambda y, t: -y, A, np.linspace(0.0, 1.0, 3))


@refused()
def slope_that_is_no_number(k):
    return odeint(lambda y, t: None, [k, 1.0], np.linspace(0.0, 1.0, 3))


@refused()
def slope_of_another_length(k):
    return odeint(lambda y, t: -k * y[0], [1.0, 2.0], np.linspace(0.0, 1.0, 3))


@refused(shapes={"v": 3})
def partitioned_in_place(v):
    y = v * 2.0
    y.partition(1)
    return y


@refused(shapes={"v": 3})
def resized_in_place(v):
    y = np.zeros(3)
    y.resize(2)
    return y * v[0]


@refused(shapes={"v": 4})
def shape_that_is_assigned(v):
    y = v * 2.0
    y.shape = (2, 2)
    return y


@refused(shapes={"v": 3})
def output_of_another_shape(v):
    out = np.zeros(1)
    np.add(v, 1.0, out=out)
    return out


@refused(shapes={"v": 3})
def result_in_a_constant(v):
    np.copyto(TABLE, v)
    return v


@refused(shapes={"v": 3})
def dtype_of_another_precision(v):
    return v.astype("float16")


@refused(shapes={"A": (3, 3)})
def hermitian_singular_values(A):
    return np.linalg.svd(A + A.T, hermitian=True)[1]


@refused(shapes={"A": (3, 3)})
def raw_factorization(A):
    return np.linalg.qr(A, mode="raw")


@refused(shapes={"A": (3, 3), "B": (3, 3)})
def another_generalized_problem(A, B):
    return linalg.eigh(A, B, type=2)[0]


@refused(shapes={"A": (3, 3)})
def pivoted_factorization(A):
    return linalg.qr(A, pivoting=True)[1]


@refused(shapes={"A": (3, 3)})
def raw_factorization_of_scipy(A):
    return linalg.qr(A, mode="raw")


@refused(shapes={"v": 3})
def joined_by_a_text(v):
    return np.r_["0,2", v, v]


@refused()
def complex_value_that_may_be_real(x):
    return np.real_if_close(np.exp(1j * x))


@refused()
def report_of_the_integrator(k):
    return odeint(lambda y, t: -k * y, 1.0, np.linspace(0.0, 1.0, 3), full_output=True)


@refused()
def critical_times(k):
    return odeint(lambda y, t: -k * y, 1.0, np.linspace(0.0, 1.0, 3), tcrit=[0.5])


@refused(shapes={"v": "n"})
def slope_of_open_length(v):
    return odeint(lambda y, t: -np.max(v * t) * y, 1.0, np.linspace(0.0, 1.0, 3))


@refused()
def traced_tolerance(k):
    return odeint(lambda y, t: -k * y, 1.0, np.linspace(0.0, 1.0, 3), rtol=k)


@refused()
def number_into_an_array_of_whole_ones(x):
    y = np.arange(3)
    y[0] = x
    return y


@refused()
def sum_into_an_array_of_whole_numbers(x):
    y = np.array([1, 2, 3])
    y += x
    return y


@refused(shapes={"v": 3})
def counted_by_a_traced_number(v):
    return np.bincount(np.argsort(v), weights=v)


@refused(shapes={"v": 3})
def several_arrays_at_once(v):
    return sum(a * b for a, b in np.nditer([v, v]))


ROWS = [[1.0, 2.0], [3.0, 4.0]]


@refused()
def row_that_was_picked(x, i):
    row = ROWS[int(i)]
    row[0] = x
    return row[0] * row[1]


@refused(shapes={"v": 2})
def picked_by_an_order(v):
    rows = [[v[0], v[1]], [1.0, 2.0]]
    return rows[np.argmax(v)][0]


@refused(shapes={"v": 3})
def what_a_mask_picks_in_place(v):
    y = v[v > 0.0]
    y += 1.0
    return np.sum(y)
