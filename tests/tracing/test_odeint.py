"""scipy.integrate.odeint in traced functions: exact solutions, SciPy's own values, derivatives by everything."""

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.errors import ExpressionError, OutputError, ShapeError, UnsupportedError
from symdiff.ir.nodes import Ode

integrate = pytest.importorskip("scipy.integrate")
odeint = integrate.odeint
TIMES = np.linspace(0.0, 2.0, 5)


def decay(k: Any, start: Any = 2.0) -> Any:
    """The amount after each time: start * exp(-k t)."""
    return odeint(lambda y, t: -k * y, start, TIMES, rtol=1e-11, atol=1e-11)[:, 0]


def predators(start: Any, theta: Any, times: Any = TIMES) -> Any:
    def slope(state: Any, t: Any, a: Any, b: Any) -> Any:
        prey, hunters = state
        return [a * prey - b * prey * hunters, b * prey * hunters - theta[2] * hunters * math.cos(t)]

    return odeint(slope, start, times, args=(theta[0], theta[1]), rtol=1e-11, atol=1e-11)


START, THETA = np.array([1.0, 0.5]), np.array([1.2, 0.7, 0.9])
SHAPES = {"start": "2", "theta": "3"}


def test_a_solution_comes_from_the_line_of_the_call() -> None:
    """The slope may stand in a line of its own, and is traced in between."""
    (solution,) = [node for node in sd.trace(predators, shapes=SHAPES).program.nodes() if isinstance(node, Ode)]
    assert solution.origin is not None
    assert "return odeint(" in solution.origin.text


def test_values_are_those_of_scipy_to_the_bit() -> None:
    traced = sd.trace(predators, shapes=SHAPES, static=("times",))
    assert np.array_equal(traced(START, THETA), predators(START, THETA))


def test_derivatives_of_an_exact_solution_to_third_order() -> None:
    slope = sd.jacobian(decay, argnum="k", static=("start",))(0.7)
    assert np.allclose(slope, -TIMES * 2.0 * np.exp(-0.7 * TIMES), rtol=1e-8, atol=1e-9)

    def last(k: float) -> Any:
        return decay(k)[-1]

    for order in (1, 2, 3):
        found = sd.derivative(last, order=order)(0.7)
        assert found == pytest.approx((-2.0) ** order * 2.0 * math.exp(-1.4), rel=1e-7)


def test_every_argument_has_its_derivative() -> None:
    by_start, by_theta, by_times = sd.jacobian(
        predators, argnum=("start", "theta", "times"), shapes={**SHAPES, "times": "5"}
    )(START, THETA, TIMES)
    for found, values, place in ((by_start, START, 0), (by_theta, THETA, 1), (by_times, TIMES, 2)):
        for at in range(len(values)):
            step = np.zeros(len(values))
            step[at] = 1e-4
            args = [START, THETA, TIMES]
            ahead, behind = ([*args[:place], args[place] + h, *args[place + 1 :]] for h in (step, -step))
            expected = (predators(*ahead) - predators(*behind)) / 2e-4
            assert np.allclose(found[..., at], expected, rtol=1e-5, atol=1e-6)


def test_forward_and_reverse_agree() -> None:
    tangents = (np.array([0.3, -0.2]), np.array([0.1, 0.5, -0.4]), np.array([0.2, 0.1, -0.3, 0.4, 0.6]))
    weights = np.arange(10.0).reshape(5, 2)
    shapes = {**SHAPES, "times": "5"}
    _, forward = sd.make_jvp(predators, ("start", "theta", "times"))(START, THETA, TIMES)(tangents)
    pull, _ = sd.make_vjp(predators, ("start", "theta", "times"))(START, THETA, TIMES)
    reverse = pull(weights)
    assert np.sum(weights * forward) == pytest.approx(
        sum(np.sum(a * b) for a, b in zip(reverse, tangents, strict=True)), rel=1e-9
    )
    assert sd.jvp(predators, argnum=("start", "theta", "times"), shapes=shapes) is not None


def test_a_hessian_is_symmetric_and_right() -> None:
    def loss(theta: Any) -> Any:
        return np.sum(predators(START, theta) ** 2)

    hessian = sd.hessian(loss, shapes={"theta": "3"})(THETA)
    slopes = sd.grad(loss, shapes={"theta": "3"})
    expected = [(slopes(THETA + step) - slopes(THETA - step)) / 2e-4 for step in 1e-4 * np.eye(3)]
    assert np.allclose(hessian, hessian.T, rtol=1e-8)
    assert np.allclose(hessian, expected, rtol=1e-5)


