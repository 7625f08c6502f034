"""The corpus of NumPy: vectors, matrices, assignment."""

import importlib.util
import math

import numpy as np

from tests.tracing.corpus import ARRAYS, LINE, MATRICES, POSITIVE, VECTORS, case

WEIGHTS = np.array([1.0, -2.0, 0.5])

# -- vectors ------------------------------------------------------------------------------------------------------

case(VECTORS)(lambda v: v[0] * v[-1] + sum(v[1:]) + len(v) + sum(a * b for a, b in zip(v, v[::-1], strict=True)))
case(ARRAYS)(lambda v: v[0] * v[-1] + sum(v[1:]) + len(v) + sum(a * b for a, b in zip(v, v[::-1], strict=True)))
case(ARRAYS)(lambda v: sum((v[i + 1] - v[i] ** 2) ** 2 for i in range(len(v) - 1)))
case(ARRAYS)(lambda v: [a * i for i, a in enumerate(v)] + list(map(math.sin, v)) + list(reversed(v)) + [*v])
case(ARRAYS)(lambda v: max(v) + min(v) + max(*v) + sum(v, 2.0) + sum(sorted(v)) + any(v > 1) + all(v > 0))
case(ARRAYS)(lambda v: 2.0 if v[0] in v[1:] else 1.0)


@case(ARRAYS)
def unpacking(v):
    a, b, c = v
    first, *rest = v
    return a * b - c + first + rest[0] + sum(rest)


case(ARRAYS)(lambda v: (v.sum(), v.prod(), v.max(), v.min(), v.mean(), v.std(), v.var(ddof=1), v.dot(v), v.cumsum()))
case(ARRAYS)(lambda v: (v.T, v.copy(), v.flatten(), v.reshape(3, 1), v.reshape(-1, 3), v.tolist(), v.astype(float)))
case(ARRAYS)(lambda v: (v.clip(0, 1), v.clip(max=0.5), v.round(1), v.any(), v.all(), v[None, :], v[..., 0], v[[0, 2]]))
case(ARRAYS)(lambda v: (v[np.array([2, 0])], v[np.array([True, False, True])], v[::2], v[-2:], v.ravel(), v.squeeze()))
case(ARRAYS)(
    lambda v: (WEIGHTS @ v, v @ WEIGHTS, np.dot(WEIGHTS, v), WEIGHTS * v, v - WEIGHTS, WEIGHTS / (v + 9), v @ v)
)
case(ARRAYS)(lambda v: (np.mean(v), np.std(v), np.var(v), np.prod(v), np.max(v), np.amin(v), np.ptp(v), np.median(v)))
case(ARRAYS)(
    lambda v: (np.cumsum(v), np.cumprod(v), np.diff(v), np.diff(v, n=2), np.sort(v), np.flip(v), np.roll(v, 1))
)
case(ARRAYS)(lambda v: (np.linalg.norm(v), np.linalg.norm(v, 1), np.linalg.norm(v, np.inf), np.linalg.norm(v, ord=3)))
case(ARRAYS)(lambda v: (np.outer(v, v), np.cross(v, WEIGHTS), np.inner(v, v), np.vdot(v, v), np.einsum("i,i", v, v)))
case(ARRAYS)(
    lambda v: (np.polyval([1, 2, 3], v), np.polyval(v, 2.0), np.trapezoid(v, dx=0.5), np.trapezoid(v, x=WEIGHTS))
)
case(ARRAYS)(
    lambda v: (np.stack([v, v]), np.concatenate([v, v]), np.hstack([v, 1.0]), np.vstack([v, v]), np.append(v, 1.0))
)
case(ARRAYS)(
    lambda v: (np.column_stack([v, v]), np.tile(v, 2), np.repeat(v, 2), np.diag(v), np.kron(v, v), np.take(v, [0, 2]))
)
case(ARRAYS)(
    lambda v: (np.zeros_like(v), np.ones_like(v) * v, np.full_like(v, 2.0), np.atleast_2d(v), np.expand_dims(v, 0))
)
case(ARRAYS)(
    lambda v: (np.maximum(v, 0), np.minimum.reduce(v), np.add.reduce(v), np.multiply.outer(v, v), np.add.accumulate(v))
)
case(ARRAYS)(
    lambda v: (np.sum(v, keepdims=True), np.sum(v, axis=-1), np.count_nonzero(v > 1), np.any(v > 1), np.all(v > 0))
)
case(ARRAYS)(lambda v: np.select([v < 0, v < 1], [v, v * v], default=-1.0))
case(ARRAYS)(lambda v: np.piecewise(v, [v < 0, v >= 1], [lambda u: -u, math.pi]))
case(LINE)(lambda x: np.piecewise(x, [x < 0, x >= 0], [lambda u: -u, lambda u: np.sin(u)]))
case(LINE)(
    lambda x: (np.array([x, 2 * x]), np.sum([x, x * x]), np.max([x, 0.5]), np.exp([x, 1.0]), np.dot([x, 1], [2, x]))
)
case(LINE)(lambda x: np.array([[math.cos(x), -math.sin(x)], [math.sin(x), math.cos(x)]]) @ np.array([1.0, x]))
case(LINE)(
    lambda x: (
        np.linspace(0, x, 4),
        np.full(3, x),
        np.broadcast_to(x, (2,)),
        np.add.reduce([x, 1.0]),
        np.r_[1.0, 2.0] * x,
    )
)
case(LINE)(lambda x: x * np.arange(3) + np.arange(3.0) ** 2 + np.ones(3) * x)
case(LINE)(
    lambda x: (np.heaviside(x, 0.5), np.sign(x), np.square(x), np.abs(x), np.hypot(x, 1), np.sinc(x), np.fmax(x, 0.2))
)
case(LINE)(lambda x: np.vectorize(lambda u: u * 2 if u > 0 else 0.0)(x))
case(MATRICES)(
    lambda A, b: (
        A @ b,
        b @ A,
        A @ A,
        A.T,
        A[0],
        A[:, 1],
        A[0, 1],
        A[0][1],
        np.trace(A),
        A.sum(axis=0),
        np.linalg.det(A),
    )
)
case(MATRICES)(
    lambda A, b: (b @ A @ b, np.dot(A, b), np.einsum("ij,j->i", A, b), A * b, A + b[:, None], np.tensordot(A, b, 1))
)
case(MATRICES)(
    lambda A, b: (
        np.transpose(A),
        A.reshape(4),
        A.mean(axis=1, keepdims=True),
        np.linalg.norm(A),
        A.diagonal(),
        A.tolist(),
    )
)
case(MATRICES)(lambda A, b: [sum(row) for row in A] + [len(A), A.shape[0], A.size, A.ndim])
case(MATRICES)(lambda A, b: np.matmul(np.stack([A, A]), b) + np.matmul(b, np.stack([A, 2 * A])))

