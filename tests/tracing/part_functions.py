"""Functions that look at, or write into, diagonals and what masks pick: `f(A, x)` with A of shape (3, 3) and x of 4."""

import numpy as np


def diagonal_that_is_looked_at(A, x):
    M = A * x[0]
    diagonal, same = np.diag(M), np.broadcast_to(M[0, :1], (3,))
    M[0, 0] = x[1]
    np.fill_diagonal(M, np.diagonal(M) * diagonal + same)
    M[1:, 1] = diagonal[1:]
    return M[0] + diagonal * same


def writes_a_diagonal(A, x):
    M = A * x[0]
    diagonal = np.diag(M)
    diagonal[0] = x[1]
    return M


def sorted_by_mask(A, x):
    y = x + 0.0
    y[x < 0.7] = np.sort(y[x < 0.7])
    return y


def masked(A, x):
    y = x + 0.0
    y[x > 1.0] = 0.5
    y[x < 0.0] *= 2.0
    return y
