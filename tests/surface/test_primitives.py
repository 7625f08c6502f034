"""Primitives: opaque to tracing, differentiable by the rules that are given, importable or inlined in files."""

import math
import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.ir.nodes import Call

autograd = pytest.importorskip("autograd")
POINT = np.array([1.5, 6.7, 1e-10])


def plain_logsumexp(x: Any) -> Any:
    largest = np.max(x)
    return largest + np.log(np.sum(np.exp(x - largest)))


def fresh() -> sd.primitive:
    return sd.primitive(plain_logsumexp)


def autograd_logsumexp() -> Any:
    """The same primitive with the same rule in autograd."""
    import autograd.numpy as anp
    from autograd.extend import defvjp, primitive

    logsumexp = primitive(plain_logsumexp)
    defvjp(logsumexp, lambda ans, x: lambda g: anp.full(x.shape, g) * anp.exp(x - anp.full(x.shape, ans)))
    return logsumexp


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of primitives, importable by its name as a user's is."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.delitem(sys.modules, "primitive_models", raising=False)
    import primitive_models  # type: ignore[import-not-found]

    return primitive_models


class TestRules:
    def test_autograds_convention_gives_autograds_numbers(self) -> None:
        logsumexp, theirs = fresh(), autograd_logsumexp()
        sd.defvjp(logsumexp, lambda ans, x: lambda g: np.full(x.shape, g) * np.exp(x - np.full(x.shape, ans)))
        ours = lambda y: logsumexp(y**2)  # noqa: E731
        np.testing.assert_allclose(sd.grad(ours)(POINT), autograd.grad(lambda y: theirs(y**2))(POINT), rtol=1e-14)
        np.testing.assert_allclose(
            sd.hessian(ours)(POINT), autograd.hessian(lambda y: theirs(y**2))(POINT), rtol=1e-9, atol=1e-13
        )

    @pytest.mark.parametrize("how", ["defvjp", "defjvp", "vjp", "jvp"])
    def test_every_way_to_give_a_rule(self, how: str) -> None:
        logsumexp = fresh()
        if how == "defvjp":
            sd.defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))
        elif how == "defjvp":
            sd.defjvp(logsumexp, lambda g, ans, x: np.sum(g * np.exp(x - ans)))
        elif how == "vjp":
            logsumexp.vjp(lambda g, x: g * np.exp(x - logsumexp(x)))
        else:
            logsumexp.jvp(lambda tangents, x: np.sum(tangents[0] * np.exp(x - logsumexp(x))))
        sd.check_grads(lambda y: logsumexp(y**2), order=2)(np.array([0.3, -1.2, 0.8]))

    def test_slopes_of_elementwise_functions_work_on_arrays(self) -> None:
        power = sd.primitive(lambda x, k: x**k)
        power.derivative(lambda x, k: k * power(x, k - 1.0))
        power.derivative(1)(lambda x, k: np.log(x) * power(x, k))
        point = np.array([0.5, 1.5]), np.array([[2.0], [3.0]])
        sd.check_grads(lambda x, k: power(x, k), argnum=(0, 1), order=2)(*point)

    def test_none_is_a_zero_derivative(self) -> None:
        scaled = sd.primitive(lambda x, k: k * x)
        sd.defvjp(scaled, lambda ans, x, k: lambda g: k * g, None)
        assert sd.grad(scaled, (0, 1))(3.0, 5.0) == (5.0, 0.0)
        assert sd.deriv(scaled, 1)(3.0, 5.0) == 0.0

    def test_linear_rules_are_turned_round(self) -> None:
        scaled = sd.primitive(lambda x, k: k * np.sin(x))
        sd.defjvp(scaled, lambda g, ans, x, k: g * k * np.cos(x), "same")
        sd.check_grads(scaled, argnum=(0, 1))(np.array([0.3, 0.7]), np.array([2.0, -1.0]))

    def test_rules_for_chosen_arguments(self) -> None:
        f = sd.primitive(lambda mode, x: x**2 if mode == "square" else x)
        sd.defvjp(f, lambda ans, mode, x: lambda g: 2.0 * x * g if mode == "square" else g, argnums=[1])
        assert sd.grad(lambda x: f("square", x))(3.0) == 6.0
        assert sd.grad(lambda x: f("other", x))(3.0) == 1.0

    def test_keyword_arguments_find_their_position(self) -> None:
        f = sd.primitive(lambda x, k=2.0: k * x)
        sd.defvjp(f, lambda ans, x, k=2.0: lambda g: k * g, lambda ans, x, k=2.0: lambda g: x * g)
        assert sd.grad(lambda x, k: f(k=k, x=x), (0, 1))(3.0, 5.0) == (5.0, 3.0)
        assert sd.grad(lambda x: f(x))(3.0) == 2.0

    def test_nested_arguments(self) -> None:
        f = sd.primitive(lambda p: p["a"] * np.sum(p["b"] ** 2))
        sd.defvjp(f, lambda ans, p: lambda g: {"a": g * np.sum(p["b"] ** 2), "b": 2.0 * g * p["a"] * p["b"]})
        sd.check_grads(f)({"a": 3.0, "b": np.array([1.0, 2.0])})

    def test_a_rule_for_a_broadcast_argument_is_summed(self) -> None:
        f = sd.primitive(np.add)
        sd.defvjp(f, lambda ans, x, y: lambda g: g, lambda ans, x, y: lambda g: g)
        found = sd.grad(lambda x, y: np.sum(f(x, y) ** 2), (0, 1))(np.ones((2, 3)), np.ones(3))
        np.testing.assert_array_equal(found[1], np.full(3, 8.0))

    def test_rules_see_outer_traced_values(self) -> None:
        def outer(k: float) -> Any:
            f = sd.primitive(lambda x: x**2)
            sd.defvjp(f, lambda ans, x: lambda g: k * 2.0 * x * g)
            return sd.grad(f)(3.0)

        assert sd.grad(outer)(1.0) == 6.0

    def test_a_rule_that_reads_a_global_is_traced_anew_when_it_changes(self) -> None:
        settings = {"k": 2.0}
        f = sd.primitive(lambda x: x)
        sd.defvjp(f, lambda ans, x: lambda g: settings["k"] * g)
        gradient = sd.grad(lambda x: f(x))
        assert gradient(1.0) == 2.0
        settings["k"] = 5.0
        assert gradient(1.0) == 5.0

    def test_a_rule_that_is_defined_anew_is_used(self) -> None:
        f = sd.primitive(lambda x: x)
        sd.defvjp(f, lambda ans, x: lambda g: 2.0 * g)
        gradient = sd.grad(lambda x: f(x))
        assert gradient(1.0) == 2.0
        sd.defvjp(f, lambda ans, x: lambda g: 3.0 * g)
        assert gradient(1.0) == 3.0


