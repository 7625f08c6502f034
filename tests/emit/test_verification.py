"""What is wrong is found, what is right passes, and cancellation in the formula is not held against the code."""

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.build.generate import generate
from symdiff.calculus import derivatives
from symdiff.emit.arithmetic import ARITHMETICS, Machine, reference
from symdiff.emit.differences import Claim, agrees
from symdiff.emit.effort import operations
from symdiff.emit.exact import exact_outputs
from symdiff.emit.extended import computes_extended
from symdiff.emit.sampling import points
from symdiff.emit.ulp import stated_bound
from symdiff.emit.verification import Accuracy, verify
from symdiff.errors import ConfigurationError, VerificationError
from symdiff.ir.program import Program
from symdiff.ir.sizes import names_of_inputs
from symdiff.ops.table import OPS
from symdiff.tracing import trace_function

Pass = Callable[..., Program]

PASSES: dict[str, Pass] = {
    "grad": derivatives.gradient,
    "value_and_grad": derivatives.value_and_gradient,
    "hess": derivatives.hessian,
    "jac": derivatives.jacobian,
    "jvp": derivatives.jvp,
    "vjp": derivatives.vjp,
    "hvp": derivatives.hvp,
}


def wave(x: Any, y: Any) -> Any:
    return np.sin(x * y) * np.exp(-x) / (y + 2.0)


def other(x: Any, y: Any) -> Any:
    return np.sin(x * y) * np.exp(-x) / (y + 2.0 + 1e-9)


def bowl(x: Any, y: Any) -> Any:
    return np.sum(x * x) * y + x[0] * x[1] * x[2]


def deep(x: Any, y: Any) -> Any:
    return np.sum(x * x) * y + x[0] * x[1] * x[2] * (1.0 + 1e-9)


CASES = [(wave, other, None), (bowl, deep, {"x": 3})]


def leaves_for(program: Program) -> list[Any]:
    generator = np.random.default_rng(3)
    return [generator.uniform(0.3, 1.2, node.shape) if node.shape else 0.7 for node in program.inputs]


def holds(claim: Claim, leaves: list[Any]) -> bool:
    values, arithmetic = reference(claim.program, leaves, None)
    return agrees(claim, leaves, values, random.Random(0), arithmetic)


@pytest.mark.parametrize("kind", PASSES)
@pytest.mark.parametrize(("right", "wrong", "shapes"), CASES, ids=["scalars", "a vector"])
def test_derivatives_are_told_from_those_of_another_function(
    right: Callable[..., Any], wrong: Callable[..., Any], shapes: Any, kind: str
) -> None:
    """A billionth in one place shows, in every kind of derivative."""
    primal = trace_function(right, shapes=shapes)
    near = trace_function(wrong, shapes=shapes)
    wrt = ("x", "y")
    claim = Claim(kind, primal, PASSES[kind](primal, wrt), wrt)
    false = Claim(kind, primal, PASSES[kind](near, wrt), wrt)
    leaves = leaves_for(claim.program)
    assert holds(claim, leaves)
    assert not holds(false, leaves)


@pytest.mark.parametrize("order", range(5))
def test_elementwise_derivatives_of_any_order(order: int) -> None:
    primal = trace_function(wave)
    claim = Claim("derivative", primal, derivatives.elementwise(primal, ("x", "y"), order), ("x", "y"), order)
    false = Claim("derivative", primal, derivatives.elementwise(primal, ("x", "y"), order + 1), ("x", "y"), order)
    assert holds(claim, [0.3, 0.7])
    assert not holds(false, [0.3, 0.7])


def test_at_a_kink_the_policy_holds() -> None:
    primal = trace_function(lambda x: abs(x) * 3.0)
    claim = Claim("grad", primal, derivatives.gradient(primal, ("x",)), ("x",))
    assert holds(claim, [0.0])


def claim_of(function: Callable[..., Any]) -> Claim:
    program = trace_function(function)
    return Claim("value", program, program)


def test_right_code_passes() -> None:
    text = "import math\ndef f(x, y):\n    return math.sin(x * y) * math.exp(-x) / (y + 2.0)\n"
    accuracy = verify(text, {"f": claim_of(wave)})
    assert accuracy.error < 4
    assert accuracy.points == 16
    assert accuracy.sampled


