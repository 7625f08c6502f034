"""What Python's `math` lacks: the source of these functions is copied into emitted `math` modules.

In and out: Python floats. They need nothing but `math` and the constants of this file. Where `math` itself would raise
ValueError or OverflowError, so may these.
"""

import cmath
import math

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


def sign(x: float) -> float:
    """-1, 0 or 1; nan for nan."""
    return x if math.isnan(x) else float((x > 0.0) - (x < 0.0))


def maximum(x: float, y: float) -> float:
    """The larger of two numbers; nan where one of them is nan."""
    return x if x >= y or math.isnan(x) else y


def minimum(x: float, y: float) -> float:
    """The smaller of two numbers; nan where one of them is nan."""
    return x if x <= y or math.isnan(x) else y


def floor(x: float) -> float:
    """The largest whole number that is not above x, as a float."""
    return math.copysign(math.floor(x), x) if math.isfinite(x) else x


def ceil(x: float) -> float:
    """The smallest whole number that is not below x, as a float."""
    return math.copysign(math.ceil(x), x) if math.isfinite(x) else x


def trunc(x: float) -> float:
    """The whole part of x, as a float."""
    return math.copysign(math.trunc(x), x) if math.isfinite(x) else x


def rint(x: float) -> float:
    """The nearest whole number, halves to the even one, as a float."""
    return math.copysign(round(x), x) if math.isfinite(x) else x


def direction(x: float, y: float) -> float:
    """x / hypot(x, y), the cosine of the angle of (x, y); 0 at the origin."""
    length = math.hypot(x, y)
    return x / length if length else 0.0


def bell(x: float) -> float:
    """The logistic density s(x) s(-x), where s(x) = 1 / (1 + exp(-x))."""
    t = math.exp(-abs(x))
    return t / ((1.0 + t) * (1.0 + t))


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    t = math.exp(-abs(x))
    return (1.0 if x >= 0.0 else t) / (1.0 + t)


def sech(x: float) -> float:
    """1 / cosh(x), without overflow."""
    t = math.exp(-abs(x))
    return 2.0 * t / (1.0 + t * t)


def csch(x: float) -> float:
    """1 / sinh(x), without overflow."""
    u = abs(x)
    return math.copysign(2.0 * math.exp(-u) / math.expm1(-2.0 * u), x)


def bose(x: float) -> float:
    """1 / (exp(x) - 1), without overflow."""
    u = math.expm1(-abs(x))
    return (1.0 if x < 0.0 else -math.exp(-x)) / u


def log_cosh(x: float) -> float:
    """log(cosh(x)), without overflow, and without cancellation at 0."""
    u = abs(x)
    if u < 1.0:
        s = math.sinh(0.5 * u)
        return math.log1p(2.0 * s * s)
    return u - 0.6931471805599453 + math.log1p(math.exp(-2.0 * u))


def softplus(x: float) -> float:
    """log(1 + exp(x)), without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def log_sigmoid(x: float) -> float:
    """log(1 / (1 + exp(-x))), without overflow."""
    return min(x, 0.0) - math.log1p(math.exp(-abs(x)))


def logaddexp(x: float, y: float) -> float:
    """log(exp(x) + exp(y)), without overflow."""
    if x == y:
        return x + 0.6931471805599453
    return max(x, y) + math.log1p(math.exp(-abs(x - y)))


def logaddexp2(x: float, y: float) -> float:
    """log2(2**x + 2**y), without overflow."""
    if x == y:
        return x + 1.0
    return max(x, y) + 1.4426950408889634 * math.log1p(2.0 ** -abs(x - y))


def logit(x: float) -> float:
    """log(x / (1 - x)), without cancellation at 1/2."""
    if 0.25 < x < 0.75:
        return math.log1p((x - 0.5) / (0.5 * (1.0 - x)))
    return math.log(x / (1.0 - x))


def log1mexp(x: float) -> float:
    """log(1 - exp(-x)), without cancellation on either side of log(2)."""
    return (
        math.log(-math.expm1(-x))
        if x < 0.6931471805599453
        else math.log1p(-math.exp(-x))
    )


def xlogy(x: float, y: float) -> float:
    """x * log(y), and 0 where x is 0."""
    return 0.0 if x == 0.0 and not math.isnan(y) else x * math.log(y)


def xlog1py(x: float, y: float) -> float:
    """x * log(1 + y), and 0 where x is 0."""
    return 0.0 if x == 0.0 and not math.isnan(y) else x * math.log1p(y)


def digamma(x: float) -> float:
    """The logarithmic derivative of the gamma function: reflection, recurrence to x >= 10, then Stirling's series."""
    if x <= 0.0 and x == math.floor(x):
        raise ValueError("math domain error")
    total = 0.0
    if x < 0.0:
        total = -math.pi / math.tan(math.pi * (x - round(x)))
        x = 1.0 - x
    while x < 10.0:
        total -= 1.0 / x
        x += 1.0
    series = 0.0
    for coefficient in STIRLING_SERIES:
        series = (series + coefficient) / (x * x)
    return total + (math.log(x) - 0.5 / x - series)