class TestSeveralResults:
    """A function that returns a tuple or a dict is one operation too, run once."""

    @staticmethod
    def polar(x: Any, y: Any) -> tuple[Any, Any]:
        return np.hypot(x, y), np.arctan2(y, x)

    def test_reverse_rules_get_and_give_nestings(self) -> None:
        polar = sd.primitive(self.polar)

        def by_x(ans: Any, x: Any, y: Any) -> Any:
            r, _ = ans
            return lambda g: g[0] * x / r - g[1] * y / r**2

        def by_y(ans: Any, x: Any, y: Any) -> Any:
            r, _ = ans
            return lambda g: g[0] * y / r + g[1] * x / r**2

        sd.defvjp(polar, by_x, by_y)
        point = np.array([0.3, 1.2]), np.array([0.7, -0.4])
        sd.check_grads(lambda x, y: polar(x, y)[0] * polar(x, y)[1], argnum=(0, 1))(*point)
        sd.check_grads(polar, argnum=(0, 1))(*point)
        sd.check_grads(lambda x, y: polar(x, y)[1], argnum=(0, 1))(*point)

    def test_forward_rules(self) -> None:
        both = sd.primitive(lambda x: {"sin": np.sin(x), "norm": np.sum(x**2)})
        both.jvp(lambda tangents, x: {"sin": tangents[0] * np.cos(x), "norm": 2.0 * np.sum(x * tangents[0])})
        sd.check_grads(lambda x: both(x)["sin"] * both(x)["norm"])(np.array([0.4, -0.9]))

    def test_run_once(self) -> None:
        calls: list[Any] = []

        def counted(x: Any) -> Any:
            calls.append(x)
            return np.sin(x), np.cos(x)

        f = sd.primitive(counted)
        f.vjp(lambda g, x: g[0] * f(x)[1] - g[1] * f(x)[0])
        gradient = sd.grad(lambda x: np.sum(f(x)[0] * f(x)[1]))
        gradient(np.ones(2))
        calls.clear()
        np.testing.assert_allclose(gradient(np.ones(2)), np.cos(2.0) * np.ones(2), rtol=1e-14)
        assert len(calls) == 1

    def test_in_a_file(self, models: ModuleType) -> None:
        text = sd.generate(models.area, shapes={"x": 2, "y": 2}, emit=["value", "grad"]).text
        assert '= _all_returned(_polar(x, y), ((2,), (2,),), "polar")' in text
        found: dict[str, Any] = {}
        exec(text, found)
        x, y = np.array([0.3, 1.2]), np.array([0.7, -0.4])
        np.testing.assert_allclose(found["area"](x, y), models.area(x, y), rtol=1e-15)
        np.testing.assert_allclose(found["area_grad"](x, y), sd.grad(models.area, (0, 1))(x, y), rtol=1e-14)

    def test_inlined(self) -> None:
        polar = sd.primitive(inline=True)(self.polar)
        polar.vjp(lambda g, x, y: (g[0] * 5.0 + g[1] * 0.0 * x, g[0] * 7.0 + 0.0 * g[1] * y))
        gradient = sd.grad(lambda x, y: polar(x, y)[0] + 0.0 * polar(x, y)[1], (0, 1))
        assert gradient(3.0, 4.0) == (5.0, 7.0)
        value = sd.lambdify(lambda x, y: polar(x, y)[0])
        assert value(3.0, 4.0) == 5.0


