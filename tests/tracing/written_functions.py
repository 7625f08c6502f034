"""Functions that write at positions, masks and traced places: `f(A, x)` with A of shape (3, 3) and x of 4."""

import numpy as np


def added_at_in_a_part(A, x):
    B = A + 0.0
    np.add.at(B, (slice(1, None), [0, 0]), x[:1])
    np.add.at(B, (np.argmax(x[:3]), slice(0, 2)), x[1])
    return B


def changed_at(A, x):
    B = A + 0.0
    np.multiply.at(B, ([0, 1, 0], [1, 1, 1]), x[:3])
    np.maximum.at(B, [0, 0], x[:2, None])
    np.negative.at(B, [2, 2, 2])
    np.divide.at(B[1], np.argsort(x[:3]), 2.0)
    return B


def placed(A, x):
    B = A + 0.0
    np.place(B, B > 1.0, [x[0], x[1] * x[2]])
    np.putmask(B, B < 0.0, x)
    np.put(B, [0, 4, 12], [x[3], x[0]], mode="wrap")
    return B


def put_along_axis(A, x):
    B = A + 0.0
    np.put_along_axis(B, np.argsort(B, axis=1)[:, :1], x[0] * x[1], axis=1)
    np.put_along_axis(B, np.array([[0, 2, 1]]), x[:3], axis=0)
    return B


def flat_values_begin_again(A, x):
    B = A + 0.0
    B.flat = x[:2]
    B.flat[3:] = x[1:]
    return B


def out_that_is_larger(A, x):
    B = A + 0.0
    np.sin(x[:3], out=B)
    B[1:].clip(-0.5, 0.5, out=B[1:])
    return B


def row_at_a_traced_place(A, x):
    B = A + 0.0
    row = B[np.argmax(x[:3])]
    row[1] = x[0]
    B[np.argmax(x[:3]), 1:] *= x[1]
    row[:2] += B[0, 0]
    return B


def part_beside_a_traced_place(A, x):
    B = A + 0.0
    B[1:, np.argmax(x[:3])] = x[:2]
    B[np.argsort(x[:3]), 1:] += x[0]
    return B


def transposed_by_einsum(A, x):
    B = A + 0.0
    np.einsum("ij->ji", B)[0] = x[:3]
    np.einsum("ii->i", B)[1:] *= x[1]
    return B


def the_same_array(A, x):
    B = A + 0.0
    np.array(B, copy=None)[0] = x[0]
    B.view()[1] = x[1]
    B.real[2] = x[2]
    B.real += x[3]
    return B


def read_before_it_is_written(A, x):
    B = A + 0.0
    B[0] = np.sum(B.ravel() ** 2)
    total = B.reshape(3, 3) @ x[:3]
    B[1] = total
    return B


def list_is_no_view(A, x):
    y = np.asarray([x[0], x[1]])
    y[0] = x[2]
    return y


def shuffled(A, x):
    B = A + 0.0
    np.random.default_rng(3).shuffle(B)
    B[0] = x[0]
    return B


def reshaped_of_a_copy(A, x):
    B = A.copy()
    flat = B.reshape(9)
    flat[4] = x[0] * x[1]
    B.ravel()[::4] += x[2]
    B.T.reshape(-1)[0] = x[3]
    return B


def raveled_buffer(A, x):
    B = np.zeros((3, 3))
    B.reshape(-1)[:4] = x
    B.T.ravel()[0] = x[1]
    B[1:].ravel()[2] += x[2]
    B[:, 1:].ravel()[0] = x[3]
    return B


def where_a_condition_holds(A, x):
    B = A + 0.0
    B[np.where(x[0] < B)] *= x[1]
    rows, columns = np.nonzero(B < 0.3)
    B[rows, columns] = x[2]
    places = np.flatnonzero(x[:3] > 0.2)
    B[places] += x[0]
    B[1, places] *= x[1]
    B[places, 0] -= x[3]
    return B * np.sum(x[:3][places]) + places.size


def mask_beside_a_traced_place(A, x):
    B = A + 0.0
    B[x[:3] > 0.2, np.argmax(x[:3])] = x[1]
    B[np.argmin(x[:3]), x[:3] > 0.1] += x[2]
    return B


def numbers_in_place(A, x):
    y = x * 2.0
    y[1], y[3] = np.inf, np.nan
    z = np.nan_to_num(y, copy=False, posinf=5.0, neginf=-5.0)
    z[0] += 1.0
    return y * A[0, 0]
