"""What NumPy lacks: the source of these functions is copied into emitted `numpy` modules.

In and out: numbers or arrays of them, float32 staying float32, numbers coming back as numbers. They need nothing
but NumPy, `math` and each other.
"""

import math
from typing import Any

import numpy as np

# The Taylor coefficients of log gamma at 3/2, highest first.
LGAMMA_SERIES = (
    -1.5840896262969798e-06,
    2.4751447344295936e-06,
    -3.87415183000977e-06,
    6.07540647448469e-06,
    -9.547151192148187e-06,
    1.5036983408359218e-05,
    -2.3743185469209343e-05,
    3.759490926961219e-05,
    -5.97136233623377e-05,
    9.517939662502588e-05,
    -0.00015231593814270082,
    0.0002448711904829441,
    -0.00039577153964650777,
    0.0006437029830381486,
    -0.001054915693867632,
    0.00174503557579013,
    -0.002920970458667952,
    0.004965728809475818,
    -0.008622603929171286,
    0.0154354841700493,
    -0.028952081888893543,
    0.05871212641676822,
    -0.13813277403905333,
    0.46740110027233966,
    0.03648997397857652,
    -0.12078223763524522,
)
# Stirling's series of digamma, highest first: B₂ₖ / 2k.
STIRLING_SERIES = (1 / 12, -691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12)
# B₂, B₄, …
BERNOULLI_NUMBERS = (
    1 / 6,
    -1 / 30,
    1 / 42,
    -1 / 30,
    5 / 66,
    -691 / 2730,
    7 / 6,
    -3617 / 510,
)


def direction(x: Any, y: Any) -> Any:
    """x / hypot(x, y), the cosine of the angle of (x, y); 0 at the origin."""
    length = np.hypot(x, y)
    return x / np.where(length == 0.0, np.ones_like(length), length)[()]


def bell(x: Any) -> Any:
    """The logistic density s(x) s(-x), where s(x) = 1 / (1 + exp(-x))."""
    t = np.exp(-np.abs(x))
    u = 1.0 + t
    return t / (u * u)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)), without overflow."""
    t = np.exp(-np.abs(x))
    return np.where(np.greater_equal(x, 0.0), 1.0, t)[()] / (1.0 + t)


def sech(x: Any) -> Any:
    """1 / cosh(x), without overflow."""
    t = np.exp(-np.abs(x))
    return 2.0 * t / (1.0 + t * t)


def csch(x: Any) -> Any:
    """1 / sinh(x), without overflow."""
    u = np.abs(x)
    return np.copysign(2.0 * np.exp(-u) / np.expm1(-2.0 * u), x)


def bose(x: Any) -> Any:
    """1 / (exp(x) - 1), without overflow."""
    u = np.abs(x)
    above = np.where(np.less(x, 0.0), np.ones_like(u), -np.exp(-u))[()]
    return above / np.expm1(-u)


def log_cosh(x: Any) -> Any:
    """log(cosh(x)), without overflow, and without cancellation at 0."""
    u = np.abs(x)
    s = np.sinh(0.5 * np.minimum(u, 1.0))
    near = np.log1p(2.0 * s * s)
    far = u - 0.6931471805599453 + np.log1p(np.exp(-2.0 * u))
    return np.where(np.less(u, 1.0), near, far)[()]


def logit(x: Any) -> Any:
    """log(x / (1 - x)), without cancellation at 1/2."""
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.log1p((x - 0.5) / (0.5 * (1.0 - x)))
        return np.where(np.abs(x - 0.5) < 0.25, near, np.log(x / (1.0 - x)))[()]


def log1mexp(x: Any) -> Any:
    """log(1 - exp(-x)), without cancellation on either side of log(2)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(
            np.less(x, 0.6931471805599453), np.log(-np.expm1(-x)), np.log1p(-np.exp(-x))
        )[()]


def xlogy(x: Any, y: Any) -> Any:
    """x * log(y), and 0 where x is 0."""
    return (
        x * np.log(np.where(np.equal(x, 0.0) & np.equal(y, y), np.ones_like(y), y))[()]
    )


def xlog1py(x: Any, y: Any) -> Any:
    """x * log(1 + y), and 0 where x is 0."""
    return (
        x
        * np.log1p(np.where(np.equal(x, 0.0) & np.equal(y, y), np.zeros_like(y), y))[()]
    )


def shaped(elements: list[float], like: Any) -> Any:
    """The elements in the shape and dtype of an array."""
    return np.array(elements, dtype=like.dtype).reshape(like.shape)[()]


def erf(x: Any) -> Any:
    """The error function, element by element by C's."""
    values = np.asarray(x) * 1.0
    return shaped([math.erf(value) for value in values.ravel().tolist()], values)


def erfc(x: Any) -> Any:
    """The complementary error function, element by element by C's."""
    values = np.asarray(x) * 1.0
    return shaped([math.erfc(value) for value in values.ravel().tolist()], values)


def gamma(x: Any) -> Any:
    """The gamma function, element by element by C's; nan at the negative whole numbers."""

    def element(value: float) -> float:
        try:
            return math.gamma(value)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.copysign(math.inf, value) if value == 0.0 else math.nan

    values = np.asarray(x) * 1.0
    return shaped([element(value) for value in values.ravel().tolist()], values)


