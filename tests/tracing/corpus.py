"""Small plain functions, each with the arguments it is compared at: the tracer must agree with Python itself.

Every path of every function is reached by some of its arguments.
"""

import dataclasses
import functools
import itertools
import math
import operator
from collections.abc import Callable, Sequence
from math import exp
from typing import Any, NamedTuple

import numpy as np
from numpy import sin as s

K = 3.0
WEIGHTS = np.array([1.0, -2.0, 0.5])
TABLE = {"square": lambda x: x * x, "exp": math.exp}
STEPS = [math.sin, np.cos, lambda x: x + K]


class Case(NamedTuple):
    """A function, and the arguments of every call it is compared at."""

    function: Callable[..., Any]
    calls: Sequence[tuple[Any, ...]]


CASES: dict[str, Case] = {}
LINE = [(-1.7,), (-1.0,), (-0.4,), (0.0,), (0.3,), (0.5,), (1.0,), (2.6,)]
POSITIVE = [(0.2,), (1.0,), (3.5,)]
PAIRS = [(0.4, 1.7), (1.3, -0.6), (2.0, 2.0), (-1.5, 0.5)]
VECTORS = [([0.3, 1.2, -0.7],), ([2.0, 2.0, 1.0],)]
ARRAYS = [(np.array([0.3, 1.2, -0.7]),), (np.array([2.0, 2.0, 1.0]),)]
MATRICES = [(np.array([[1.0, 0.5], [-0.3, 2.0]]), np.array([0.7, -1.2])), (np.eye(2), np.array([1.0, 3.0]))]


