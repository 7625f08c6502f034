"""More functions that write, by `flat`, `put`, new axes and two names: `f(A, x)` with A of shape (3, 3) and x of 4."""

import numpy as np


def flat_items(A, x):
    B = A * 2.0
    B.flat[4] = x[0]
    B.flat[[0, 8]] = x[1:3]
    B.T.flat[1] = x[3]
    return B


def flat_items_of_zeros(A, x):
    y = np.zeros((2, 2))
    y.flat[1:3] = x[:2]
    y.flat[0] += A[0, 0]
    return y


def flat_as_a_whole(A, x):
    B = A.copy()
    row = B[1]
    row.flat = x[0]
    return B


def sum_of_flat(A, x):
    return sum(A.T.flat) * x[0] + (A * x[1]).flat[5] + len(A.flat)


def put_by_a_method(A, x):
    y = np.zeros(4)
    y.put([0, 3], x[1:3])
    B = A.copy()
    B[:, 1].put(2, x[0])
    return np.concatenate([y, B.ravel()])


def values_along_new_axes(A, x):
    B = A.copy()
    B[None, 0] = x[:3]
    B[1, None] = x[0]
    y = np.zeros((2, 3))
    y[:, None, :] = A[0] * x[1]
    return np.concatenate([B, y])


def swapped_on_one_side(A, x):
    a, b = [x[0], x[1]], [x[2], x[3]]
    if x[0] > 0.0:
        a, b = b, a
    a[0] *= 2.0
    return np.array(a) - np.array(b)