def lgamma(x: Any) -> Any:
    """log |gamma(x)|, element by element by C's functions, and by its Taylor series at 3/2; infinite at its poles."""

    def element(value: float) -> float:
        try:
            return (
                math.log(abs(math.gamma(value)))
                if 1e-9 < abs(value) < 20.0
                else math.lgamma(value)
            )
        except (OverflowError, ValueError):
            return math.inf

    values = np.asarray(x) * 1.0
    elements = shaped([element(value) for value in values.ravel().tolist()], values)
    near = np.clip(values, 1.15, 1.85) - 1.5  # C's functions cancel there
    series = np.zeros_like(near)
    for coefficient in LGAMMA_SERIES:
        series = series * near + coefficient
    return np.where(np.abs(values - 1.5) > 0.35, elements, series)[()]


def digamma(x: Any) -> Any:
    """The logarithmic derivative of the gamma function: reflection, recurrence to x >= 10, then Stirling's series."""
    given = np.asarray(x) * 1.0
    value = given.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        cotangent = 1.0 / np.tan(np.pi * (value - np.round(value)))
        total = np.where(value <= 0.0, -np.pi * cotangent, 0.0)
        total = np.where((value < 0.0) & (value == np.floor(value)), np.nan, total)
        z = np.where(value <= 0.0, 1.0 - value, value)
        for _ in range(10):
            total -= np.where(z < 10.0, 1.0 / z, 0.0)
            z = np.where(z < 10.0, z + 1.0, z)
        series = np.zeros_like(z)
        for coefficient in STIRLING_SERIES:
            series = (series + coefficient) / (z * z)
        return (total + (np.log(z) - 0.5 / z - series)).astype(given.dtype)[()]


