"""Covered: indexing of every kind, positions, orders, running totals."""

import numpy

from tests.tracing.coverage import CUBE, MATRIX, SQUARE, VECTOR, alone, covers

POSITIONS = numpy.array([2, 0, 1, 0])
GRID = numpy.array([[0, 1], [2, 0]])
MASK = numpy.array([True, False, True])
FULL_MASK = numpy.array([[True, False, True, True], [False] * 4, [True, True, False, True]])
WEIGHTS = numpy.array([0.5, -1.0, 2.0])

covers(
    "indexing",
    CUBE,
    lambda np, x: x[1],
    lambda np, x: x[0, -1, 2],
    lambda np, x: x[:, 1:, ::2],
    lambda np, x: x[..., -1],
    lambda np, x: x[None, :, 0],
    lambda np, x: x[:, ::-1],
    lambda np, x: x[:, [2, 0, 0]],
    lambda np, x: x[:, POSITIONS],
    lambda np, x: x[:, GRID],
    lambda np, x: x[..., [-1, 0]],
    lambda np, x: x[[1, 0], [2, 2]],
    lambda np, x: x[[1, 0], :, [3, -1]],
    lambda np, x: x[0, :, [3, 1, 1]],
    lambda np, x: x[:, 1, [3, 1, 1]],
    lambda np, x: x[[[0], [1]], [[2, 1]]],
    lambda np, x: x[:, MASK],
    lambda np, x: x[1:, MASK, 2],
    lambda np, x: x[0, FULL_MASK],
    lambda np, x: x[:, FULL_MASK],
    lambda np, x: x[None, :, [0, 2], 1:],
    lambda np, x: x[[1, 0, 1]][:, MASK],
    lambda np, x: x[np.array([0, 1]), ..., None, 2],
    lambda np, x: x[numpy.ix_([0, 1], [2, 0], [1, 3])],
)
alone(
    "traced positions",
    MATRIX,
    lambda np, x: x[np.argmax(x[:, 0])],
    lambda np, x: x[:, np.argmin(x[1])],
    lambda np, x: x[np.argsort(x[:, 1])],
    lambda np, x: x[np.argsort(x[:, 1])[::-1], 1:],
    lambda np, x: x[0][np.argsort(x[1])],
    lambda np, x: x[int(np.floor(abs(x[0, 0])))],
    lambda np, x: x[1, int(x[0, 0])],
    lambda np, x: x[np.argmax(x[:, 0]), np.argmin(x[0]) - 1],
    lambda np, x: x[[0, 1, 2], np.argmax(x, axis=1)],
    lambda np, x: x[:, np.argmax(x, axis=0)[None, :]],
)
alone(
    "numpy.take",
    MATRIX,
    lambda np, x: np.take(x, [1, 5, 5]),
    lambda np, x: np.take(x, GRID, axis=1),
    lambda np, x: np.take(x, 2, axis=0),
    lambda np, x: np.take(x, [-5, 7], axis=1, mode="wrap"),
    lambda np, x: np.take(x, [-5, 7], axis=1, mode="clip"),
    lambda np, x: x.take(np.argsort(x[0]), axis=1),
)
alone(
    "numpy.take_along_axis",
    MATRIX,
    lambda np, x: np.take_along_axis(x, np.array([[0, 1, 2, 1]]), 0),
    lambda np, x: np.take_along_axis(x, np.argsort(x, axis=1), 1),
    lambda np, x: np.take_along_axis(x, np.expand_dims(np.argmax(x, axis=-1), -1), axis=-1),
)
alone("numpy.compress", MATRIX, lambda np, x: np.compress(MASK, x, axis=0), lambda np, x: x.compress([False, True], 1))
alone("numpy.extract", MATRIX, lambda np, x: np.extract(FULL_MASK, x))
alone("numpy.choose", MATRIX, lambda np, x: np.choose([0, 2, 1, 0], x), lambda np, x: np.choose([0, 1, 1, 0], [x, -x]))

# -- orders -------------------------------------------------------------------------------------------------------

