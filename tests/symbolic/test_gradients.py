"""Derivatives of symbols, against closed forms: by inputs, shared variables and expressions, under substitution."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symdiff.errors import ArgumentError, DisconnectedInputError, ScalarOutputError, ShapeError
from symdiff.symbolic import (
    Lop,
    Rop,
    clone,
    disconnected_grad,
    function,
    grad,
    hessian,
    jacobian,
    matrix,
    scalar,
    scan,
    shared,
    vector,
    zero_grad,
)

a, b, c = scalar("a"), scalar("b"), scalar("c")
v, w, A = vector("v"), vector("w"), matrix("A")
GENERATOR = np.random.default_rng(5)


def at(symbols: list[Any], outputs: Any) -> Callable[..., Any]:
    return function(symbols, outputs, on_unused_input="ignore")


class TestGrad:
    def test_one_and_several(self) -> None:
        cost = a**2 * b
        assert at([a, b], grad(cost, a))(3.0, 5.0) == 30.0
        assert at([a, b], grad(cost, [a, b]))(3.0, 5.0) == [30.0, 9.0]

    def test_shared_variables(self) -> None:
        weights = shared(np.array([1.0, 2.0]))
        assert at([v], grad(((v - weights) ** 2).sum(), weights))([2.0, 0.0]).tolist() == [-2.0, 4.0]

    def test_matrices(self) -> None:
        X, y, p = GENERATOR.normal(size=(5, 3)), GENERATOR.normal(size=5), GENERATOR.normal(size=3)
        cost = ((A @ w - v) ** 2).mean()
        found = at([A, v, w], grad(cost, [w, A]))(X, y, p)
        residual = 2 * (X @ p - y) / 5
        np.testing.assert_allclose(found[0], X.T @ residual, rtol=1e-13)
        np.testing.assert_allclose(found[1], np.outer(residual, p), rtol=1e-13)

    def test_higher_orders(self) -> None:
        third = grad(grad(grad(a**5, a), a), a)
        assert at([a], third)(2.0) == 240.0

    def test_stable_forms_are_found_before_differentiation(self) -> None:
        softplus = np.log(1 + np.exp(a))
        assert at([a], [grad(softplus, a), grad(grad(softplus, a), a)])(800.0) == [1.0, 0.0]
        assert at([a], grad(grad(softplus, a), a))(40.0) == 4.248354255291589e-18

    def test_an_expression_is_a_variable_of_its_own(self) -> None:
        s, t = a + 1, a + 1  # equal, and yet two
        assert at([a], grad(s**2 * t, s))(2.0) == 2 * 3.0 * 3.0
        assert at([a], grad(s**2 * t, [s, t, a]))(2.0) == [18.0, 9.0, 27.0]

    def test_by_what_is_made_of_each_other(self) -> None:
        product = a * b
        assert at([a, b], grad(product**2 + a, [a, product]))(2.0, 3.0) == [37.0, 12.0]
        assert at([a, b], grad(grad(product**2 + a, a), product))(2.0, 3.0) == 6.0

    def test_by_the_cost_itself(self) -> None:
        cost = a**2
        assert at([a], grad(cost, [cost, a]))(3.0) == [1.0, 6.0]

    def test_constants_by_declaration(self) -> None:
        s = a**2
        assert at([a], grad(s * a, a, consider_constant=[s]))(3.0) == 9.0
        assert at([a], grad(disconnected_grad(s) * a, a))(3.0) == 9.0
        assert at([a], [zero_grad(s), grad(zero_grad(s) + a, a)])(3.0) == [9.0, 1.0]
        assert at([a], grad(grad(disconnected_grad(a) * a**2, a), a))(3.0) == 6.0

    def test_known_gradients(self) -> None:
        s, t = a**2, b * a
        assert at([a, b], grad(None, [a, b], known_grads={s: 10.0, t: 1.0}))(3.0, 4.0) == [64.0, 3.0]
        assert at([a, b], grad(s + t, a, known_grads={t: 100.0}))(3.0, 4.0) == 406.0
        assert at([a], grad(None, [s, a], known_grads={s: a}))(3.0) == [3.0, 18.0]

    def test_what_does_not_depend(self) -> None:
        for cost, wrt in ((a**2, b), (disconnected_grad(b) * a, b), (np.exp(a), [a, b])):
            with pytest.raises(DisconnectedInputError, match="the cost is not made of b"):
                grad(cost, wrt)
            with pytest.warns(UserWarning, match="the cost is not made of b"):
                grad(cost, wrt, disconnected_inputs="warn")
        assert at([a, b], grad(a**2, [b, a], disconnected_inputs="ignore"))(3.0, 4.0) == [0.0, 6.0]
        with pytest.raises(ArgumentError):
            grad(a, a, disconnected_inputs="no")  # type: ignore[arg-type]

    def test_what_is_no_scalar_is_refused_with_the_line(self) -> None:
        slope = at([v], grad(v**2, v))
        with pytest.raises(ScalarOutputError, match=r"this one has shape \(2,\)") as caught:
            slope([1.0, 2.0])
        assert "slope = at([v], grad(v**2, v))" in str(caught.value)

    @pytest.mark.parametrize("wrong", [3.0, "a", [], [a, None]])
    def test_what_is_no_symbol_is_refused(self, wrong: Any) -> None:
        with pytest.raises(ArgumentError):
            grad(a**2, wrong)
        with pytest.raises(ArgumentError):
            grad(None, a)


class TestSubstitution:
    """A derivative is that of the expression as it was written, at what stands in the place of its symbols."""

    def test_of_an_input(self) -> None:
        slope = grad(a**3, a)
        assert at([b], clone(slope, {a: b + 1}))(1.0) == 12.0
        assert function([b], slope, givens={a: b + 1})(1.0) == 12.0

    def test_of_an_expression_on_the_way(self) -> None:
        product = a * b
        slope = grad(product**2 + a, a)  # 2 * product * b + 1
        assert function([a, b, c], slope, givens={product: c}, on_unused_input="ignore")(2.0, 3.0, 10.0) == 61.0
        assert function([b, c], clone(slope, {product: c, a: c}))(3.0, 10.0) == 61.0

    def test_nothing_goes_through_what_stands_in_place(self) -> None:
        slope = grad(a * b, b)
        assert function([b], slope, givens={a: b**2})(3.0) == 9.0

    def test_and_what_is_cloned_is_differentiated_again(self) -> None:
        assert at([b], grad(clone(a**2, {a: b**2}), b))(2.0) == 32.0
        assert at([b], grad(clone(grad(a**3, a), {a: b**2}), b))(2.0) == 96.0


class TestProducts:
    def test_left_and_right(self) -> None:
        M, p, t = GENERATOR.normal(size=(2, 3)), GENERATOR.normal(size=3), GENERATOR.normal(size=3)
        g = GENERATOR.normal(size=2)
        outputs = np.tanh(A @ v)
        local = (1 - np.tanh(M @ p) ** 2)[:, None] * M
        np.testing.assert_allclose(at([A, v, w], Lop(outputs, v, w))(M, p, g), g @ local, rtol=1e-13)
        np.testing.assert_allclose(at([A, v, w], Rop(outputs, v, w))(M, p, t), local @ t, rtol=1e-13)

    def test_several(self) -> None:
        assert at([a, b], Lop([a * b, a + b], [a, b], [10.0, 1.0]))(2.0, 3.0) == [31.0, 21.0]
        assert at([a, b], Rop([a * b, a + b], [a, b], [10.0, 1.0]))(2.0, 3.0) == [32.0, 11.0]
        product = a * b
        assert at([a, b], Rop(product**2, [product], [1.0]))(2.0, 3.0) == 12.0
        assert at([a, b, c], clone(Rop(product**2, a, 1.0), {product: c}))(2.0, 3.0, 10.0) == 60.0

    def test_points_that_do_not_fit(self) -> None:
        with pytest.raises(ArgumentError):
            Lop([a, b], [a, b], [1.0])
        with pytest.raises(ArgumentError):
            Rop(a * b, [a, b], [1.0])
        with pytest.raises(ShapeError):
            at([v, w], Rop(v**2, v, w))([1.0, 2.0], [1.0])


class TestWholeDerivatives:
    def test_jacobian(self) -> None:
        M, p = GENERATOR.normal(size=(2, 3)), GENERATOR.normal(size=3)
        outputs = np.tanh(A @ v)
        by_v, by_matrix = at([A, v], jacobian(outputs, [v, A]))(M, p)
        slope = 1 - np.tanh(M @ p) ** 2
        np.testing.assert_allclose(by_v, slope[:, None] * M, rtol=1e-13)
        np.testing.assert_allclose(by_matrix, np.einsum("i,ij,k->ijk", slope, np.eye(2), p), rtol=1e-13)

    def test_hessian(self) -> None:
        p = GENERATOR.normal(size=3)
        cost = np.exp(v).sum() + v[0] * v[1] * w.sum()
        by_v, by_w = at([v, w], hessian(cost, [v, w], disconnected_inputs="ignore"))(p, [1.0, 2.0])
        expected = np.diag(np.exp(p))
        expected[0, 1] = expected[1, 0] = 3.0
        np.testing.assert_allclose(by_v, expected, rtol=1e-13)
        assert np.array_equal(by_w, np.zeros((2, 2)))

    def test_by_an_expression(self) -> None:
        s = v * 2
        found = at([v], [jacobian(s**2, s), hessian((s**3).sum(), s)])([1.0, 2.0])
        assert found[0].tolist() == [[4.0, 0.0], [0.0, 8.0]] and found[1].tolist() == [[12.0, 0.0], [0.0, 24.0]]

    def test_a_hessian_of_many_is_refused(self) -> None:
        with pytest.raises(ScalarOutputError):
            at([v], hessian(v**2, v))([1.0, 2.0])


def test_through_a_loop() -> None:
    states, _ = scan(lambda element, state: state * a + element, sequences=v, outputs_info=b)
    found = at([a, b, v], [states[-1], *grad(states[-1], [a, b, v])])(2.0, 3.0, [1.0, 10.0])
    assert found[:3] == [24.0, 13.0, 4.0] and found[3].tolist() == [2.0, 1.0]


def test_inside_a_loop() -> None:
    """Newton's method, whose step differentiates."""

    def step(guess: Any) -> Any:
        residual = guess**2 - a
        return guess - residual / grad(residual, guess)

    guesses, _ = scan(step, outputs_info=1.0, n_steps=6)
    root, slope = at([a], [guesses[-1], grad(guesses[-1], a)])(2.0)
    assert root == pytest.approx(np.sqrt(2.0), rel=1e-15)
    assert slope == pytest.approx(0.5 / np.sqrt(2.0), rel=1e-12)