def polygamma(order: int, x: float) -> float:
    """The derivative of digamma of an order >= 1: reflection, recurrence, then the Euler-Maclaurin formula."""
    if x <= 0.0 and x == math.floor(x):
        raise ValueError("math domain error")
    reflected, scale = 0.0, math.factorial(order) * (-1.0) ** (order + 1)
    if x < 0.0:  # the derivatives of cot(pi x) are polynomials in it
        slope, powers = 1.0 / math.tan(math.pi * (x - round(x))), [0.0, 1.0]
        for _ in range(order):
            inner = [index * powers[index] for index in range(1, len(powers))]
            powers = [
                -(a + b)
                for a, b in zip([*inner, 0.0, 0.0], [0.0, 0.0, *inner], strict=True)
            ]
        cotangent = sum(
            coefficient * slope**index for index, coefficient in enumerate(powers)
        )
        reflected, scale = -(math.pi ** (order + 1)) * cotangent, -math.factorial(order)
        x = 1.0 - x
    total = 0.0
    while x < 10.0 + order:
        total += x ** -(order + 1)
        x += 1.0
    term = x**-order
    tail = term / order + 0.5 * term / x
    for index, bernoulli in enumerate(BERNOULLI_NUMBERS):
        first = order + 2 * index
        term *= (
            (first * (first + 1) if index else first + 1)
            / ((2 * index + 1) * (2 * index + 2))
            / (x * x)
        )
        tail += bernoulli * term
    return reflected + scale * (total + tail)


def sinc(x: float) -> float:
    """sin(pi x) / (pi x), and 1 at 0."""
    z = math.pi * x
    return math.sin(z) / z if z else 1.0


def sinc_derivative(order: int, x: float) -> float:
    """The derivative of sinc of an order >= 1: its power series near 0, away from it S' = (sin' - n S) / z."""
    z = abs(math.pi * x)
    sign = -1.0 if x < 0.0 and order % 2 else 1.0
    if z < order + 0.5:
        start = (order + 1) // 2
        term = (-1.0) ** start * (z if order % 2 else 1.0)
        total, power = 0.0, order % 2
        for index in range(start, start + order + 14):
            total += term / (2 * index + 1)
            term *= -z * z / ((power + 1) * (power + 2))
            power += 2
    else:
        total = math.sin(z) / z
        for index in range(1, order + 1):
            total = (
                (math.cos(z), -math.sin(z), -math.cos(z), math.sin(z))[(index - 1) % 4]
                - index * total
            ) / z
    return sign * math.pi**order * total


def lgamma(x: float) -> float:
    """log |gamma(x)|, by its Taylor series near 3/2, where math.lgamma cancels."""
    if abs(x - 1.5) > 0.35:
        return math.log(abs(math.gamma(x))) if 1e-9 < abs(x) < 20.0 else math.lgamma(x)
    total = 0.0
    for coefficient in LGAMMA_SERIES:
        total = total * (x - 1.5) + coefficient
    return total


def erfcx_derivative(order: int, x: float) -> float:
    """The derivative of exp(x * x) * erfc(x): its recurrence for x < 0, a double exponential quadrature for x >= 0."""
    if x < 0.0:
        before = math.exp(x * x) * math.erfc(x)
        value = 2.0 * x * before - 1.1283791670955126
        for index in range(1, order):
            before, value = value, 2.0 * (x * value + index * before)
        return value
    total = 0.0
    for index in range(-56, 57):
        v = index / 16.0
        shrunk = math.exp(-v)
        t = math.exp(v - shrunk) / (1.0 + x)
        total += (1.0 + shrunk) * t ** (order + 1) * math.exp(-t * (t + 2.0 * x))
    return (-2.0) ** order * 1.1283791670955126 / 16.0 * total