covers("numpy.sort", VECTOR, lambda np, x: np.sort(x))
covers("numpy.sort", MATRIX, *(lambda np, x, a=a: np.sort(x, axis=a) for a in (0, 1, -1, None)), in_autograd=False)
alone("numpy.argsort", MATRIX, *(lambda np, x, a=a: np.argsort(x, axis=a) for a in (0, 1, None)))
alone("numpy.argsort", VECTOR, lambda np, x: x.argsort())
covers("numpy.partition", VECTOR, lambda np, x: np.partition(x, 2))
alone(
    "numpy.partition", MATRIX, lambda np, x: np.partition(x, (0, 2), axis=1), lambda np, x: np.partition(x, -1, axis=0)
)
alone("numpy.argpartition", VECTOR, lambda np, x: np.argpartition(x, 2))
for function in ("argmax", "argmin"):
    alone(
        f"numpy.{function}",
        MATRIX,
        lambda np, x, f=function: getattr(np, f)(x),
        lambda np, x, f=function: getattr(np, f)(x, axis=0),
        lambda np, x, f=function: getattr(np, f)(x, axis=-1, keepdims=True),
        lambda np, x, f=function: getattr(x, f)(1),
    )
for method in (
    *("linear", "lower", "higher", "nearest", "midpoint", "hazen", "weibull", "median_unbiased", "normal_unbiased"),
    "interpolated_inverted_cdf",
):
    alone("numpy.quantile", VECTOR, lambda np, x, m=method: np.quantile(x, [0.0, 0.3, 0.55, 1.0], method=m))
alone(
    "numpy.quantile",
    CUBE,
    lambda np, x: np.quantile(x, 0.4),
    lambda np, x: np.quantile(x, [0.1, 0.8], axis=1, keepdims=True),
    lambda np, x: np.quantile(x, 0.7, axis=(0, 2)),
)
alone("numpy.quantile", ((5,), ()), lambda np, x, q: np.quantile(x, q), low=0.1, high=0.9)
alone("numpy.percentile", MATRIX, lambda np, x: np.percentile(x, 30, axis=0), lambda np, x: np.percentile(x, [5, 95]))
alone(
    "numpy.searchsorted",
    VECTOR,
    lambda np, x: np.searchsorted(WEIGHTS[[1, 0, 2]], x),
    lambda np, x: np.searchsorted(np.sort(x), 0.3, side="right"),
)
alone(
    "numpy.digitize",
    VECTOR,
    lambda np, x: np.digitize(x, [-1.0, 0.0, 1.0]),
    lambda np, x: np.digitize(x, [1.0, 0.0, -1.0], right=True),
)

# -- running totals -------------------------------------------------------------------------------------------------

for function in ("cumsum", "cumprod"):
    for axis in (None, 0, 1, -1):
        covers(
            f"numpy.{function}",
            MATRIX,
            lambda np, x, f=function, axis=axis: getattr(np, f)(x, axis=axis),
            in_autograd=function == "cumsum",
        )
    alone(f"numpy.{function}", CUBE, lambda np, x, f=function: getattr(x, f)(axis=1))
