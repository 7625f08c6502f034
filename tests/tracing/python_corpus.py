"""The corpus of Python: names, operators, control flow, types, `math`, classes."""

import collections
import dataclasses
import functools
import itertools
import math
import operator
from math import exp
from typing import NamedTuple

import numpy as np
from numpy import sin as s

from tests.tracing.corpus import ARRAYS, LINE, PAIRS, POSITIVE, case

K = 3.0
TABLE = {"square": lambda x: x * x, "exp": math.exp}
STEPS = [math.sin, np.cos, lambda x: x + K]

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
    import os.path

    from numpy import exp as e
    from numpy import linalg

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
    if x > 0.25:
        y += 1.0
    return y


case(LINE)(lambda x: 1.0 if (x > 0 and x < 1) or x < -1 else x)
case(LINE)(lambda x: x or 5.0)
case(LINE)(lambda x: x and 5.0)
case(LINE)(lambda x: 2.0 if x in (0.5, 1.0) else x)
case(LINE)(lambda x: 2.0 if not x else 2 * x)
case(PAIRS)(lambda x, y: sorted([x, y, 1.0]))
case(PAIRS)(lambda x, y: [n * {"b": x, "a": y}[key] for n, key in enumerate(sorted({"b": x, "a": y}))])
case(PAIRS)(lambda x, y: {1: x, 2: y}[max({1: x, 2: y})] ** min({2: x, 3: y}) + sum({1: x, 2: y}.values()))
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
case(LINE)(lambda x: x if type(x) is float and int is int and type(x) in (int, float) else 0.0)
case(LINE)(lambda x: x if x.__class__ is float and x.__class__ in (int, float) else 0.0)
case(LINE)(lambda x: x.__class__(x) if not hasattr(x, "shape") and hasattr(x, "real") else 0.0)
case(LINE)(lambda x: 2 * x if hasattr(3 * x - 1, "ndim") else x)
case(LINE)(lambda x: x if np.isscalar(x) and np.ndim(x) == 0 and np.shape(x) == () else 0.0)
case(LINE)(lambda x: 0.0 if hasattr(x, "__len__") or hasattr(x, "__iter__") else x)
case(ARRAYS)(lambda x: np.sum(x) if isinstance(x, np.ndarray) and not isinstance(x, float) else 0.0)
case(ARRAYS)(lambda x: np.sum(x, keepdims=1) + np.linalg.norm(x, keepdims=1) + np.max(x, keepdims=0))
case(LINE)(lambda x: float("1.5") * x + int("3") + bool([]) + 0.0 + int(2.7))
case(LINE)(
    lambda x: np.array([1, 2, 3], dtype=float)[1] * x + np.zeros(2, dtype=int)[0] + np.array([1.5]).astype(int)[0]
)
case(LINE)(lambda x: x.real + x.imag + x.conjugate())

# -- math ---------------------------------------------------------------------------------------------------------

case(PAIRS)(lambda x, y: math.hypot(x, y, 2.0) + math.dist([x, y], [1.0, 2.0]) + math.prod([x, y, 3.0]))
case(PAIRS)(lambda x, y: math.fsum([x, y, 1.0]) + math.copysign(x, y) + math.atan2(x, y) + math.fmod(x, y))
case(POSITIVE)(lambda x: math.log(x) + math.log(x, 3) + math.log2(x) + math.log10(x) + math.log1p(x) + math.sqrt(x))
case(LINE)(lambda x: math.degrees(x) + math.radians(x) + math.erf(x) + math.expm1(x) + math.asinh(x) + math.cbrt(x))
case(PAIRS)(lambda x, y: 1.0 if math.isclose(x, y) else x)
case(LINE)(lambda x: x if math.isfinite(x) and not math.isnan(x) else 0.0)
case(LINE)(lambda x: sum(math.comb(4, k) * x**k for k in range(5)))

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
        return super().value(x) + Base.value(self, x) + type(self)(2.0).k + self.__class__(x).k

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


@dataclasses.dataclass(slots=True, frozen=True)
class Slotted:
    k: float
    steps: tuple

    def __post_init__(self):
        object.__setattr__(self, "k", 2 * self.k)

    def run(self, x):
        return sum(step(x) for step in self.steps) * self.k


SLOTTED = Slotted(1.5, (math.sin, np.cos))
OBJECTS = collections.OrderedDict(model=MODEL, spring=Spring(1.0))
NUMBERS = [1.0, 2.0]

case(LINE)(lambda x: SLOTTED.run(x) + Slotted(0.5, (math.exp,)).run(x))
case(LINE)(lambda x: x if isinstance(OBJECTS["model"], Model) and issubclass(Model, Base) else 0.0)
case(LINE)(lambda x: x if type(NUMBERS) is list and isinstance(NUMBERS, list) and NUMBERS == [1.0, 2.0] else 0.0)
case(LINE)(lambda x: ((x > 0) + (x > 1)) * x - (x > 0) + sum([x > 0, x > 0.4]))
case(LINE)(lambda x: [x] == [0.5] or x)