def dawsn_derivative(order: int, x: float) -> float:
    """The derivative of Dawson's integral: quadrature of a positive integrand; far out its asymptotic series."""
    sign = -1.0 if x < 0.0 and order % 2 == 0 else 1.0
    x = abs(x)
    total, index = 0.0, 0
    if x >= 8.0 + 0.5 * order:
        term, before = 1.0, 2.0
        while 1e-17 < term < before:
            total += term
            before = term
            ratio = (2 * index + order + 2) * (2 * index + order + 1) / (4 * index + 4)
            term = term * ratio / x / x
            index += 1
        for _ in range(order + 1):
            total /= x
        return sign * (-1.0) ** order * math.factorial(order) * 0.5 * total
    for index in range(-80, 81):
        shrunk = math.exp(-math.pi * math.sinh(index / 24.0))
        part = 1.0 / (1.0 + shrunk)
        weight = math.pi / 24.0 * math.cosh(index / 24.0) * part * part * shrunk
        s = x * part
        total += weight * x * s**order * math.exp(s * (s - 2.0 * x))
    end = 0.0
    for index in range((order + 1) // 2):
        power = order - 1 - 2 * index
        factor = math.comb(order, power) * math.factorial(index) * (-1.0) ** index
        end += factor * (-1.0) ** power * 2.0 ** (order - 1) * x**power
    return sign * ((-2.0) ** order * total + math.exp(-x * x) * end)


def scaled_i_derivative(order: int, degree: int, x: float) -> float:
    """The derivative of exp(-|x|) I_degree(x): the trapezoidal rule on its integral; far out its asymptotic series."""
    sign = 1.0
    if (degree + order) % 2:
        sign = math.copysign(1.0, x) if x else 0.0
    x = abs(x)
    total = 0.0
    if x < 30.0 + 4.0 * order:
        for index in range(1, 129):
            half = math.sin(math.pi * index / 256.0)
            fall = 2.0 * half * half
            weight = (0.5 if index == 128 else 1.0) / 128.0 * (-fall) ** order
            total += (
                math.cos(degree * math.pi * index / 128.0)
                * weight
                * math.exp(-x * fall)
            )
        return sign * total
    term = 1.0
    for index in range(1, 41):
        total += term
        rise = ((2 * index - 1) ** 2 - 4 * degree**2) / (8.0 * index)
        term = term * (rise * (2 * index - 1 + 2 * order) / (2 * index - 1)) / x
    total = total / math.sqrt(2.0 * math.pi) / math.sqrt(x)
    for index in range(order):
        total = total * (-0.5 - index) / x
    return sign * total


def scaled_k_derivative(order: int, v: float, x: float) -> float:
    """The derivative of exp(x) K_v(x) by x: a double exponential quadrature of its integral."""
    if x < 0.0:
        return math.nan
    total = 0.0
    for index in range(-72, 97):
        shrunk = math.exp(-index / 16.0)
        p = math.exp(index / 16.0 - shrunk)
        u = p / x
        weight = (1.0 + shrunk) * p * math.exp(-p) / 16.0
        height = math.cosh(v * (2.0 * math.asinh(math.sqrt(0.5 * u))))
        total += weight * u ** (order - 1) * height / math.sqrt(1.0 + 2.0 / u)
    return (-1.0) ** order * total / x


def complex_log1p(z: complex) -> complex:
    """log(1 + z), also where z is small."""
    x, y = z.real, z.imag
    if abs(z) >= 1.0:
        return cmath.log(1.0 + z)
    return complex(0.5 * math.log1p(x * (2.0 + x) + y * y), math.atan2(y, 1.0 + x))


def complex_expm1(z: complex) -> complex:
    """exp(z) - 1, also where z is small."""
    x, y = z.real, z.imag
    half = math.sin(0.5 * y)
    return complex(
        math.expm1(x) * math.cos(y) - 2.0 * half * half, math.exp(x) * math.sin(y)
    )