def polygamma(order: int, x: Any) -> Any:
    """The derivative of digamma of an order >= 1: reflection, recurrence, then the Euler-Maclaurin formula."""
    given = np.asarray(x) * 1.0
    value = given.astype(np.float64)
    factorial, sign = float(math.factorial(order)), (-1.0) ** (order + 1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        slope, powers = 1.0 / np.tan(np.pi * (value - np.round(value))), [0.0, 1.0]
        for _ in range(order):  # the derivatives of cot(pi x) are polynomials in it
            inner = [index * powers[index] for index in range(1, len(powers))]
            powers = [
                -(a + b)
                for a, b in zip([*inner, 0.0, 0.0], [0.0, 0.0, *inner], strict=True)
            ]
        cotangent = sum(
            coefficient * slope**index
            for index, coefficient in enumerate(powers)
            if coefficient
        )
        z = np.where(value < 0.0, 1.0 - value, value)
        total = np.zeros_like(z)
        for _ in range(10 + order):
            total += np.where(z < 10.0 + order, z ** -(order + 1.0), 0.0)
            z = np.where(z < 10.0 + order, z + 1.0, z)
        term = z**-order
        total += term / order + 0.5 * term / z
        for index, bernoulli in enumerate(BERNOULLI_NUMBERS):
            first = order + 2 * index
            term = term * (first * (first + 1) if index else first + 1)
            term = term / ((2 * index + 1) * (2 * index + 2)) / (z * z)
            total += bernoulli * term
        reflected = -factorial * total - np.pi ** (order + 1) * cotangent
        result = np.where(value < 0.0, reflected, sign * factorial * total)
        pole = (value < 0.0) & (value == np.floor(value))
        return np.where(pole, np.nan, result).astype(given.dtype)[()]


def sinc_derivative(order: int, x: Any) -> Any:
    """The derivative of sinc of an order >= 1: its power series near 0, away from it S' = (sin' - n S) / z."""
    given = np.asarray(x) * 1.0
    value = given.astype(np.float64)
    z = np.abs(np.pi * value)
    near = z < order + 0.5
    start = (order + 1) // 2
    small = np.where(near, z, 0.0)
    term = (-1.0) ** start * (small if order % 2 else np.ones_like(small))
    series = np.zeros_like(small)
    power = order % 2
    for index in range(start, start + order + 14):
        series += term / (2 * index + 1)
        term = term * (-small * small / ((power + 1) * (power + 2)))
        power += 2
    large = np.where(near, order + 1.0, z)
    sine, cosine = np.sin(large), np.cos(large)
    total = sine / large
    for index in range(1, order + 1):
        total = (
            (cosine, -sine, -cosine, sine)[(index - 1) % 4] - index * total
        ) / large
    sign = np.where((value < 0.0) & (order % 2 == 1), -1.0, 1.0)
    return (sign * np.pi**order * np.where(near, series, total)).astype(given.dtype)[()]


def round_digits(x: Any, digits: int) -> Any:
    """Python's rounding to decimal digits, element by element."""

    values = np.asarray(x) * 1.0
    return shaped([round(value, digits) for value in values.ravel().tolist()], values)


def erfcx_derivative(order: int, x: Any) -> Any:
    """The derivative of exp(x * x) * erfc(x): its recurrence for x < 0, a double exponential quadrature for x >= 0."""
    given = np.asarray(x) * 1.0
    value = given.astype(np.float64)
    below, above = np.minimum(value, 0.0), np.maximum(value, 0.0)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        before = np.exp(below * below) * erfc(below)
        left = 2.0 * below * before - 1.1283791670955126
        for index in range(1, order):
            before, left = left, 2.0 * (below * left + index * before)
        total = np.zeros_like(above)
        for index in range(-56, 57):
            shrunk = math.exp(-index / 16.0)
            t = math.exp(index / 16.0 - shrunk) / (1.0 + above)
            total += (1.0 + shrunk) * t ** (order + 1) * np.exp(-t * (t + 2.0 * above))
        right = (-2.0) ** order * 1.1283791670955126 / 16.0 * total
    return np.where(np.less(value, 0.0), left, right).astype(given.dtype)[()]


def dawsn_derivative(order: int, x: Any) -> Any:
    """The derivative of Dawson's integral: quadrature of a positive integrand; far out its asymptotic series."""
    given = np.asarray(x) * 1.0
    value = given.astype(np.float64)
    size = np.abs(value)
    is_far = size >= 8.0 + 0.5 * order
    near, far = np.where(is_far, 1.0, size), np.where(is_far, size, 16.0 + order)
    total, series = np.zeros_like(near), np.zeros_like(far)
    for index in range(-80, 81):
        shrunk = math.exp(-math.pi * math.sinh(index / 24.0))
        part = 1.0 / (1.0 + shrunk)
        weight = math.pi / 24.0 * math.cosh(index / 24.0) * part * part * shrunk
        s = near * part
        total += weight * near * s**order * np.exp(s * (s - 2.0 * near))
    end = np.zeros_like(near)
    for index in range((order + 1) // 2):
        power = order - 1 - 2 * index
        factor = math.comb(order, power) * math.factorial(index) * (-1.0) ** index
        end += factor * (-1.0) ** power * 2.0 ** (order - 1) * near**power
    below = (-2.0) ** order * total + np.exp(-near * near) * end
    term = np.ones_like(far)
    for index in range(60):
        series += term
        ratio = (2 * index + order + 2) * (2 * index + order + 1) / (4 * index + 4)
        grown = term * ratio / far / far
        term = np.where(grown < term, grown, 0.0)
    scale = (-1.0) ** order * math.factorial(order) * 0.5
    for _ in range(order + 1):
        series = series / far
    result = np.where(is_far, scale * series, below)
    sign = np.where((value < 0.0) & (order % 2 == 0), -1.0, 1.0)
    return (sign * result).astype(given.dtype)[()]


def scaled_i_derivative(order: int, degree: int, x: Any) -> Any:
    """The derivative of exp(-|x|) I_degree(x): the trapezoidal rule on its integral; far out its asymptotic series."""
    given = np.asarray(x) * 1.0
    value = given.astype(np.float64)
    size = np.abs(value)
    is_far = size >= 30.0 + 4.0 * order
    near, far = np.where(is_far, 1.0, size), np.where(is_far, size, 30.0 + 4.0 * order)
    total = np.zeros_like(near)
    for index in range(1, 129):
        half = math.sin(math.pi * index / 256.0)
        fall = 2.0 * half * half
        weight = (0.5 if index == 128 else 1.0) / 128.0 * (-fall) ** order
        total += (
            math.cos(degree * math.pi * index / 128.0) * weight * np.exp(-near * fall)
        )
    term, series = np.ones_like(far), np.zeros_like(far)
    for index in range(1, 41):
        series += term
        rise = ((2 * index - 1) ** 2 - 4 * degree**2) / (8.0 * index)
        term = term * (rise * (2 * index - 1 + 2 * order) / (2 * index - 1)) / far
    scale = math.prod([-0.5 - index for index in range(order)]) / math.sqrt(
        2.0 * math.pi
    )
    series = scale * series / np.sqrt(far)
    for _ in range(order):
        series = series / far
    result = np.where(is_far, series, total)
    sign = np.sign(value) if (degree + order) % 2 else 1.0
    return (sign * result).astype(given.dtype)[()]


def scaled_k_derivative(order: int, v: Any, x: Any) -> Any:
    """The derivative of exp(x) K_v(x) by x: a double exponential quadrature of its integral."""
    given = (np.asarray(v) + np.asarray(x)) * 1.0
    degree, value = np.abs(np.asarray(v, np.float64)), np.asarray(x, np.float64)
    total = np.zeros_like(given, np.float64)
    with np.errstate(all="ignore"):
        for index in range(-72, 97):
            shrunk = math.exp(-index / 16.0)
            p = math.exp(index / 16.0 - shrunk)
            u = p / value
            weight = (1.0 + shrunk) * p * math.exp(-p) / 16.0
            height = np.cosh(degree * (2.0 * np.arcsinh(np.sqrt(0.5 * u))))
            total += weight * u ** (order - 1) * height / np.sqrt(1.0 + 2.0 / u)
        result = (-1.0) ** order * total / value
    return np.where(value < 0.0, np.nan, result).astype(given.dtype)[()]
