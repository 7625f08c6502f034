"""Python's own constructs and built-ins on traced values: `f(x, y)` of two numbers."""

import math
import statistics

import numpy as np

SCALE = 3.0


def member_of_a_literal(x, y):
    return x + 1.0 if math.floor(x) in (0, 2) or math.floor(y) in [1, -2] else y


def not_member(x, y):
    return x if round(y) not in {0, 1} else 2.0 * x


def matched_value(x, y):
    match math.floor(x):
        case 0:
            return y
        case 1 | 2:
            return y * x
        case _:
            return -y


def matched_sequence(x, y):
    match [x, y]:
        case [a, b]:
            return a * 2.0 + b
        case _:
            return 0.0


def matched_with_guard(x, y):
    match (x, y):
        case (a, b) if a > b:
            return a - b
        case (a, _):
            return a * 3.0


def largest_and_smallest(x, y):
    return max(x, y, 0.5) - min([x, y, 1.0]) + max((x * y, 0.1), default=0.0)


def absolute(x, y):
    return abs(x) * math.fabs(y)


def in_order(x, y):
    a, b, c = sorted([x, y, 0.7])
    d, e = sorted((x, y), reverse=True)
    return a + 2.0 * b + 4.0 * c + d * e


def any_and_all(x, y):
    first = any([x > 1.0, y > 1.0])
    second = all(v > 0.0 for v in (x, y))
    return (x if first else y) + (x * y if second else 1.0)


def summed(x, y):
    return sum([x, y, x * y]) + sum((x, 1.0), start=2.0) + math.fsum([x, y])


def rounded(x, y):
    return int(x) * y + round(y) * x + round(x, 1) + math.trunc(x) * y


def divided(x, y):
    q, r = divmod(x, 0.7)
    return q * y + r + x // 0.3 + y % 0.9 + math.fmod(x, 0.4)


def converted(x, y):
    return float(x) * 2.0 + (1.0 if bool(y) else 0.0) + complex(x, 0.0).real


def chained(x, y):
    return x * y if 0.0 < x <= y < 2.0 else x - y


def chained_twice(x, y):
    return (1.0 if -1.0 < x < 1.0 > y else 2.0) * x


def chosen_by_numpy(x, y):
    z = np.array([x, y])
    a = np.where(z > 0.5, z, -z)
    b = np.select([z < 0.0, z < 1.0], [z * 2.0, z * z], default=3.0)
    c = np.piecewise(z, [z < 0.5, z >= 0.5], [lambda v: v * 3.0, lambda v: v - 1.0])
    return np.sum(a + b + c + np.clip(z, -0.4, 0.8))


def arrays_compared(x, y):
    z = np.array([x, y, 0.2])
    return np.sum((z > 0.3) * z) + (x if (z > -3.0).all() else y) + (1.0 if np.any(z == 0.2) else 2.0)


def named_in_an_expression(x, y):
    if (z := x * y) > 0.5:
        return z
    return z - 1.0


def comprehended(x, y):
    values = [v * k for k, v in enumerate([x, y, x - y]) if k != 1]
    table = {name: v for name, v in zip("ab", (x, y), strict=True)}  # noqa: C416 (a comprehension is the point)
    return sum(values) + table["a"] * table["b"] + sum({k: v * 2.0 for k, v in table.items()}.values())


def filtered(x, y):
    return sum(v for v in [x, y, 0.3] if v > 0.25)


def called_back(x, y):
    twice = lambda v: v * 2.0 if v > 0.0 else v  # noqa: E731 (a lambda is the point)

    def scaled(v, by=y):
        return twice(v) * by

    return sum(map(scaled, [x, y])) + scaled(x, by=2.0)


def generated(x, y):
    def powers(v):
        for k in range(4):
            yield v**k

    return sum(powers(x)) - sum(k * p for k, p in enumerate(powers(y)))


def tried(x, y):
    table = {"a": x}
    try:
        return table["b"]
    except KeyError:
        return table["a"] * y


def tried_and_finished(x, y):
    found = 0.0
    try:
        found = x * y
    finally:
        found += x
    return found


def without_warnings(x, y):
    with np.errstate(divide="ignore"):
        return x / (1.0 + y * y)


def starred(x, y):
    first, *rest = [x, y, x * y]
    return first + sum(rest) + max(*rest)


def unpacked_arguments(x, y):
    def inner(a, b=1.0, *rest, scale=2.0, **named):
        return (a + b) * scale + sum(rest) + named.get("z", 0.0)

    return inner(*[x, y, x], z=y, scale=SCALE)


def short_circuit(x, y):
    return (x and y) + (x or y) + (not x > 0.0) * 2.0 + (x > 0.0 and y > 0.0) * 1.0


def signs(x, y):
    return math.copysign(x, y) + np.sign(x) * y + math.isnan(x) * 1.0


def exponents(x, y):
    return abs(x) ** 1.5 + pow(y, 2) + pow(2.0, x) + (x**2) ** 0.5


def aggregated(x, y):
    z = np.array([[x, y], [y, x * y]])
    return np.max(z, axis=0)[1] + np.argmax(z[0]) * 1.0 + np.sort(z[1])[0] + np.median(z)


def returned_early_in_a_loop(x, y):
    for k in range(5):
        if x + k > y:
            return x * k
    else:
        return y


def assigned_on_one_side(x, y):
    if x > y:
        extra = x - y
    if x > y:
        return extra
    return 0.0


def nothing_is_returned_by_a_helper(x, y):
    items = []

    def note(v):
        if v > 0.0:
            items.append(v)
            return
        items.append(-v)

    note(x)
    note(y)
    return items[0] * 2.0 + items[1]


def statistics_of_samples(x, y):
    sample, other = [x, y, x * y, 2.0], (y, x * x, 1.5, x)
    middle = statistics.mean(sample) + statistics.fmean(other, [1.0, x, 2.0, y]) + statistics.median(sample)
    spread = statistics.stdev(sample) + statistics.pstdev(other) * statistics.variance(other, 0.5)
    return middle + spread + statistics.pvariance(value * value for value in sample)


def statistics_of_pairs(x, y):
    sample, other = [x, y, x * y, 2.0], (y, x * x, 1.5, x)
    positive = [1.0 + x * x, 2.0 + y * y, 3.0]
    means = statistics.geometric_mean(positive) + statistics.harmonic_mean(positive, weights=[1.0, 2.0, 1.0 + x * x])
    return means * statistics.correlation(sample, other) + statistics.covariance(sample, other)


def whole_or_not(x, y):
    return y if (2.0 * x).is_integer() else x if float(y).is_integer() else x * y