class TestOpenLengths:
    """Lengths of the result follow those of the arguments."""

    def test_found_by_running(self) -> None:
        cumulated = sd.primitive(np.cumsum)
        sd.defvjp(cumulated, lambda ans, x: lambda g: np.flip(cumulated(np.flip(g))))
        gradient = sd.grad(lambda x: np.sum(cumulated(x) ** 2), shapes={"x": "n"})
        for n in (2, 5):
            x = np.arange(1.0, n + 1.0)
            expected = 2.0 * np.tri(n).T @ np.cumsum(x)
            np.testing.assert_allclose(gradient(x), expected, rtol=1e-14)

    def test_a_length_that_is_none_of_the_arguments_is_refused(self) -> None:
        doubled = sd.primitive(lambda x: np.concatenate([x, x]))
        with pytest.raises(sd.TraceError, match="is none of its arguments'"):
            sd.trace(lambda x: np.sum(doubled(x)), shapes={"x": "n"})

    def test_declared(self) -> None:
        doubled = sd.primitive(shape=lambda shape: (2 * shape[0],))(lambda x: np.concatenate([x, x]))
        total = sd.trace(lambda x: np.sum(doubled(x)), shapes={"x": "n"})
        assert total(np.ones(3)) == 6.0
        assert total(np.ones(5)) == 10.0