def case(calls: Sequence[tuple[Any, ...]]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        CASES[f"{getattr(function, '__name__', 'partial')}_{len(CASES)}"] = Case(function, calls)
        return function

    return register


# -- the eleven probes --------------------------------------------------------------------------------------------

case(LINE)(lambda x: np.sin(x))
case(LINE)(lambda x: math.sin(x))


@case(LINE)
def branch(x):
    if x > 0:
        return x * x
    return -x


@case(POSITIVE)
def static_while(x):
    n = 3
    while n > 0:
        x, n = x * 0.5, n - 1
    return x


@case(LINE)
def list_building(x):
    y = [0] * 3
    y[0] = x
    y[2] = x * x
    return y[0] + y[1] + y[2]


case(LINE)(lambda x: np.clip(x, -0.5, 0.5))
case(LINE)(lambda x: np.where(x > 0, x, 2 * x))
case(ARRAYS)(lambda x: np.sum(x))
case(LINE)(lambda x: max(x, 0.5))
case(LINE)(lambda x: int(x) * x)


@case(LINE)
def chained(x):
    return x if -0.5 < x < 0.5 else 2.0 * x


# -- names, however they are reached ------------------------------------------------------------------------------

case(LINE)(lambda x: exp(x) + s(x) + math.pi * K)


@case(LINE)
def local_import(x):
    import math as m
    from numpy import exp as e, linalg
    import os.path

    return m.sin(x) + e(x) + linalg.norm([x, 1.0]) + len(os.path.sep)


def helper(x, power=2, *, shift=K):
    return math.fabs(x) ** power + shift


@case(LINE)
def helpers(x):
    return helper(x) + helper(x, 3, shift=x)


def factorial_times(n, x):
    return x if n <= 1 else n * factorial_times(n - 1, x)


case(LINE)(lambda x: factorial_times(5, x))


def make_closure(k, function):
    def closed(x):
        return k * function(x)

    return closed


case(LINE)(make_closure(2.5, math.sin))
case(LINE)(make_closure(2.5, make_closure(1.5, np.tanh)))
case(LINE)(functools.partial(helper, shift=1.0))
case(LINE)(functools.partial(make_closure(2.0, math.exp)))


@functools.lru_cache
def cached(x):
    return math.cos(x)


case(LINE)(lambda x: cached(x) * 2)
case(LINE)(lambda x: TABLE["square"](x) + TABLE["exp"](x))


@case(LINE)
def composed(x):
    for step in STEPS:
        x = step(x)
    return x


@case(LINE)
def default_function(x, f=math.exp, g=np.sin):
    return f(x) * g(x)


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return 2 * function(*args, **kwargs)

    return wrapper


@case(LINE)
@decorated
def under_decorator(x):
    return math.sin(x)


@case(LINE)
def nested_functions(x):
    total = 0.0

    def add(value):
        nonlocal total
        total += math.sin(value)

    for i in range(3):
        add(x * i)
    return total


@case(LINE)
def generators(x):
    def powers():
        value = 1.0
        while True:
            yield value
            value = value * x

    return sum(itertools.islice(powers(), 5)) + sum(math.sin(x * i) for i in range(3))


case(LINE)(np.sin)
case(LINE)(math.tanh)
case(PAIRS)(np.hypot)
case(PAIRS)(operator.mul)

# -- operators ----------------------------------------------------------------------------------------------------

case(PAIRS)(lambda x, y: (x + y) * (x - y) / (1 + x * x) - 2 / (3 + y**2) + 2.0**x - (-x) + (+y))
case(PAIRS)(lambda x, y: abs(x) ** 1.5 + (x * x) ** y)
case([(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (0.3, 0.1)])(lambda x, y: (x // y, x % y, divmod(x, y), 7 // y, 7 % y))
case(LINE)(lambda x: (math.floor(x), math.ceil(x), math.trunc(x), round(x), int(x), x // 1))
case(LINE)(lambda x: round(x, 1) + round(x * 7.13, 2))
case(PAIRS)(lambda x, y: (x < y, x <= y, x > y, x >= y, x == y, x != y, not x < y))
case(LINE)(lambda x: np.where((x > 0) & (x < 1) | (x < -1), x, 0.0))
case(LINE)(lambda x: np.where((x > 0) ^ (x < 1), x, 0.0) + (x > 0) * 2.0 + float(x > 0))
case(LINE)(lambda x: operator.add(x, 1) * operator.neg(x) + pow(x, 2) + operator.pow(x, 3))
case(LINE)(lambda x: functools.reduce(operator.mul, [x, 2.0, x], 1.0))
case(LINE)(lambda x: (x == "a") or x)
case(LINE)(lambda x: x if x is not None else 0.0)

# -- control flow -------------------------------------------------------------------------------------------------


@case(LINE)
def elif_chain(x):
    if x < -1:
        y = 1.0
    elif x < 0:
        y = x
    elif x <= 0.5:
        y = x * x
    else:
        y = math.exp(x)
    return y


@case(LINE)
def same_condition_again(x):
    y = 0.0
    if x > 0.25:
        y += x
    if x <= 0.25:
        y -= x
    if not x > 0.25:
        y *= 2.0
    if 0.25 < x:
        y += 1.0
    return y


case(LINE)(lambda x: 1.0 if x > 0 and x < 1 or x < -1 else x)
case(LINE)(lambda x: x or 5.0)
case(LINE)(lambda x: x and 5.0)
case(LINE)(lambda x: 2.0 if x in (0.5, 1.0) else x)
case(LINE)(lambda x: 2.0 if not x else x)
case(PAIRS)(lambda x, y: sorted([x, y, 1.0]))
case(PAIRS)(lambda x, y: sorted([x, y, 1.0], key=lambda v: -v))
case(PAIRS)(lambda x, y: sorted([x, y, 0.0], reverse=True))
case(PAIRS)(lambda x, y: (max(x, y, 1.0), min([x, y]), max((x, y), key=abs), min(x, y, key=lambda v: v * v)))
case(PAIRS)(lambda x, y: 1.0 if any([x > 1, y > 1]) else 2.0 if all(v > 0 for v in (x, y)) else 3.0)


@case(LINE)
def loop_with_break(x):
    total = 0.0
    for i in range(4):
        if total > 1.0:
            break
        total += x * i
    else:
        total -= 10.0
    return total


@case(LINE)
def bounded_while(x):
    i = 0
    while i < 5 and x < 3.0:
        x, i = 2 * x + 1, i + 1
    return x


@case(LINE)
def matched(x, mode="fast"):
    match mode:
        case "fast":
            return x
        case _:
            return -x


@case(LINE)
def with_errstate(x):
    with np.errstate(all="ignore"):
        return np.exp(x) / (1 + np.exp(x))


@case(PAIRS)
def results_of_branches(x, y):
    if x > y:
        return {"a": x, "b": [y, 1.0]}
    return {"a": y, "b": [2, x]}


# -- types --------------------------------------------------------------------------------------------------------

case(LINE)(lambda x: float(x) + np.float64(x) + np.asarray(x) + np.asarray(x, dtype=float).item())
case(LINE)(lambda x: x if isinstance(x, float) and isinstance(x, (int, float)) and not isinstance(x, list) else 0.0)
case(LINE)(lambda x: x if type(x) is float and type(2) is int and type(x) in (int, float) else 0.0)
case(LINE)(lambda x: x if np.isscalar(x) and np.ndim(x) == 0 and np.shape(x) == () else 0.0)
case(LINE)(lambda x: 0.0 if hasattr(x, "__len__") or hasattr(x, "__iter__") else x)
case(ARRAYS)(lambda x: np.sum(x) if isinstance(x, np.ndarray) and not isinstance(x, float) else 0.0)
case(LINE)(lambda x: float("1.5") * x + int("3") + bool([]) + float() + int(2.7))
case(LINE)(lambda x: np.array([1, 2, 3], dtype=float)[1] * x + np.zeros(2, dtype=int)[0] + np.array([1.5]).astype(int)[0])
case(LINE)(lambda x: x.real + x.imag + x.conjugate())

# -- math ---------------------------------------------------------------------------------------------------------

case(PAIRS)(lambda x, y: math.hypot(x, y, 2.0) + math.dist([x, y], [1.0, 2.0]) + math.prod([x, y, 3.0]))
case(PAIRS)(lambda x, y: math.fsum([x, y, 1.0]) + math.copysign(x, y) + math.atan2(x, y) + math.fmod(x, y))
case(POSITIVE)(lambda x: math.log(x) + math.log(x, 3) + math.log2(x) + math.log10(x) + math.log1p(x) + math.sqrt(x))
case(LINE)(lambda x: math.degrees(x) + math.radians(x) + math.erf(x) + math.expm1(x) + math.asinh(x) + math.cbrt(x))
case(PAIRS)(lambda x, y: 1.0 if math.isclose(x, y) else x)
case(LINE)(lambda x: x if math.isfinite(x) and not math.isnan(x) else 0.0)
case(LINE)(lambda x: sum(math.comb(4, k) * x**k for k in range(5)))

# -- vectors ------------------------------------------------------------------------------------------------------

case(VECTORS)(lambda v: v[0] * v[-1] + sum(v[1:]) + len(v) + sum(a * b for a, b in zip(v, v[::-1])))
case(ARRAYS)(lambda v: v[0] * v[-1] + sum(v[1:]) + len(v) + sum(a * b for a, b in zip(v, v[::-1])))
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
case(ARRAYS)(lambda v: (WEIGHTS @ v, v @ WEIGHTS, np.dot(WEIGHTS, v), WEIGHTS * v, v - WEIGHTS, WEIGHTS / (v + 9), v @ v))
case(ARRAYS)(lambda v: (np.mean(v), np.std(v), np.var(v), np.prod(v), np.max(v), np.amin(v), np.ptp(v), np.median(v)))
case(ARRAYS)(lambda v: (np.cumsum(v), np.cumprod(v), np.diff(v), np.diff(v, n=2), np.sort(v), np.flip(v), np.roll(v, 1)))
case(ARRAYS)(lambda v: (np.linalg.norm(v), np.linalg.norm(v, 1), np.linalg.norm(v, np.inf), np.linalg.norm(v, ord=3)))
case(ARRAYS)(lambda v: (np.outer(v, v), np.cross(v, WEIGHTS), np.inner(v, v), np.vdot(v, v), np.einsum("i,i", v, v)))
case(ARRAYS)(lambda v: (np.polyval([1, 2, 3], v), np.polyval(v, 2.0), np.trapezoid(v, dx=0.5), np.trapezoid(v, x=WEIGHTS)))
case(ARRAYS)(lambda v: (np.stack([v, v]), np.concatenate([v, v]), np.hstack([v, 1.0]), np.vstack([v, v]), np.append(v, 1.0)))
case(ARRAYS)(lambda v: (np.column_stack([v, v]), np.tile(v, 2), np.repeat(v, 2), np.diag(v), np.kron(v, v), np.take(v, [0, 2])))
case(ARRAYS)(lambda v: (np.zeros_like(v), np.ones_like(v) * v, np.full_like(v, 2.0), np.atleast_2d(v), np.expand_dims(v, 0)))
case(ARRAYS)(lambda v: (np.maximum(v, 0), np.minimum.reduce(v), np.add.reduce(v), np.multiply.outer(v, v), np.add.accumulate(v)))
case(ARRAYS)(lambda v: (np.sum(v, keepdims=True), np.sum(v, axis=-1), np.count_nonzero(v > 1), np.any(v > 1), np.all(v > 0)))
case(ARRAYS)(lambda v: np.select([v < 0, v < 1], [v, v * v], default=-1.0))
case(ARRAYS)(lambda v: np.piecewise(v, [v < 0, v >= 1], [lambda u: -u, math.pi]))
case(LINE)(lambda x: np.piecewise(x, [x < 0, x >= 0], [lambda u: -u, lambda u: np.sin(u)]))
case(LINE)(lambda x: (np.array([x, 2 * x]), np.sum([x, x * x]), np.max([x, 0.5]), np.exp([x, 1.0]), np.dot([x, 1], [2, x])))
case(LINE)(lambda x: np.array([[math.cos(x), -math.sin(x)], [math.sin(x), math.cos(x)]]) @ np.array([1.0, x]))
case(LINE)(lambda x: (np.linspace(0, x, 4), np.full(3, x), np.broadcast_to(x, (2,)), np.add.reduce([x, 1.0]), np.r_[1.0, 2.0] * x))
case(LINE)(lambda x: x * np.arange(3) + np.arange(3.0) ** 2 + np.ones(3) * x)
case(LINE)(lambda x: (np.heaviside(x, 0.5), np.sign(x), np.square(x), np.abs(x), np.hypot(x, 1), np.sinc(x), np.fmax(x, 0.2)))
case(LINE)(lambda x: np.vectorize(lambda u: u * 2 if u > 0 else 0.0)(x))
case(MATRICES)(lambda A, b: (A @ b, b @ A, A @ A, A.T, A[0], A[:, 1], A[0, 1], A[0][1], np.trace(A), A.sum(axis=0), np.linalg.det(A)))
case(MATRICES)(lambda A, b: (b @ A @ b, np.dot(A, b), np.einsum("ij,j->i", A, b), A * b, A + b[:, None], np.tensordot(A, b, 1)))
case(MATRICES)(lambda A, b: (np.transpose(A), A.reshape(4), A.mean(axis=1, keepdims=True), np.linalg.norm(A), A.diagonal(), A.tolist()))
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
    for n in range(3):
        new = np.zeros_like(u)
        for i in range(1, 3):
            new[i] = u[i] + x * (u[i - 1] - 2 * u[i] + u[i + 1])
        u = new
    return u


# -- classes and objects ------------------------------------------------------------------------------------------


class Base:
    scale = 2.0

    def __init__(self, k):
        self.k = k
        self.activation = math.tanh
        self.weights = [1.0, np.float64(2.0)]

    def value(self, x):
        return math.exp(x) * self.k

    @property
    def doubled(self):
        return 2 * math.sqrt(self.k)

    @staticmethod
    def still(x):
        return math.sin(x)

    @classmethod
    def of_class(cls, x):
        return cls.scale * math.cos(x)


class Model(Base):
    function = staticmethod(math.exp)

    def value(self, x):
        return super().value(x) + self.activation(x) + self.doubled + self.still(x) + self.of_class(x) + self.weights[1]

    def twice(self, x):
        return super(Model, self).value(x) + Base.value(self, x) + type(self)(2.0).k + self.__class__(x).k

    def __call__(self, x, shift=0.5):
        return self.value(x) + self.twice(x) + shift + self.function(x)

    def __len__(self):
        return 3


class Point(NamedTuple):
    x: float
    y: float

    def norm(self):
        return math.hypot(self.x, self.y)


@dataclasses.dataclass
class Spring:
    k: float
    length: float = 1.0

    def energy(self, x):
        return 0.5 * self.k * (x - self.length) ** 2 + math.sin(self.k)


MODEL = Model(1.5)

case(LINE)(MODEL)
case(LINE)(MODEL.value)
case(LINE)(Model.of_class)
case(LINE)(functools.partial(MODEL, shift=3.0))
case(LINE)(lambda x: MODEL(x) + MODEL.still(x) + Model(2.0).value(x) + Model.of_class(x) + len(MODEL))
case(LINE)(lambda x: Point(x, 2.0).norm() + (1.0 if isinstance(Point(x, x), Point) else 2.0))
case(LINE)(lambda x: Point(x, 2.0 * x))
case(LINE)(lambda x: Spring(x).energy(2.0) + dataclasses.replace(Spring(2.0), length=x).energy(x))
case(LINE)(lambda x: Spring(x, length=2.0))


@case([({"k": 0.5, "w": [1.0, 2.0]}, Point(1.0, 2.0), Spring(0.5, 2.0), (1.0, np.array([1.0, 2.0])))])
def nested_parameters(p, point, spring, pair):
    scale, vector = pair
    return {
        "sum": p["k"] * sum(p["w"]) + point.x * point[1] + point.norm() + spring.energy(scale) + vector @ vector,
        "point": point,
        "spring": spring,
    }


@case([({"b": 0.5, "a": 1.0},)])
def dict_methods(p):
    return sum(v * i for i, (k, v) in enumerate(sorted(p.items()))) + p.get("a", 0.0) + (1.0 if "b" in p else 0.0)


@case(LINE)
def local_class(x):
    class Local:
        constant = K

        def apply(self, v):
            return math.sin(v) * self.constant

    return Local().apply(x)
