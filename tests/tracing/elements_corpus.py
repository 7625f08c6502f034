"""NumPy code that goes through elements: masks of ufuncs and reductions, iterators, functions of one number."""

import numpy as np

from tests.tracing.corpus import ARRAYS, case

case(ARRAYS)(lambda v: np.divide(v, v - 1.0, out=np.zeros_like(v), where=v != 1.0))


@case(ARRAYS)
def ufuncs_under_masks(v):
    logs, roots = np.full(3, -1.0), np.ones((2, 3))
    np.log(v, out=logs, where=v > 0)
    np.sqrt(v, out=roots[0], where=[True, False, False])
    picked = np.exp(v, where=v > 0.5, out=None)
    np.copyto(roots[1], v, where=np.array([False, True, False]))
    return logs, roots, np.where(v > 0.5, picked, 0.0)


@case(ARRAYS)
def reductions_under_masks(v):
    A, m = np.outer(v, v), v > 0.2
    columns = np.sum(A, axis=0, where=m[:, None]), A.mean(axis=1, where=m), np.prod(A, where=A > 0)
    extremes = np.max(v, where=m, initial=-1.0), np.min(A, axis=1, where=m, initial=9.0)
    spreads = v.std(where=m), np.var(A, axis=1, where=m, ddof=0.5, keepdims=True)
    return (
        columns,
        extremes,
        spreads,
        np.any(v > 1, where=m),
        np.all(v > 0.4, where=m),
        np.sum(v, where=[True, False, True]),
    )


@case(ARRAYS)
def masks_take_one_value_for_each_place(v):
    A = np.outer(v, v)
    A[v > 0.5] = v
    B = np.outer(v, v)
    B[B < 0] = 7.0
    B[B > 1] = [v[0]]
    return A, B


@case(ARRAYS)
def iterators_over_arrays(v):
    total, A = 0.0, np.outer(v, v[:2])
    for (i, j), a in np.ndenumerate(A):
        total += (i + 1) * a ** (j + 1)
    for a in np.nditer(A):
        total += a**3
    counts = np.fromiter(range(3), int)
    return total, np.fromiter((a * a for a in v), float), np.fromiter(v, float, count=2), counts[1] * v[0]


@case(ARRAYS)
def functions_of_one_number(v):
    k = v[0]
    scaled = np.vectorize(lambda t: t * k if t > 1 else k**2)
    plain = np.vectorize(lambda t: t + 1)
    pairs = np.frompyfunc(lambda a, b: (a * b if a > b else a + b, a - b), 2, 2)
    first, second = pairs(v, v[::-1])
    return scaled(np.arange(3)), plain(np.arange(3)) * k, np.sum(first), second[0]


@case(ARRAYS)
def tables_and_windows(v):
    windows = np.lib.stride_tricks.sliding_window_view
    A = np.outer(v, v)
    counted = np.bincount([0, 2, 2], weights=v, minlength=5)
    return (
        counted,
        windows(v, 2) @ [1.0, -1.0],
        windows(A, (2, 2)),
        windows(A, 2, axis=0),
        np.polyder(v),
        np.polyint(v, 2, [1.0, v[0]]),
    )


case(ARRAYS)(
    lambda v: (np.logaddexp.reduce(v), np.hypot.reduce(np.outer(v, v), axis=1, keepdims=True), np.subtract.reduce(v))
)


@case(ARRAYS)
def table_that_begins_infinite(v):
    costs = np.full((4, 4), np.inf)
    costs[0, 0] = 0.0
    for i in range(1, 4):
        for j in range(1, 4):
            costs[i, j] = (v[i - 1] - 0.3 * j) ** 2 + min(costs[i - 1, j], costs[i, j - 1], costs[i - 1, j - 1])
    return costs[3, 3]