@pytest.mark.parametrize(
    "line",
    [
        "return math.sin(x * y) * math.exp(-x) / (y + 2.0) * (1.0 + 1e-13)",
        "return math.sin(y * y) * math.exp(-x) / (y + 2.0)",
        "return math.nan",
        "return 1.0 if x > 1.0 else math.sin(x * y) * math.exp(-x) / (y + 2.0)",
        "return math.log(-1.0)",
        "return 1.0 / 0.0",
    ],
)
def test_wrong_code_does_not(line: str) -> None:
    with pytest.raises(VerificationError, match="f is off by"):
        verify(f"import math\ndef f(x, y):\n    {line}\n", {"f": claim_of(wave)})


def test_the_limit_is_the_limit() -> None:
    text = "def f(x):\n    return x / 3.0 * (1.0 + 2.0**-49)\n"
    claim = claim_of(lambda x: x / 3.0)
    found = verify(text, {"f": claim})
    assert 8.0 <= found.error <= 17.0
    with pytest.raises(VerificationError, match="the limit is 4"):
        verify(text, {"f": claim}, limit=4.0)


def test_cancellation_in_the_formula_is_measured() -> None:
    """(1 + x) - 1 loses eight digits at 1e-8: by the formula, not by the code."""
    text = "def f(x):\n    return (1.0 + x) - 1.0\n"
    found = verify(text, {"f": claim_of(lambda x: (1.0 + x) - 1.0)}, at=[{"x": 1.1e-8}])
    assert found.error <= 16.0
    assert found.plain_error > 1e6
    assert "magnifies rounding" in str(found)
    with pytest.raises(VerificationError):  # the same digits lost where the formula does not lose them
        verify(text, {"f": claim_of(lambda x: x * 1.0 + 0.0 * x)}, at=[{"x": 1.1e-8}])


def test_a_formula_that_cancels_hundreds_of_digits_is_evaluated_with_more() -> None:
    program = trace_function(lambda x: 0.5 * (1.0 + math.erf(x)))
    (value,), digits = exact_outputs(program, [-20.0])
    assert float(value) == pytest.approx(math.erfc(20.0) / 2.0, rel=1e-13)
    assert digits >= 400


def test_zeros_off_a_diagonal_take_no_more_digits() -> None:
    program = derivatives.hessian(trace_function(lambda x: np.sum(x * np.sin(x)), shapes={"x": 3}), ["x"])
    (value,), digits = exact_outputs(program, [np.array([0.3, 0.7, 1.1])])
    assert np.count_nonzero(value) == 3
    assert digits == 50


def test_a_zero_that_cancellation_left_beside_others_is_found_out() -> None:
    program = trace_function(lambda x: np.array([0.0 * x, 1.0 + math.erf(x)]))
    (value,), digits = exact_outputs(program, [-20.0])
    assert float(value[1]) == pytest.approx(math.erfc(20.0), rel=1e-13)
    assert digits >= 400


def test_a_zero_is_a_zero() -> None:
    program = trace_function(lambda x: max(x, 0.0))
    (value,), _ = exact_outputs(program, [-1.0])
    assert value == 0


def test_arrays_and_structures_are_compared_leaf_by_leaf() -> None:
    program = trace_function(lambda x: {"a": x[0] + x[1], "b": x * 2.0}, shapes={"x": 2})
    claim = Claim("value", program, program)
    right = "def f(x):\n    return {'a': x[0] + x[1], 'b': x * 2.0}\n"
    verify(right, {"f": claim})
    for wrong in ("x[:1] * 2.0", "x[::-1] * 2.0", "2.0"):
        with pytest.raises(VerificationError):
            verify(right.replace("x * 2.0", wrong), {"f": claim})


@pytest.mark.parametrize(
    ("function", "inside"),
    [
        (lambda x: math.log(x - 200.0), lambda x: x > 200.0),
        (lambda x: math.asin(x), lambda x: -1.0 <= x <= 1.0),
        (lambda x: math.acosh(x), lambda x: x >= 1.0),
        (lambda x: math.sqrt(-x), lambda x: x <= 0.0),
    ],
)
def test_points_are_where_the_function_is_finite(
    function: Callable[[Any], Any], inside: Callable[[float], bool]
) -> None:
    program = trace_function(function)
    found = points(program, 8)
    assert 0 < len(found) <= 8
    assert all(inside(leaves[0]) for leaves in found)
    assert found == points(program, 8)


def test_points_are_near_the_defaults() -> None:
    def f(x: Any, pressure: Any = 101325.0) -> Any:
        return x * pressure

    assert all(5e4 < pressure < 2e5 for _, pressure in points(trace_function(f), 8))


