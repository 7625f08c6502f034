"""Python functions of arrays on symbols; arrays made of lengths; shapes that are taken apart."""

import numpy as np
import pytest
import scipy.special

import symdiff as sd
from symdiff.errors import ArgumentError, ConversionError, ShapeError, SymbolError, TraceError
from symdiff.symbolic import (
    apply,
    arange,
    eye,
    full,
    function,
    grad,
    iscalar,
    matrix,
    ones,
    pp,
    scalar,
    shared,
    tensor3,
    tensor5,
    vector,
    zeros,
)

x, v, A = scalar("x"), vector("v"), matrix("A")
GIVEN = np.random.default_rng(0).normal(size=(3, 4))


def clipped(z: float) -> float:
    if z > 1.0:
        return 1.0
    return z * z


class TestApply:
    def test_functions_of_scipy(self) -> None:
        p = apply(scipy.special.softmax, A, axis=1)
        value, slope = function([A], [p, grad((p**2).sum(), A)])(3 * GIVEN)
        expected = scipy.special.softmax(3 * GIVEN, axis=1)
        assert np.allclose(value, expected, rtol=1e-14)
        inner = (2 * expected * expected).sum(axis=1, keepdims=True)
        assert np.allclose(slope, expected * (2 * expected - inner), rtol=1e-12, atol=1e-300)
        assert pp(p) == "softmax(A, axis=1)"

    def test_functions_with_branches(self) -> None:
        y = apply(clipped, x)
        f = function([x], [y, grad(y, x)])
        assert f(0.5) == [0.25, 1.0] and f(3.0) == [1.0, 0.0]

    def test_derivatives_of_symdiff(self) -> None:
        assert function([x], apply(sd.derivative(lambda t: t**3), x) + x)(2.0) == 14.0

    def test_values_that_decide(self) -> None:
        def upper(values: np.ndarray) -> np.ndarray:
            return values[values > 0.0]

        f = function([v], [apply(upper, v), grad((apply(upper, v) ** 2).sum(), v)])
        for given in ([1.0, -1.0], [1.0, 2.0]):
            picked, slope = f(given)
            assert picked.tolist() == [value for value in given if value > 0]
            assert slope.tolist() == [2 * max(value, 0.0) for value in given]

    def test_refusals(self) -> None:
        with pytest.raises(ArgumentError, match="3 is not a function"):
            apply(3, x)  # type: ignore[arg-type]
        with pytest.raises(ConversionError, match="a symbol was asked to become a NumPy array") as caught:
            scipy.special.softmax(A)
        assert "apply(function, x)" in str(caught.value)
        assert caught.value.origin is not None and caught.value.origin.code.co_filename == __file__


class TestArraysOfLengths:
    def test_of_the_lengths_of_a_call(self) -> None:
        n, d = A.shape
        made = [zeros(A.shape), ones((n, 2)), full((d,), A.sum()), eye(n), eye(n, d, 1), arange(n), arange(1, d + 1)]
        found = function([A], made)(GIVEN)
        expected = [np.zeros((3, 4)), np.ones((3, 2)), np.full(4, GIVEN.sum()), np.eye(3), np.eye(3, 4, 1)]
        expected += [np.arange(3), np.arange(1, 5)]
        for got, want in zip(found, expected, strict=True):
            assert got.shape == want.shape and np.allclose(got, want, rtol=1e-15)

    def test_of_open_lengths(self) -> None:
        named = matrix("named", shape=("n", "d"))
        rows, columns = named.shape
        f = function([named], named @ zeros((columns, 2)) + ones((rows, 1)) + eye(rows)[:, :1] + arange(rows)[:, None])
        assert "np.arange" in f.source()
        assert f(GIVEN).tolist() == [[2.0, 2.0], [2.0, 2.0], [3.0, 3.0]]

    def test_numpy_s_own_take_none(self) -> None:
        with pytest.raises(ConversionError, match="a symbol was asked to become a length") as caught:
            np.zeros(A.shape[0])  # type: ignore[call-overload]
        assert "zeros, ones, full, eye and arange" in str(caught.value)


class TestShapes:
    def test_flattened_to_some_axes(self) -> None:
        t = tensor3("t")
        given = np.arange(24.0).reshape(2, 3, 4)
        found = function([t], [t.flatten(), t.flatten(2), t.flatten(3)])(given)
        assert [each.shape for each in found] == [(24,), (2, 12), (2, 3, 4)]
        with pytest.raises(ShapeError, match="no 4 axes to flatten to"):
            function([t], t.flatten(4))(given)
        assert tensor5("five").ndim == 5

    def test_dimshuffle_makes_and_drops_axes(self) -> None:
        assert function([x], x.dimshuffle("x", "x"))(2.0).tolist() == [[2.0]]
        assert function([A], A.dimshuffle(1))([[1.0, 2.0]]).tolist() == [1.0, 2.0]
        assert function([A], A.dimshuffle("x", 1, 0))(GIVEN).tolist() == GIVEN.T[None].tolist()
        with pytest.raises(ShapeError, match="drops an axis"):
            function([A], A.dimshuffle(1))(GIVEN)

    def test_unpacked(self) -> None:
        rows, columns = (A @ A.T).shape
        assert function([A], rows * 10 + columns)(GIVEN) == 33.0
        first, second = vector("pair", shape=(2,))
        assert pp(first - second) == "(pair[0] - pair[1])"
        with pytest.raises(ConversionError, match="a symbol was asked to become a sequence"):
            _, _ = v


class TestCopies:
    def test_with_another_state(self) -> None:
        state, other, inc = shared(0, name="state"), shared(0, name="other"), iscalar("inc")
        accumulator = function([inc], state, updates=[(state, state + inc)])
        accumulator(10)
        assert accumulator.copy(swap={state: other})(100) == 0.0
        assert (state.get_value(), other.get_value()) == (10, 100)
        assert accumulator.copy(delete_updates=True)(9000) == 10.0 and state.get_value() == 10

    def test_what_stands_in_the_place_of_an_input(self) -> None:
        data, more = shared(np.ones(3), name="data"), shared(np.full(2, 5.0), name="more")
        total = function([], v.sum(), givens={v: 2 * data})
        assert total() == 6.0 and total.copy(swap={data: more})() == 20.0

    def test_refusals(self) -> None:
        state, other = shared(0, name="state"), shared(0, name="other")
        f = function([], state + 1)
        with pytest.raises(SymbolError, match="does not use the shared variable other"):
            f.copy(swap={other: state})
        with pytest.raises(SymbolError, match="only shared variables are swapped"):
            f.copy(swap={state: x})
        with pytest.raises(ShapeError, match="data is a vector, and is to take the place of the scalar state"):
            f.copy(swap={state: shared(np.zeros(2), name="data")})


def test_python_s_own_refusals_name_the_types_of_the_user() -> None:
    with pytest.raises(TraceError, match=r"'numpy\.ndarray' and 'numpy\.ndarray'"):
        function([A], A & A)(GIVEN)