class TestRefusals:
    def test_without_a_rule(self) -> None:
        with pytest.raises(sd.UnsupportedError, match="no derivative by argument 0"):
            sd.grad(lambda x: sd.primitive(plain_logsumexp)(x))(POINT)

    def test_what_is_no_primitive(self) -> None:
        with pytest.raises(sd.ArgumentError, match="is not a primitive"):
            sd.defvjp(plain_logsumexp, lambda ans, x: lambda g: g)  # type: ignore[arg-type]

    def test_another_number_of_rules(self) -> None:
        with pytest.raises(sd.ArgumentError, match="1 rule for 2 arguments"):
            sd.defvjp(fresh(), None, argnums=[0, 1])

    def test_a_rule_that_is_not_linear(self) -> None:
        f = sd.primitive(lambda x: x)
        sd.defvjp(f, lambda ans, x: lambda g: g**2)
        with pytest.raises(sd.UnsupportedError, match="not linear"):
            sd.jvp(f)(1.0, 1.0)

    def test_a_cotangent_of_another_shape(self) -> None:
        f = sd.primitive(np.sum)
        sd.defvjp(f, lambda ans, x: lambda g: g * np.ones(5))
        with pytest.raises(sd.ShapeError, match=r"cotangent of shape \(5,\)"):
            sd.grad(f)(np.ones(3))

    def test_a_mistake_in_a_rule_names_its_line(self) -> None:
        f = sd.primitive(np.sum)
        sd.defvjp(f, lambda ans, x: lambda g: g * np.ones(len(x) + 1) + x)
        with pytest.raises(sd.ShapeError) as caught:
            sd.grad(f)(np.ones(3))
        assert "lambda g: g * np.ones(len(x) + 1) + x" in str(caught.value)


class TestShapes:
    def test_found_at_sample_points(self) -> None:
        def picky(A: Any) -> Any:
            return np.linalg.cholesky(A)

        assert sd.trace(sd.primitive(picky), shapes={"A": (3, 3)}).program.outputs[0].shape == (3, 3)

    def test_declared(self) -> None:
        def unsampled(x: Any) -> Any:
            if np.ndim(x) and x[0] == 1234.5:
                return np.outer(x, x)
            raise ValueError("not here")

        declared = sd.primitive(shape=lambda shape: (*shape, *shape))(unsampled)
        assert sd.trace(declared, shapes={"x": 2}).program.outputs[0].shape == (2, 2)
        with pytest.raises(sd.TraceError, match="the shape of what the primitive unsampled returns cannot be found"):
            sd.trace(sd.primitive(unsampled), shapes={"x": 2})

    def test_another_shape_at_run_time_is_refused(self) -> None:
        f = sd.primitive(lambda x: np.flatnonzero(x > 0.5).astype(float))
        total = sd.lambdify(lambda x: np.sum(f(x)), shapes={"x": 4})
        with pytest.raises(ValueError, match="returned an array of shape"):
            total(np.zeros(4))

    def test_integers_stay_integers(self) -> None:
        f = sd.primitive(np.sum)
        sd.defvjp(f, lambda ans, x, axis: lambda g: g[:, None] * np.ones(x.shape))
        np.testing.assert_array_equal(sd.jacobian(lambda x: f(x, 1))(np.ones((2, 2)))[0], [[1, 1], [0, 0]])

    def test_equal_calls_are_made_once(self) -> None:
        calls = []

        def counted(x: float) -> float:
            calls.append(x)
            return math.sin(x)

        f = sd.primitive(counted)
        f.derivative(lambda x: math.cos(x))
        slope = sd.value_and_grad(lambda x: f(x) ** 2 + f(x))
        slope(0.5)
        calls.clear()
        slope(0.5)
        assert calls == [0.5]

    def test_numbers_are_passed_through(self) -> None:
        assert fresh()([0.0, 0.0]) == pytest.approx(math.log(2.0)) if isinstance(fresh()([0.0, 0.0]), float) else True
        assert sd.primitive(math.erf)(0.5) == math.erf(0.5)


