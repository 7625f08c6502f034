"""Names in generated modules: the user's own where a value is theirs, and never for something else."""

import math

import numpy as np

import symdiff as sd

R = 8.314
HALF = 0.5


def body(function: object, name: str, backend: str = "math", **options: object) -> str:
    """The statements of one function of the module, without signature and docstring."""
    text = sd.generate(function, backend=backend, **options).text  # type: ignore[arg-type]
    return text[text.index(f"def {name}(") :].split('"""', 2)[2].split("\n\n\n")[0]


def lennard_jones(r: float, sigma: float) -> float:
    s6 = (sigma / r) ** 6
    return s6**2 - s6


def test_a_partial_power_has_not_the_name_of_the_power() -> None:
    assert "s6 = v1 * v1" in body(lennard_jones, "lennard_jones")
    assert "s6_1" not in body(lennard_jones, "lennard_jones")


def turned(theta: float, x: float, y: float) -> tuple[float, float]:
    c, s = math.cos(theta), math.sin(theta)
    return c * x - s * y, s * x + c * y


def test_values_that_are_assigned_together_keep_their_names() -> None:
    text = body(turned, "turned", emit="value")
    assert "c = math.cos(theta)" in text
    assert "s = math.sin(theta)" in text


def three(a: float, b: float) -> float:
    p, q, r = a * b, a + b, a - b
    return math.exp(p) * p + math.exp(q) * q + math.exp(r) * r


def test_three_values_that_are_assigned_together_keep_their_names() -> None:
    text = body(three, "three")
    assert all(line in text for line in ("p = a * b", "q = a + b", "r = a - b"))


def midpoint(y: float, h: float, rate: float) -> float:
    def slope(y: float) -> float:
        return rate * y * (1.0 - y)

    k1 = slope(y)
    k2 = slope(y + 0.5 * h * k1)
    return y + h * k2 + k1 * k2


def test_what_a_helper_returns_has_the_name_that_its_caller_gives_it() -> None:
    text = body(midpoint, "midpoint", emit="value")
    assert "k1 = " in text
    assert "k2 = " in text


def with_matrices(x: np.ndarray) -> np.ndarray:
    Q = 0.01 * np.eye(2)
    H = np.array([[1.0, 0.25]])
    return H @ (Q @ x) + H @ x


def test_an_array_of_numbers_has_not_the_name_of_another_line() -> None:
    text = body(with_matrices, "with_matrices", "numpy", emit="value", shapes={"x": 2})
    assert " Q = " not in text
    assert " H = " not in text


def test_functions_of_a_module_share_their_arrays() -> None:
    text = sd.generate(with_matrices, emit=["value", "jvp"], shapes={"x": 2}).text
    assert text.count("[1.0, 0.25]") == 1


def tax(income: float) -> float:
    if income <= 10000.0:
        due = 0.0
    elif income <= 40000.0:
        due = 0.2 * (income - 10000.0)
    else:
        due = 6000.0 + 0.4 * (income - 40000.0)
    return due


def test_every_branch_assigns_to_the_name_of_the_choice() -> None:
    lines = [line.partition("  #")[0].strip() for line in body(tax, "tax", emit="value").splitlines()]
    assert lines[2:] == [
        "if income <= 10000.0:",
        "due = 0.0",
        "elif income <= 40000.0:",
        "due = 0.2 * (income - 10000.0)",
        "else:",
        "due = 6000.0 + 0.4 * (income - 40000.0)",
        "return due",
    ]


def test_a_choice_by_a_negation_is_turned_round() -> None:
    text = body(tax, "tax_grad", "numpy", emit="grad")
    assert "np.where(income <= 10000.0, 0.0, np.where(income <= 40000.0, 0.2, 0.4))" in text
    assert "logical_not" not in text


def gas(T: float, V: float) -> float:
    F = 96485.33
    return HALF * V + R * T / V + F * T - math.exp(-R * V)


def test_constants_have_the_names_that_they_have_in_the_users_code() -> None:
    for backend in ("math", "numpy"):
        text = sd.generate(gas, backend=backend).text
        assert "\n_R = 8.314\n_F = 96485.33\n" in text
        assert "_HALF" not in text  # any formula may contain 0.5
        assert "exp(-_R * V)" in text or "exp(-(_R * V))" in text


def two_constants_of_a_name(x: float) -> float:
    if x > 1.0:
        k = 17.2693882
        return math.exp(k * x)
    k = 21.8745584
    return math.exp(k * x)


def test_a_variable_that_is_assigned_twice_names_no_constant() -> None:
    assert "_k" not in sd.generate(two_constants_of_a_name, backend="math").text


def test_a_parameter_in_the_way_keeps_a_constant_from_its_name() -> None:
    def pressure(_R: float, T: float) -> float:
        return _R + R * T

    text = sd.generate(pressure, backend="math").text
    assert "8.314 * T" in text


def test_the_docstring_names_the_parts_of_the_result() -> None:
    assert "Returns (d/dr, d/dsigma).\n" in sd.generate(lennard_jones).text
    second = sd.generate(lennard_jones, emit="hess").text
    assert "Returns ((d2/dr2, d2/drdsigma), (d2/dsigmadr, d2/dsigma2)).\n" in second
    assert "Returns (value, d/dx); d/dx has shape (n,).\n" in (
        sd.generate(squares, emit="value_and_grad", shapes={"x": "n"}).text
    )


def test_without_a_docstring_of_the_users_the_first_line_says_what_is_computed() -> None:
    text = sd.generate(lennard_jones, emit="grad", backend="math").text
    assert '    """Gradient by r, sigma of lennard_jones(r, sigma).\n\n        lennard_jones(r, sigma) = ' in text
    assert '    """Value, and gradient by x, of squares(x).\n\n    For any n' in (
        sd.generate(squares, emit="value_and_grad", shapes={"x": "n"}).text
    )


def squares(x: np.ndarray) -> np.ndarray:
    return np.sum(x * x)