def test_points_of_the_users() -> None:
    program = trace_function(wave)
    assert points(program, 16, [{"x": 1, "y": 2.5}]) == [[1.0, 2.5]]
    with pytest.raises(ConfigurationError, match="names 'z'"):
        points(program, 16, [{"x": 1.0, "z": 2.0}])
    with pytest.raises(ConfigurationError, match="has shape"):
        points(program, 16, [{"x": [1.0], "y": 2.0}])


def test_what_is_stated_can_be_recognised() -> None:
    for error, plain in ((0.7, 0.7), (3.0, 1e5), (1.0, 1e300)):
        accuracy = Accuracy(error, plain, 16, sampled=True)
        assert Accuracy.is_stated(str(accuracy))
    assert not Accuracy.is_stated("within 0 ULP, trust me")


@pytest.mark.parametrize("kind", ["hess", "jvp"])
def test_constants_of_nature_take_steps_of_their_size(kind: str) -> None:
    """A step of 1e-21 is small beside 1, and larger than Planck's constant."""

    def planck(nu, T=300.0, h=6.62607015e-34, k=1.380649e-23, c=299792458.0):  # type: ignore[no-untyped-def]
        return 2 * h * nu**3 / c**2 / math.expm1(h * nu / (k * T))

    module = generate(planck, emit=kind, backend="math")
    assert module.accuracy is not None


def test_a_point_without_a_finite_value_is_not_counted_as_proof() -> None:
    module = sd.generate(lambda x: x**0.5, emit="grad", backend="math", verify={"at": [{"x": 0.0}, {"x": 4.0}]})
    assert module.accuracy is not None
    assert module.accuracy.points == 1


def creeping(x: Any) -> Any:
    s = x
    while s - x < 1e-15:
        s = s + 1e-17
    return s


@pytest.mark.parametrize("backend", ["math", "numpy"])
def test_a_loop_that_rounding_keeps_from_ending_does_not_hold_up_the_proof(backend: str) -> None:
    """1 + 1e-17 is 1 in floats, and more than 1 where the code is compared."""
    accuracy = sd.generate(creeping, backend=backend, verify={"at": [{"x": 1.0}, {"x": 0.001}]}).accuracy
    assert accuracy is not None
    assert accuracy.points == 1


def test_rounds_are_counted_for_each_call() -> None:
    text = "def f(x):\n    for _ in range(40_000):\n        x = -x\n    return x\n"
    assert verify(text, {"f": claim_of(lambda x: x * 1.0)}).points == 16


LARGE = {"params": [((60, 40), (40,)), ((40, 10), (10,))], "X": (32, 60), "Y": (32, 10)}
FLOATS = {"extended": np.longdouble, "double": np.float64}


def network(params: Any, X: Any, Y: Any) -> Any:
    hidden = X
    for W, b in params[:-1]:
        hidden = np.tanh(hidden @ W + b)
    W, b = params[-1]
    scores = hidden @ W + b
    return np.sum(np.log(np.sum(np.exp(scores), axis=1))) - np.sum(Y * scores)


def other_network(params: Any, X: Any, Y: Any) -> Any:
    (W, _), _ = params
    return network(params, X, Y) * (1.0 + 1e-4 * np.tanh(W[3, 5]))


def smooth(x: Any, y: Any) -> Any:
    return np.sum(np.tanh(x * y) * x)


def less_smooth(x: Any, y: Any) -> Any:
    return np.sum(np.tanh(x * y) * x) + 1e-2 * np.sum(x**3)


def test_large_arrays_are_proven_by_floats_and_not_in_vain() -> None:
    """What would take mpmath minutes takes a second, and the code of another function is told from the right one."""
    module = generate(network, wrt="params", emit="value_and_grad", shapes=LARGE)
    expected = ARITHMETICS[1 if np.finfo(np.longdouble).nmant > 60 else 2]
    assert f"# accuracy  within {stated_bound(module.accuracy.error)} ULP of {expected} at " in module.text  # type: ignore[union-attr]
    primal = trace_function(network, shapes=LARGE)
    claim = Claim("value_and_grad", primal, derivatives.value_and_gradient(primal, ("params",)), ("params",))
    broken = module.text.replace("np.tanh(", "1.0000001 * np.tanh(", 1)
    assert broken != module.text
    with pytest.raises(VerificationError, match="is off by"):
        verify(broken, {"network_value_and_grad": claim})