alone("numpy.nancumsum", MATRIX, lambda np, x: np.nancumsum(x, axis=1))
alone("numpy.nancumprod", MATRIX, lambda np, x: np.nancumprod(x, axis=0))
alone("numpy.cumulative_sum", VECTOR, lambda np, x: np.cumulative_sum(x, include_initial=True))
alone("numpy.cumulative_prod", VECTOR, lambda np, x: np.cumulative_prod(x))
alone(
    "numpy.add.accumulate", MATRIX, lambda np, x: np.add.accumulate(x, axis=1), lambda np, x: np.multiply.accumulate(x)
)
alone(
    "numpy.maximum.accumulate",
    MATRIX,
    lambda np, x: np.maximum.accumulate(x),
    lambda np, x: np.maximum.accumulate(x, axis=1),
    lambda np, x: np.minimum.accumulate(x, axis=-1),
)
covers(
    "numpy.diff",
    MATRIX,
    lambda np, x: np.diff(x),
    lambda np, x: np.diff(x, n=2),
    lambda np, x: np.diff(x, axis=0),
    lambda np, x: np.diff(x, n=0),
)
alone("numpy.diff", MATRIX, lambda np, x: np.diff(x, prepend=1.0), lambda np, x: np.diff(x, axis=0, append=x[:1]))
alone("numpy.ediff1d", MATRIX, lambda np, x: np.ediff1d(x), lambda np, x: np.ediff1d(x, to_begin=x[0], to_end=1.0))
alone("numpy.gradient", MATRIX, lambda np, x: np.gradient(x)[0], lambda np, x: np.gradient(x)[1])
alone("numpy.gradient", MATRIX, lambda np, x: np.gradient(x, axis=0), lambda np, x: np.gradient(x, axis=-1))
covers("numpy.gradient", VECTOR, lambda np, x: np.gradient(x))
covers("numpy.gradient", ((4, 4),), lambda np, x: np.gradient(x, axis=1))
alone(
    "numpy.gradient",
    ((5,), (5,)),
    lambda np, x, h: np.gradient(x, 0.3),
    lambda np, x, h: np.gradient(x, edge_order=2),
    lambda np, x, h: np.gradient(x, np.cumsum(h)),
    lambda np, x, h: np.gradient(x, np.cumsum(h), edge_order=2),
    low=0.3,
)
alone("numpy.gradient", MATRIX, lambda np, x: np.stack(np.gradient(x, 0.5, 2.0)))
alone("numpy.gradient", ((2,),), lambda np, x: np.gradient(x))
alone("numpy.trapezoid", MATRIX, lambda np, x: np.trapezoid(x), lambda np, x: np.trapezoid(x, dx=0.3, axis=0))
alone(
    "numpy.trapezoid",
    SQUARE,
    lambda np, x: np.trapezoid(x, x=np.sin(x), axis=1),
    lambda np, x: np.trapezoid(x, x[0], axis=0),
)

# -- writing ------------------------------------------------------------------------------------------------------


def _written(key, values):
    def form(np, x):
        y = x * 1.0
        y[key] = values(x)
        return y

    return form


def _mask_written(np, x):
    y = x * 2.0
    y[y > 0.3] = x[0, 0] ** 2
    return y


def _whole_mask_written(np, x):
    y = x * 2.0
    y[x > 0.3] *= 1.0
    return y


def _rows_masked(np, x):
    y = x * 2.0
    y[x[:, 0] > 0.0] = -1.0
    return y


def _place_written(np, x):
    y = x * 1.0
    y[np.argmax(x[:, 0])] = x[1] ** 2
    y[1, np.argmin(x[1])] = 7.0
    return y


def _order_written(np, x):
    y = x * 1.0
    y[np.argsort(x[:, 0])] = x**2
    return y


def _added_at(np, x):
    y = x * 1.0
    np.add.at(y, [0, 2, 0], x**2)
    return y


def _added_in_place(np, x):
    y = np.zeros((3, 4))
    y[1:] += x[:2]
    y[:, 2] -= x[:, 0] ** 2
    y[0] *= 2.0
    y[[0, 2]] /= 1.0 + x[:2] ** 2
    y[np.argmax(x[:, 0])] += x[1]
    y[0, 1:3] **= 2.0
    return y


def _large_written(np, x):
    y = np.zeros(5000)
    y[:5] = x
    y[10:4000:7] = x[0] ** 2
    y[-1] = x[1]
    return y * y


alone(
    "assignment",
    MATRIX,
    _written(0, lambda x: x[1] ** 2),
    _written((slice(None), slice(1, 3)), lambda x: x[:, :2] ** 2),
    _written([2, 0], lambda x: x[:2] ** 2),
    _written([0, 0], lambda x: x[:2] ** 2),
    _written(([0, 1], [3, 3]), lambda x: x[:2, 0] ** 2),
    _written(FULL_MASK, lambda x: x.ravel()[:6] ** 2),
    _written((MASK, 1), lambda x: x[:2, 0] ** 2),
    _written((slice(None, None, -2), [1, 3]), lambda x: x[:2, :2] ** 2),
    _mask_written,
    _rows_masked,
    _place_written,
    _order_written,
    _added_at,
    _added_in_place,
)
alone("assignment", VECTOR, _large_written)
