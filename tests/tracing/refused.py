"""Functions that have no closed form, or none that symdiff can find: each is refused with the user's line.

The golden file of each holds the message.
"""

import functools
import math
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np

REFUSED: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {}
COUNTS = [0]
MEMORY: dict[Any, Any] = {"first": 1.0}
TABLE = np.array([1.0, 2.0, 3.0])
counter = 0


class Device:
    """An object with a state."""

    def __init__(self) -> None:
        self.last = 0.0

    def measure(self, x):
        self.last += x
        return x / self.last


DEVICE = Device()


def refused(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        REFUSED[function.__name__] = (function, options)
        return function

    return register


@refused()
def growing_list(x):
    terms = []
    while x > 1:
        terms.append(x)
        x = x / 2
    return sum(terms)


@refused()
def growing_array(x):
    y = x
    while np.sum(y) < 10.0:
        y = np.concatenate([np.atleast_1d(y), [x]])
    return y


@refused()
def loop_without_end(x):
    n = 0.0
    while x > 0:
        n = n + 1.0
    return n


@refused()
def mixed_sides_in_a_round(x):
    y = 1.0
    while x > 1:
        y = (x, x) if x > 2 else None
        x = x / 2
    return x, y


positive = lambda element: element if element > 0 else 0.0  # noqa: E731 (lambdas are not rewritten)


@refused(shapes={"v": 10})
def too_many_branches(v):
    return sum(positive(element) for element in v)


@refused()
def raising_path(x):
    if x < 0:
        return x + "one"
    return math.sqrt(x)


@refused()
def writing_into_what_is_shared(x):
    u = np.array([x, 0.0])
    last = u
    while u[0] > 0.1:
        u[1] += last[0]
        u[0] *= 0.5
        last = u
    return u[1]


@refused()
def always_raising(x):
    return x + "one"


@refused()
def traced_index(n):
    return TABLE[n]


@refused()
def traced_list_index(n):
    return [1.0, 2.0][n]


@refused()
def traced_range(x, n=3):
    return sum(x**i for i in range(n))


@refused()
def traced_repetition(x):
    return sum([1.0] * x)


@refused()
def formatted(x):
    return float(f"{x:.3f}")


@refused()
def printed(x):
    len(str(x))
    return x


@refused()
def dict_key(x):
    return {0.0: 1.0}[x]


@refused()
def swallowed(x):
    try:
        return [1.0, 2.0][x]
    except Exception:  # noqa: BLE001 (it is the case)
        return 0.0


@refused(shapes={"v": 3})
def unknown_function(v):
    return np.unwrap(v)


@refused()
def unknown_math(x):
    return math.factorial(x)


@refused(shapes={"v": 3})
def unknown_method(v):
    return v.tobytes()


@refused(shapes={"v": 3})
def unknown_keyword(v):
    return np.sum(v, dtype=np.float32)


@refused(shapes={"v": 3})
def output_argument(v):
    out = np.zeros(3)
    np.add(out, 1.0, out=v)
    return out


@refused()
def counted_in_bins(x):
    return np.histogram(x, [0.0, 1.0])


@refused()
def order_of_complex_numbers(x):
    return np.maximum(x + 1j, 0.0)


@refused()
def single_precision(x):
    return np.float32(x)


@refused(shapes={"v": 3})
def traced_mask(v):
    return np.sum(np.sort(v[v > 0]))


@refused(shapes={"v": 3})
def changed_argument(v):
    v[0] = 1.0
    return v


@refused(shapes={"v": 3})
def changed_argument_in_place(v):
    v += 1.0
    return v


@refused()
def changed_array_with_views(x):
    a = np.zeros((2, 2)) + x
    row = a.ravel()
    a[0, 0] = x
    return row


@refused()
def changed_constant(x):
    TABLE[0] = x
    return x


@refused()
def changed_list(x):
    COUNTS.append(x)
    return x * len(COUNTS)


@refused()
def own_memory(x):
    MEMORY["last"] = x
    return x * MEMORY["first"]


@refused()
def changed_global(x):
    global counter
    counter += 1
    return x * counter


@refused()
def changed_object(x):
    return DEVICE.measure(x)


@refused()
def changed_module(x):
    math.answer = x
    return x


def _counting():
    calls = 0

    def changed_closure(x):
        nonlocal calls
        calls += 1
        return x if calls < 10 else 0.0

    return changed_closure


refused()(_counting())


@refused()
def random_number(x):
    return x * random.random()


@refused()
def random_array(x):
    return x * np.random.rand()  # noqa: NPY002 (it is the case)


@refused()
def time_of_day(x):
    return x * time.time()


@refused()
def returns_nothing(x):
    x * 2


@refused()
def returns_text(x):
    return "text"


@refused()
def missing_return(x):
    y = 2.0
    if x > 0:
        y = x
    else:
        return None
    return y


@refused()
def different_structures(x):
    if x > 0:
        return (x, 1.0)
    return x


@refused(shapes={"v": 3})
def different_shapes(v):
    if v[0] > 0:
        return v
    return v[0]


@refused(shapes={"v": 3, "w": 2})
def shapes_that_do_not_fit(v, w):
    return v + w


@refused(shapes={"A": (2, 3), "v": 2})
def product_that_does_not_fit(A, v):
    return A @ v


@refused(shapes={"v": 3})
def truth_of_an_array(v):
    return 1.0 if v > 0 else 2.0


@refused(shapes={"v": 3})
def index_out_of_bounds(v):
    return v[3]


@refused(shapes={"x": "n"})
def loop_over_an_open_length(x):
    return sum(x[i] for i in range(len(x)))


@refused()
def not_subscriptable(x):
    return x[0]


@refused()
def endless_recursion(x):
    return endless_recursion(x - 1)


@refused()
def unpacked_number(x):
    a, b = x
    return a + b


@refused()
def rounded_to_bytes(x):
    return x.hex()


@refused()
def converted_in_a_library(x):
    return functools.reduce(lambda a, b: a + b, map(time.sleep, [x]))


@refused(static=["n"])
def static_without_value(x, n):
    return x**n


@refused(static=["m"])
def static_misspelt(x, n=2):
    return x**n


@refused()
def any_number_of_arguments(*xs):
    return sum(xs)


@refused(shapes={"y": 3})
def shape_of_nothing(x):
    return x


@refused(kwargs={"why": 1.0})
def example_of_nothing(x):
    return x


def shorter(x):
    return x if x < 1.0 else longer(math.sqrt(x))


def longer(x):
    return x if x > 9.0 else 1.0 + shorter(x * x - 0.1)


@refused()
def functions_that_call_each_other(x):
    return shorter(x)


@refused()
def recursion_on_a_traced_value(x, n=3):
    return x if n == 0 else x * recursion_on_a_traced_value(x, n - 1)


@refused(shapes={"A": (2, 2)})
def general_eigenvalues(A):
    return np.linalg.eigvals(A)


@refused()
def not_of_a_number(x):
    return ~x


class Tank:
    """An object with a property."""

    def __init__(self) -> None:
        self._level = 0.0

    @property
    def level(self):
        return self._level

    @level.setter
    def level(self, value):
        self._level = max(value, 0.0)


TANK = Tank()


@refused()
def changed_property(x):
    TANK.level = x
    return x