@pytest.mark.parametrize("real", FLOATS)
def test_wrong_derivatives_of_large_arrays_are_found_by_floats(real: str) -> None:
    machine = Machine(FLOATS[real])
    cases: list[tuple[Any, Any, Any, tuple[str, ...], str]] = [
        (network, other_network, LARGE, ("params",), "value_and_grad"),
        *((smooth, less_smooth, {"x": 400}, ("x", "y"), kind) for kind in ("grad", "hess", "jvp", "vjp", "hvp")),
    ]
    for right, wrong, shapes, wrt, kind in cases:
        primal, near = trace_function(right, shapes=shapes), trace_function(wrong, shapes=shapes)
        claim = Claim(kind, primal, PASSES[kind](primal, wrt), wrt)
        false = Claim(kind, primal, PASSES[kind](near, wrt), wrt)
        generator = np.random.default_rng(1)
        leaves = [generator.uniform(0.1, 0.5, node.shape)[()] for node in claim.program.inputs]
        for told, is_right in ((claim, True), (false, False)):
            values, arithmetic = reference(told.program, leaves, machine)
            assert agrees(told, leaves, values, random.Random(0), arithmetic) is is_right, (kind, right)


def test_without_a_longer_double_the_proof_is_in_double_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symdiff.emit.extended._BITS", 52)
    module = generate(network, wrt="params", emit="value_and_grad", shapes=LARGE)
    assert Accuracy.is_stated(str(module.accuracy))
    assert "ULP of another evaluation in double precision at" in module.text


def test_operations_that_know_doubles_only_are_seen_to() -> None:
    assert not computes_extended(OPS["erf"])
    assert not computes_extended(OPS["digamma"])
    if np.finfo(np.longdouble).nmant > 60:
        assert all(computes_extended(OPS[name]) for name in ("exp", "tanh", "log1p", "softplus", "where", "power"))


def test_a_proof_is_as_large_as_its_contractions() -> None:
    program = trace_function(lambda A, B: np.sum(A @ B), shapes={"A": "n k", "B": "k m"})
    n, k, m = (name for name in names_of_inputs(program))
    assert 60_000 <= operations(program, {n: 40, k: 50, m: 30}) <= 130_000


def test_lengths_that_a_backend_refuses_are_no_points_of_the_proof() -> None:
    def steps(x):
        return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)

    module = sd.generate(steps, emit="hess", shapes={"x": "n"}, backend="numexpr")
    assert "ULP of mpmath at" in module.text


AGES = np.array([77.6, 190.8, 289.0, 434.8, 593.1, 760.0])
YIELDS = np.array([10.1, 23.9, 35.2, 50.8, 66.4, 81.8])


def growth(b: np.ndarray) -> float:
    """Rat42 of NIST's nonlinear regressions: `exp` overflows at most points, and its stable form does not."""
    return np.sum((YIELDS - b[0] / (1.0 + np.exp(b[1] - b[2] * AGES))) ** 2)


@pytest.mark.parametrize("kind", ["grad", "hess"])
def test_a_formula_that_overflows_has_the_noise_of_its_stable_form(kind: str) -> None:
    assert "of mpmath at" in sd.generate(growth, wrt="b", emit=[kind], shapes={"b": (3,)}).text


def ionised(temperature: float, density: float = 1e20) -> float:
    """Saha's equation: below 200 K nothing is ionised in double precision, and the root has no slope there."""
    x = temperature**1.5 * math.exp(-157_800.0 / temperature) * 2.4e21 / density
    return (math.sqrt(x * x + 4.0 * x) - x) / 2.0


def test_where_a_formula_is_not_computed_at_all_the_points_are_to_be_named() -> None:
    with pytest.raises(VerificationError) as caught:
        sd.generate(ionised, wrt="temperature", emit=["grad"])
    assert 'verify={"at": [{"temperature": …, "density": …}]}' in str(caught.value)
    named = {"at": [{"temperature": 8000.0, "density": 1e20}]}
    assert "at 1 given point" in sd.generate(ionised, wrt="temperature", emit=["grad"], verify=named).text


def test_counters_have_no_noise() -> None:
    """Moved by a rounding error, a counter made a round more, and picked an element that is not there."""

    def first_large(x):
        i = 0
        while i < 5 and x[i] < 1.0:
            i += 1
        return x[i] ** 2 + i * x[0]

    module = sd.generate(first_large, wrt="x", emit=["value", "grad"], shapes={"x": 5})
    assert "within" in module.text
