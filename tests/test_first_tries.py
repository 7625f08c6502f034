"""What a newcomer tries first on functions of arrays: the source without shapes, a default count, a notebook cell."""

import re
from typing import Any

import numpy as np
import pytest

import symdiff as sd


def logistic_loss(w: Any, X: Any, y: Any) -> Any:
    return np.mean(np.logaddexp(0.0, -y * (X @ w)))


def beale(x: Any) -> Any:
    return (1.5 - x[0] + x[0] * x[1]) ** 2 + (2.25 - x[0] + x[0] * x[1] ** 2) ** 2


def first_length(x: Any) -> Any:
    return x.shape[0] * 1.0


def refusing(x: float) -> float:
    raise ValueError("no")


SHAPES = {"w": "d", "X": "n d", "y": "n"}


@pytest.mark.parametrize("function", [logistic_loss, beale, first_length])
def test_an_array_function_without_shapes_is_told_to_state_them(function: Any) -> None:
    with pytest.raises(sd.TraceError) as caught:
        sd.trace(function)
    assert "as no shape is stated" in (caught.value.why or "")
    fix = re.match(r"shapes=(\{.*?\})", caught.value.fix or "")
    assert fix is not None
    assert fix[1] in ('{"w": "n"}', '{"x": "n"}')


def test_the_fix_works_as_it_is_pasted() -> None:
    with pytest.raises(sd.TraceError) as caught:
        sd.grad(beale).source()
    assert 'shapes={"x": "n"}' in (caught.value.fix or "")
    assert "def beale_grad" in sd.grad(beale, shapes={"x": "n"}).source()  # though it takes two elements at least


def test_what_the_function_raises_itself_is_no_question_of_shapes() -> None:
    with pytest.raises(sd.TraceError) as caught:
        sd.trace(refusing)
    assert "shape" not in str(caught.value)


def test_a_list_as_a_shape_is_explained() -> None:
    with pytest.raises(sd.TraceError) as caught:
        sd.trace(lambda x: x[:, 0].sum(), shapes={"x": [5, 3]})
    assert "x is a list of arrays" in (caught.value.why or "")


def steps(rate: Any, start: Any, count: int = 3) -> Any:
    for _ in range(count):
        start = start * rate
    return np.sum(start)


def test_a_count_may_be_a_default() -> None:
    slope = sd.grad(steps)
    assert slope(2.0, np.ones(2)) == 24.0
    assert slope(2.0, np.ones(2), 2) == 8.0
    assert slope(2.0, np.ones(2)) == 24.0


def test_a_notebook_shows_what_has_no_formula_yet() -> None:
    assert set(sd.grad(logistic_loss)._repr_mimebundle_()) == {"text/plain"}
    assert set(sd.trace(logistic_loss, shapes=SHAPES)._repr_mimebundle_()) == {"text/plain"}
    assert set(sd.grad(lambda x: x**2)._repr_mimebundle_()) == {"text/plain", "text/latex"}


def test_a_diagonal_is_written_as_one() -> None:
    text = sd.jacobian(lambda x: np.sin(x), shapes={"x": "n"}).source()
    assert text.rstrip().endswith("return np.diag(np.cos(x))")
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    assert namespace["f_jac"](np.zeros(2, np.float32)).dtype == np.float32


def test_matrix_products_and_elementwise_ones_are_kept_apart() -> None:
    text = sd.hvp(logistic_loss, shapes=SHAPES).source()
    assert text.rstrip().endswith("return ((X @ vector) * y * _bell(y * (X @ w)) / n * y) @ X")
    chain = sd.lambdify(lambda a, b: a @ b @ a, shapes={"a": "n n", "b": "n n"})
    assert np.array_equal(chain(np.eye(2), np.ones((2, 2))), np.ones((2, 2)))


class Spring:
    def energy(self, x: Any) -> Any:
        return 0.5 * self.stiffness * x**2

    stiffness = 3.0


def test_a_method_without_its_object_is_told_to_take_that_of_an_object() -> None:
    with pytest.raises(sd.TraceError) as caught:
        sd.derivative(Spring.energy, wrt="x")
    assert "self is the object that a method belongs to" in (caught.value.why or "")
    assert "sd.derivative(object.method)" in (caught.value.fix or "")
    assert sd.derivative(Spring().energy)(2.0) == 6.0
