"""Functions that leave the work to a library, or make an ordinary mistake: each is refused with what to do about it."""

import csv
import itertools
import math
import os
import pickle
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from scipy import integrate, interpolate, optimize, special, stats

import symdiff as sd
from tests.tracing.refused import REFUSED as REFUSED
from tests.tracing.refused import refused


@refused()
def compared_with_text(mode, x):
    return x**2 if mode == "square" else x**3


@refused()
def integrated_by_a_library(a):
    return integrate.quad(lambda t: math.exp(-a * t * t), 0, 1)[0]


@refused()
def solved_by_a_library(a):
    return optimize.brentq(lambda x: x**3 - a, 0, 10)


@refused()
def interpolated_by_a_library(x):
    return interpolate.CubicSpline([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 4.0, 9.0])(x)


@refused()
def misspelt_function(x):
    return np.sine(x)


@refused()
def number_as_a_dict(p):
    return p["a"] * p["b"] ** 2


@refused()
def file_that_is_not_there(x):
    return x * float(Path("rate of next year.txt").read_text())


@refused()
def ufunc_of_scipy(x):
    return special.kolmogorov(x) * x


@refused()
def faddeeva_of_a_complex_number(x, width):
    return special.wofz(x + 1j * width).real


@refused()
def library_that_is_not_there(x):
    import gravity_of_the_moon

    return gravity_of_the_moon.pull(x)


@refused()
def drawn_around_an_argument(mean):
    rng = np.random.default_rng()
    return rng.normal(mean, 1.0)


ROWS = csv.reader(itertools.cycle(["1", "2"]))
above_the_next_row = lambda x: x if x > float(next(ROWS)[0]) else -x  # noqa: E731 (lambdas are not rewritten)


@refused()
def another_condition_at_every_run(x):
    return above_the_next_row(x)


@sd.primitive
def steps_up_to(v):
    return np.arange(int(10.0 * np.sum(v)))


@refused(shapes={"v": "n"})
def primitive_of_unknown_shape(v):
    return np.sum(steps_up_to(v))


squared_length = sd.grad(lambda v: v @ v, shapes={"v": 3})


@refused(shapes={"w": 4})
def closed_form_for_another_shape(w):
    return squared_length(w)


@refused()
def unknown_distribution(x):
    return stats.wrapcauchy.logpdf(x, 0.5)


class Counter:
    """A class that counts its objects."""

    made = 0


@refused()
def changed_class(x):
    kind = Counter
    kind.made = kind.made + 1
    return x


@refused()
def changed_module_in_a_function(x):
    module = math
    module.answer = x
    return x


NUMBERS = iter([1.0, 2.0, 3.0])


@refused()
def iterator_that_is_used_up(x):
    return x * next(NUMBERS)


class Counted:
    """An object that writes to its class."""

    made = 0

    def count(self):
        type(self).made = self.made + 1


COUNTED = Counted()


@refused()
def changed_class_of_an_object(x):
    COUNTED.count()
    return x


@refused()
def seed_that_is_set(x):
    np.random.seed(0)  # noqa: NPY002 (it is the case)
    return x


@refused()
def changed_environment(x):
    os.environ["STARTED"] = "yes"
    return x


@refused()
def removed_from_the_environment(x):
    del os.environ["HOME"]
    return x


RECENT = deque([1.0, 2.0])


@refused()
def changed_queue(x):
    return x * RECENT.popleft()


@refused()
def kind_that_nobody_knows(x):
    return x * 2.0 if isinstance(np.floor(x), int) else x


@refused()
def type_that_nobody_knows(x):
    return x * 2.0 if type(np.floor(x)) is float else x


@refused()
def attribute_that_some_numbers_have(x):
    y = np.sin(x)
    return y.sum() if hasattr(y, "sum") else y


@refused(shapes={"A": (2, 3)})
def axis_that_is_an_argument(A, n):
    return np.sum(A, axis=n)


@refused()
def digits_that_are_an_argument(x, digits):
    return round(x, digits)


@refused()
def text_by_percent(x):
    return float("%.2f" % x)  # noqa: UP031 (it is the case)


@refused()
def misspelt_name(x):
    rate = 2.0
    return (rat + rate) * x  # noqa: F821 (it is the case)


@refused()
def logarithm_of_a_constant(x):
    return x * math.log(0.0)


@refused()
def chosen_in_threads(x):
    with ThreadPoolExecutor() as pool:
        return sum(pool.map(lambda item: item if item > 0 else 0.0, [x, 2 * x]))


@refused()
def pickled(x):
    return len(pickle.dumps(x)) * x