def test_autograd_gives_the_same() -> None:
    pytest.importorskip("autograd")
    import autograd.numpy as anp
    from autograd import jacobian
    from autograd.builtins import tuple as traced_tuple
    from autograd.scipy.integrate import odeint as autograds

    def slope(y: Any, t: Any, theta: Any, numpy: Any = np) -> Any:
        return numpy.array([y[1] * theta[0], -numpy.sin(y[0]) * theta[1] - 0.1 * t * y[1]])

    def ours(theta: Any) -> Any:
        return odeint(slope, np.array([0.5, 0.1]), TIMES, args=(theta,), rtol=1e-10, atol=1e-10)

    def theirs(theta: Any) -> Any:
        return autograds(
            lambda y, t, p: slope(y, t, p, anp),
            anp.array([0.5, 0.1]),
            TIMES,
            traced_tuple((theta,)),
            rtol=1e-10,
            atol=1e-10,
        )

    theta = np.array([1.1, 0.8])
    assert np.allclose(sd.jacobian(ours, shapes={"theta": "2"})(theta), jacobian(theirs)(theta), rtol=1e-6, atol=1e-7)


def test_the_module_stands_alone_and_states_its_digits(tmp_path: Path) -> None:
    def loss(start: Any, theta: Any) -> Any:
        return np.sum(predators(start, theta) ** 2)

    derivative = sd.grad(loss, argnum=("start", "theta"), shapes=SHAPES)
    source = derivative.source()
    assert "odeint taken as called, derivatives through it to 6 digits" in source
    assert source.count("scipy.integrate.odeint(") == 2  # the states, and all sensitivities together
    (tmp_path / "loss_gradient.py").write_text(source)
    sys.path.insert(0, str(tmp_path))
    try:
        import loss_gradient  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    for found, expected in zip(loss_gradient.loss_grad(START, THETA), derivative(START, THETA), strict=True):
        assert np.allclose(found, expected, rtol=1e-9)


def test_single_precision_is_integrated_in_double() -> None:
    values = sd.trace(predators, shapes=SHAPES, static=("times",))(START.astype(np.float32), THETA.astype(np.float32))
    assert values.dtype == np.float32
    assert np.allclose(values, predators(START, THETA), rtol=1e-5)


def test_branches_in_the_slope_hold() -> None:
    def heated(power: Any) -> Any:
        def slope(y: Any, t: Any) -> Any:
            return [power - y[0] if y[0] < 1.0 else -y[0]] if t < 1.0 else [-y[0] / (1.0 + power)]

        return odeint(slope, [0.2], np.array([0.0, 0.5, 2.0]), hmax=0.1)[-1, 0]

    found = sd.derivative(heated)(0.5)
    assert found == pytest.approx((heated(0.5 + 1e-5) - heated(0.5 - 1e-5)) / 2e-5, rel=1e-3)


def test_time_may_come_first_and_states_may_be_scalars() -> None:
    def growth(rate: Any) -> Any:
        return odeint(lambda t, y: rate * t, 0.0, [0.0, 2.0], tfirst=True)[1, 0]

    assert sd.derivative(growth)(3.0) == pytest.approx(2.0, rel=1e-7)


REFUSED = {
    "a slope of another shape": (lambda k: odeint(lambda y, t: [k, k, k], [0.0, 1.0], TIMES), ShapeError),
    "a state that is a matrix": (lambda k: odeint(lambda y, t: y, k * np.eye(2), TIMES), ShapeError),
    "a slope that is no number": (lambda k: odeint(lambda y, t: "k", [k], TIMES), OutputError),
    "full output": (lambda k: odeint(lambda y, t: k * y, [1.0], TIMES, full_output=True)[0], UnsupportedError),
    "critical times": (lambda k: odeint(lambda y, t: k * y, [k], TIMES, tcrit=[1.0]), UnsupportedError),
    "traced tolerances": (lambda k: odeint(lambda y, t: k * y, [k], TIMES, rtol=k), UnsupportedError),
    "vectors of tolerances": (lambda k: odeint(lambda y, t: k * y, [k], TIMES, rtol=[1e-9]), UnsupportedError),
    "complex states": (lambda k: odeint(lambda y, t: 1j * k * y, [k], TIMES), UnsupportedError),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_rule_is_refused(name: str) -> None:
    function, error = REFUSED[name]
    with pytest.raises(error) as caught:
        sd.trace(function)(1.0)
    assert "test_odeint.py" in str(caught.value)
    assert "fix:" in str(caught.value)


def test_an_integration_of_constants_is_a_constant() -> None:
    def scaled(x: Any) -> Any:
        return x * odeint(lambda y, t: -y, 1.0, [0.0, 1.0])[1, 0]

    assert "scipy" not in sd.trace(scaled).source()
    assert sd.derivative(scaled)(3.0) == odeint(lambda y, t: -y, 1.0, [0.0, 1.0])[1, 0]


def test_there_is_no_formula() -> None:
    with pytest.raises(ExpressionError, match="no closed form"):
        _ = sd.trace(lambda k: decay(k)).expr