# -- assignment ---------------------------------------------------------------------------------------------------


@case(LINE)
def assignment(x):
    y = np.zeros(3)
    y[0] = x
    y[1:] = x * x
    y[-1] += 1.0
    z = y
    z *= 2.0
    return y


@case(ARRAYS)
def assignment_into_a_copy(v):
    y = v.copy()
    y[0] = 0.0
    y[y > 1] = 1.0
    A = np.empty((2, 3))
    A[0] = y
    A[1, :] = v
    A[1, 2] = 7.0
    A[:, 0] = [1.0, v[1]]
    return A


@case(LINE)
def finite_differences(x):
    u = np.ones(4)
    for _ in range(3):
        new = np.zeros_like(u)
        for i in range(1, 3):
            new[i] = u[i] + x * (u[i - 1] - 2 * u[i] + u[i + 1])
        u = new
    return u


@case(ARRAYS)
def constant_keys(v):
    first = np.array([0.0, 1.0]).astype(int)
    mask = np.array([1.0, 0.0, 2.0]) > 0.5
    return v[first], v[mask], v[int(np.ones(2)[0])], np.linspace(0.0, 1.0, 3).argmax() * v[0]


@case(ARRAYS)
def static_linear_algebra(v):
    A = np.zeros((2, 2))
    A[0, 0], A[1, 1] = 2.0, 4.0
    return np.linalg.inv(A) @ v[:2]


@case(LINE)
def logical_not_of_an_array(x):
    return np.where(~(np.asarray(x) > 0), x, 2.0 * x)


case(LINE)(lambda x: (np.r_[x, 1.0, [x, 2.0]], np.c_[[x, 1.0], [2.0, x]]))


def special_functions(v):
    from scipy.special import logsumexp, softmax

    return logsumexp(v), softmax(v), logsumexp(v, b=[1.0, 2.0, 3.0])


if importlib.util.find_spec("scipy") is not None:
    case(ARRAYS)(special_functions)

case(ARRAYS)(lambda v: (np.sum(a=v), np.clip(v, a_min=0.0, a_max=1.0), np.clip(a=v, min=0.5), np.dot(a=v, b=WEIGHTS)))
case(POSITIVE)(lambda x: math.isclose(1.0, 1.5, rel_tol=x))


@case(LINE)
def unset_elements(x):
    y = np.empty(2)
    y[0] = x
    return np.where(np.isnan(y), 7.0, y)[:1]