class TestFiles:
    @pytest.mark.parametrize("backend", ["numpy", "numexpr"])
    def test_arrays(self, models: ModuleType, backend: str) -> None:
        module = sd.generate(models.energy, shapes={"y": 3}, emit=["value", "grad", "hess", "hvp"], backend=backend)
        assert "from primitive_models import logsumexp as _logsumexp" in module.text
        found: dict[str, Any] = {}
        exec(module.text, found)
        y = np.array([0.4, -0.8, 1.1])
        np.testing.assert_allclose(found["energy"](y), models.energy(y), rtol=1e-15)
        np.testing.assert_allclose(found["energy_grad"](y), sd.grad(models.energy)(y), rtol=1e-15)
        np.testing.assert_allclose(found["energy_hess"](y), sd.hessian(models.energy)(y), rtol=1e-14)

    @pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
    def test_numbers(self, models: ModuleType, backend: str) -> None:
        module = sd.generate(models.bell, emit=["value", "grad"], backend=backend)
        found: dict[str, Any] = {}
        exec(module.text, found)
        assert float(found["bell"](0.5, 3.0)) == 3.0 * 2.0 * math.erf(0.5)
        by_x = 3.0 * 4.0 / math.sqrt(math.pi) * math.exp(-0.25)
        np.testing.assert_allclose(found["bell_grad"](0.5, 3.0), (by_x, 2.0 * math.erf(0.5)), rtol=1e-15)
        if backend != "math":
            np.testing.assert_array_equal(found["bell"](np.array([0.5, 1.0]), 3.0)[1], 6.0 * math.erf(1.0))

    def test_the_header_says_what_is_proven(self, models: ModuleType) -> None:
        text = sd.generate(models.energy, shapes={"y": 3}, emit=["value", "grad"]).text
        assert "; logsumexp taken as called, derivatives through it to 6 digits" in text
        value_only = sd.generate(models.energy, shapes={"y": 3}, emit=["value"]).text
        assert "; logsumexp taken as called\n" in value_only

    def test_a_wrong_rule_is_found_out(self, models: ModuleType) -> None:
        with pytest.raises(sd.VerificationError, match="look at the rules of mistaken"):
            sd.generate(models.misled)

    def test_a_primitive_without_a_path_is_refused(self) -> None:
        local = fresh()
        sd.defvjp(local, lambda ans, x: lambda g: g * np.exp(x - ans))
        local.__qualname__ = "TestFiles.<locals>.local"
        with pytest.raises(sd.BackendError, match=r"(?s)cannot be imported.*inside a function.*inline=True"):
            sd.generate(lambda x: local(x), shapes={"x": 3})

    def test_inlined_files_stand_alone_and_keep_the_rule(self) -> None:
        inlined = sd.primitive(inline=True)(plain_logsumexp)
        sd.defvjp(inlined, lambda ans, x: lambda g: 7.0 * g * np.exp(x - ans))
        text = sd.generate(lambda x: inlined(x), shapes={"x": 3}, emit=["value", "grad"], name="f", verify=False).text
        assert "import" in text
        assert "logsumexp" not in text.partition('"""')[2]
        found: dict[str, Any] = {}
        exec(text, found)
        x = np.array([0.1, 0.2, 0.3])
        np.testing.assert_allclose(found["f"](x), plain_logsumexp(x), rtol=1e-15)
        np.testing.assert_allclose(np.sum(found["f_grad"](x)), 7.0, rtol=1e-14)

    def test_an_inlined_body_is_proven_against_its_rule(self) -> None:
        inlined = sd.primitive(inline=True)(plain_logsumexp)
        sd.defvjp(inlined, lambda ans, x: lambda g: 7.0 * g * np.exp(x - ans))
        with pytest.raises(sd.VerificationError, match="is not the derivative"):
            sd.generate(lambda x: inlined(x), shapes={"x": 3}, name="f")

    def test_primitives_pickle_by_their_path(self, models: ModuleType) -> None:
        assert pickle.loads(pickle.dumps(models.erf)) is models.erf


def test_a_call_is_a_node_of_its_own() -> None:
    program = sd.trace(lambda x: fresh()(x), shapes={"x": 3}).program
    assert [type(node) for node in program.nodes()].count(Call) == 1


def test_formulas_name_the_primitive() -> None:
    f = sd.primitive(math.gamma)
    assert str(sd.trace(lambda x: f(2.0 * x)).expr) == "gamma(2*x)"


def test_checkpointed_functions_have_the_same_derivatives() -> None:
    def step(x: Any, k: float) -> Any:
        return np.sin(k * x) ** 2

    held = sd.checkpoint(step)
    sd.check_grads(lambda x, k: held(held(x, k), k), argnum=(0, 1))(np.array([0.3, 0.8]), 1.3)
    x = np.array([0.3, 0.8])
    found = sd.jacobian(lambda x: held(held(x, 1.3), 1.3))(x)
    np.testing.assert_allclose(found, sd.jacobian(lambda x: step(step(x, 1.3), 1.3))(x), rtol=1e-13)
