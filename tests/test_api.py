"""The public functions as a user meets them, against closed forms known by heart."""

import dataclasses
import functools
import gc
import math
import pickle
import weakref
from collections import namedtuple
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff import transformed


def damped(x: float, k: float = 2.0) -> float:
    return k * math.sin(x) ** 2 / (1 + math.exp(-x))


def damped_slope(x: Any, k: Any = 2.0) -> Any:
    e = np.exp(-x)
    return k * (2 * np.sin(x) * np.cos(x) * (1 + e) + np.sin(x) ** 2 * e) / (1 + e) ** 2


def rosenbrock(x: Any) -> Any:
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(x) - 1))


def rosenbrock_slope(x: np.ndarray) -> np.ndarray:
    slope = np.zeros_like(x)
    slope[:-1] = -400.0 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2.0 * (1.0 - x[:-1])
    slope[1:] += 200.0 * (x[1:] - x[:-1] ** 2)
    return slope


Point = namedtuple("Point", "x y")


@dataclasses.dataclass
class Spring:
    k: float
    length: float


class TestDerivative:
    def test_of_a_float(self) -> None:
        df = sd.derivative(damped)
        assert df(0.3) == pytest.approx(damped_slope(0.3), rel=1e-15)
        assert df(0.3, 5.0) == pytest.approx(damped_slope(0.3, 5.0), rel=1e-15)
        assert df(x=0.3, k=5.0) == df(0.3, 5.0)
        assert type(df(0.3)) is float

    @pytest.mark.parametrize("x", [[0.1, 0.2], np.linspace(0, 1, 5), np.array([[0.5], [1.5]]), 3, np.float32(0.5), []])
    def test_of_lists_arrays_and_integers(self, x: Any) -> None:
        found = sd.derivative(damped)(x, k=3.0)
        assert np.shape(found) == np.shape(x)
        np.testing.assert_allclose(found, damped_slope(np.asarray(x, dtype=float), 3.0), rtol=1e-6)

    def test_broadcasts_over_all_arguments(self) -> None:
        x, k = np.linspace(0, 1, 3)[:, None], np.array([1.0, 2.0])
        np.testing.assert_allclose(sd.derivative(damped)(x, k), damped_slope(x, k), rtol=1e-14)
        assert sd.derivative(lambda x, y: x + y)(x, k).tolist() == np.ones((3, 2)).tolist()

    def test_python_numbers_in_python_numbers_out(self) -> None:
        def ratio(x: float, y: float) -> float:
            return x / y

        found = sd.hessian(ratio, argnum=(0, 1))(3, 2)
        assert found == ((0.0, -0.25), (-0.25, 0.75))
        assert {type(value) for row in found for value in row} == {float}
        with np.errstate(divide="ignore"):
            assert type(sd.derivative(ratio)(1.0, 0.0)) is float
        assert type(sd.derivative(ratio)(np.float64(1.0), 2.0)) is np.float64
        assert type(sd.trace(ratio)(1, 2)) is float

    def test_float32_stays_float32(self) -> None:
        assert sd.derivative(damped)(np.ones(3, dtype=np.float32)).dtype == np.float32

    def test_orders(self) -> None:
        def cube(x: float) -> float:
            return x**3

        assert [sd.derivative(cube, order=n)(2.0) for n in range(5)] == [8.0, 12.0, 12.0, 6.0, 0.0]

    def test_wrt_by_index_name_and_several(self) -> None:
        def f(x: float, y: float) -> float:
            return x * x * y

        assert sd.derivative(f, wrt="y")(3.0, 5.0) == 9.0
        assert sd.derivative(f, wrt=-1)(3.0, 5.0) == 9.0
        assert sd.derivative(f, wrt=["y", 0])(3.0, 5.0) == (9.0, 30.0)

    def test_several_outputs(self) -> None:
        assert sd.derivative(lambda t: {"x": t * t, "v": (t, 1.0)})(3.0) == {"x": 6.0, "v": (1.0, 0.0)}

    def test_is_stable_at_every_order(self) -> None:
        def softplus(x: float) -> float:
            return math.log(1 + math.exp(x))

        assert sd.derivative(softplus)(800.0) == 1.0
        assert sd.derivative(softplus, order=2)(40.0) == 4.248354255291589e-18

    def test_shows_itself(self) -> None:
        df = sd.derivative(lambda x: math.sin(2 * x))
        assert str(df.expr) == "2*cos(2*x)"
        assert df.latex() == r"2 \cos{\left(2 x \right)}"
        assert "np.cos" in df.source()
        assert "math.cos" in df.source(backend="math")

    def test_pickles_by_source(self) -> None:
        df = sd.derivative(damped)
        again = pickle.loads(pickle.dumps(df))
        assert again(0.3) == pytest.approx(df(0.3), rel=1e-15)

    def test_transforms_pickle_with_their_function(self) -> None:
        gradient = sd.grad(rosenbrock)
        x = np.array([0.5, -1.2])
        gradient(x)
        np.testing.assert_allclose(pickle.loads(pickle.dumps(gradient))(x), rosenbrock_slope(x), rtol=1e-13)

    def test_inputs_are_not_modified(self) -> None:
        x = np.linspace(0, 1, 5)
        x.flags.writeable = False
        sd.derivative(damped)(x)


class TestGradient:
    def test_scalar(self) -> None:
        assert sd.grad(damped)(0.3) == pytest.approx(damped_slope(0.3), rel=1e-15)

    def test_several_arguments_in_the_order_asked(self) -> None:
        def rate(a: float, temperature: float, energy: float) -> float:
            return a * math.exp(-energy / (8.0 * temperature))

        value = rate(2.0, 300.0, 4000.0)
        by_energy, by_temperature = sd.grad(rate, argnum=("energy", "temperature"))(2.0, 300.0, 4000.0)
        assert by_energy == pytest.approx(-value / 2400.0, rel=1e-14)
        assert by_temperature == pytest.approx(value * 4000.0 / (8.0 * 300.0**2), rel=1e-14)

    def test_array(self) -> None:
        x = np.array([0.5, -1.2, 2.0, 0.3])
        np.testing.assert_allclose(sd.grad(rosenbrock)(x), rosenbrock_slope(x), rtol=1e-13)

    def test_shapes_are_read_at_each_call(self) -> None:
        gradient = sd.grad(rosenbrock)
        for n in (2, 5, 3):
            x = np.linspace(0.1, 1.0, n)
            np.testing.assert_allclose(gradient(x), rosenbrock_slope(x), rtol=1e-13)

    def test_keeps_the_structure(self) -> None:
        assert sd.grad(lambda p: p["a"] * p["b"] ** 2)({"a": 2.0, "b": 3.0}) == {"a": 9.0, "b": 12.0}
        assert sd.grad(lambda p: p[0] * p[1][0])([2.0, (3.0,)]) == [3.0, (2.0,)]
        assert sd.grad(lambda p: p.x * p.y)(Point(2.0, 3.0)) == Point(3.0, 2.0)
        assert sd.grad(lambda s: s.k * s.length**2)(Spring(2.0, 3.0)) == Spring(9.0, 12.0)
        nested = sd.grad(lambda p: np.sum(p["w"] * p["w"]) + p["b"])({"w": np.array([1.0, 2.0]), "b": 1.0})
        assert nested["w"].tolist() == [2.0, 4.0]
        assert nested["b"] == 1.0

    def test_value_and_grad(self) -> None:
        value, slope = sd.value_and_grad(damped)(0.3)
        assert value == pytest.approx(damped(0.3), rel=1e-15)
        assert slope == pytest.approx(damped_slope(0.3), rel=1e-15)

    def test_no_value_is_used_for_another_number_of_rounds(self) -> None:
        def power(x: float, n: int) -> float:
            result = 1.0
            for _ in range(n):
                result = result * x
            return result

        gradient = sd.grad(power, static=["n"])
        assert [gradient(2.0, n) for n in (1, 2, 3)] == [1.0, 4.0, 12.0]
        unstated = sd.grad(power)  # traced anew for every number of rounds
        assert [unstated(2.0, n) for n in (1, 3, 2, 3)] == [1.0, 12.0, 4.0, 12.0]

    def test_flags_are_static_by_their_kind(self) -> None:
        gradient = sd.grad(lambda x, square: x * x if square else x)
        assert gradient(3.0, True) == 6.0
        assert gradient(3.0, False) == 1.0


STIFFNESS = 2.0


def stiffened(x: float) -> float:
    return STIFFNESS * x * x


def rebound(x: float) -> float:
    return stiffened(x) + x


class TestWhatIsReadBesidesTheArguments:
    """A kept trace never outlives the globals, cells and attributes that it was made with."""

    def test_globals_of_helpers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        gradient = sd.grad(rebound)
        assert gradient(3.0) == 13.0
        monkeypatch.setattr(f"{__name__}.STIFFNESS", 5.0)
        assert gradient(3.0) == 31.0
        monkeypatch.setattr(f"{__name__}.stiffened", lambda x: x)
        assert gradient(3.0) == 2.0

    def test_closures(self) -> None:
        k = 2.0
        gradient = sd.grad(lambda x: k * x)
        assert gradient(1.0) == 2.0
        k = 3.0
        assert gradient(1.0) == 3.0

    def test_arrays_that_change_in_place(self) -> None:
        weights = np.array([1.0, 2.0])
        table = {"scale": [1.0]}
        gradient = sd.grad(lambda x: np.sum(weights * x) * table["scale"][0])
        assert gradient(np.ones(2)).tolist() == [1.0, 2.0]
        weights[0] = 7.0
        assert gradient(np.ones(2)).tolist() == [7.0, 2.0]
        table["scale"][0] = 10.0
        assert gradient(np.ones(2)).tolist() == [70.0, 20.0]

    def test_attributes_of_objects_and_classes(self) -> None:
        class Spring:
            unit = 1.0

            def __init__(self, k: float) -> None:
                self.k = k

            def energy(self, x: float) -> float:
                return 0.5 * self.k * x * x * self.unit

        spring = Spring(4.0)
        gradient = sd.grad(spring.energy)
        assert gradient(3.0) == 12.0
        spring.k = 6.0
        assert gradient(3.0) == 18.0
        Spring.unit = 10.0
        assert gradient(3.0) == 180.0

    def test_a_trace_is_kept_while_nothing_changes(self) -> None:
        gradient = sd.grad(rebound)
        gradient(1.0)
        (kept,) = gradient._kept.values()
        gradient(2.0)
        assert list(gradient._kept.values()) == [kept]


class TestJacobianAndHessian:
    def test_jacobian_of_a_vector_function(self) -> None:
        def polar(v: Any) -> Any:
            return np.array([v[0] * np.cos(v[1]), v[0] * np.sin(v[1])])

        r, t = 2.0, 0.7
        expected = [[math.cos(t), -r * math.sin(t)], [math.sin(t), r * math.cos(t)]]
        np.testing.assert_allclose(sd.jacobian(polar)(np.array([r, t])), expected, rtol=1e-14)

    def test_jacobian_of_a_dict_by_two_parameters(self) -> None:
        found = sd.jacobian(lambda x, y: {"s": x + y, "p": x * y}, argnum=(0, 1))(2.0, 3.0)
        assert found == {"s": (1.0, 1.0), "p": (3.0, 2.0)}

    def test_hessian_of_rosenbrock(self) -> None:
        x = np.array([0.5, -1.2, 2.0])
        expected = np.zeros((3, 3))
        for i in range(2):
            expected[i, i] += 1200.0 * x[i] ** 2 - 400.0 * x[i + 1] + 2.0
            expected[i + 1, i + 1] += 200.0
            expected[i, i + 1] = expected[i + 1, i] = -400.0 * x[i]
        np.testing.assert_allclose(sd.hessian(rosenbrock)(x), expected, rtol=1e-13)

    def test_hessian_structure(self) -> None:
        assert sd.hessian(lambda x, y: x**2 * y, argnum=("x", "y"))(3.0, 5.0) == ((10.0, 6.0), (6.0, 0.0))
        assert sd.hessian(lambda p: p["a"] ** 2 * p["b"])({"a": 3.0, "b": 5.0}) == {
            "a": {"a": 10.0, "b": 6.0},
            "b": {"a": 6.0, "b": 0.0},
        }

    def test_products_agree_with_the_matrices(self) -> None:
        x, v = np.array([0.5, -1.2, 2.0]), np.array([1.0, -2.0, 0.5])
        np.testing.assert_allclose(sd.hvp(rosenbrock)(x, v), sd.hessian(rosenbrock)(x) @ v, rtol=1e-12)

        def field(x: Any) -> Any:
            return np.sin(x) * x[0]

        matrix = sd.jacobian(field)(x)
        np.testing.assert_allclose(sd.jvp(field)(x, v), matrix @ v, rtol=1e-13)
        np.testing.assert_allclose(sd.vjp(field)(x, v), v @ matrix, rtol=1e-13)
        value, tangent = sd.make_jvp(field)(x)(v)
        np.testing.assert_allclose(value, field(x))
        np.testing.assert_allclose(tangent, matrix @ v, rtol=1e-13)
        pull, value = sd.make_vjp(field)(x)
        np.testing.assert_allclose(pull(v), v @ matrix, rtol=1e-13)
        product, slope = sd.make_hvp(rosenbrock)(x)
        np.testing.assert_allclose(product(v), sd.hessian(rosenbrock)(x) @ v, rtol=1e-12)
        np.testing.assert_allclose(slope, rosenbrock_slope(x), rtol=1e-13)

    def test_elementwise_grad_and_deriv(self) -> None:
        x = np.array([0.1, 0.7])
        np.testing.assert_allclose(sd.elementwise_grad(np.tanh)(x), 1 - np.tanh(x) ** 2, rtol=1e-14)
        assert sd.deriv(lambda t: np.array([t, t**2]))(3.0).tolist() == [1.0, 6.0]


class TestNesting:
    def test_derivatives_of_derivatives(self) -> None:
        assert sd.grad(sd.grad(lambda x: x**4))(2.0) == 48.0
        assert sd.derivative(sd.derivative(lambda x: x**4))(2.0) == 48.0
        assert sd.grad(sd.derivative(lambda x: x**4))(2.0) == 48.0

    def test_a_derivative_inside_a_function(self) -> None:
        slope = sd.derivative(math.sin)

        def f(x: float) -> float:
            return x * slope(x)

        assert sd.grad(f)(0.3) == pytest.approx(math.cos(0.3) - 0.3 * math.sin(0.3), rel=1e-15)

    def test_perturbations_are_not_confused(self) -> None:
        def outer(x: float) -> float:
            return x * sd.grad(lambda y: x + y)(1.0)

        assert sd.grad(outer)(5.0) == 1.0

        def inner_closes_over_outer(x: float) -> float:
            return sd.grad(lambda y: x * y * y)(3.0)

        assert sd.grad(inner_closes_over_outer)(5.0) == 6.0
        assert inner_closes_over_outer(5.0) == 30.0
        assert inner_closes_over_outer(7.0) == 42.0


class TestTraceAndLambdify:
    def test_expr(self) -> None:
        assert str(sd.trace(damped).expr) == "k*sin(x)**2/(1 + exp(-x))"

    def test_trace_is_callable(self) -> None:
        assert sd.trace(damped)(0.3) == pytest.approx(damped(0.3), rel=1e-15)

    @pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
    def test_lambdify(self, backend: str) -> None:
        assert sd.lambdify(damped, backend=backend)(0.3) == pytest.approx(damped(0.3), rel=1e-15)

    def test_callables_of_all_kinds(self) -> None:
        class Oscillator:
            omega = 3.0

            def energy(self, x: float) -> float:
                return 0.5 * self.omega**2 * x**2

            def __call__(self, x: float) -> float:
                return self.energy(x) + 1.0

        space: dict[str, Any] = {}
        exec("import math\ndef f(x):\n    return math.exp(2 * x)", space)
        assert sd.grad(Oscillator().energy)(2.0) == 18.0
        assert sd.grad(Oscillator())(2.0) == 18.0
        assert sd.grad(functools.partial(pow, 2.0))(0.0) == pytest.approx(math.log(2.0))
        assert sd.grad(space["f"])(0.0) == 2.0
        assert sd.grad(np.sin)(0.0) == 1.0
        assert sd.grad(math.exp)(0.0) == 1.0


class TestBadInput:
    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: sd.derivative(damped, order=-1), "order"),
            (lambda: sd.derivative(damped, order=1.5), "order"),  # type: ignore[arg-type]
            (lambda: sd.derivative(damped, wrt="z"), "no parameter 'z'"),
            (lambda: sd.derivative(damped, wrt=2), "no parameter number 2"),
            (lambda: sd.derivative(damped, wrt=[]), "at least one"),
            (lambda: sd.derivative(damped, wrt=["x", "x"]), "twice"),
            (lambda: sd.derivative(3.0), "expected a function"),  # type: ignore[arg-type]
            (lambda: sd.grad("damped"), "expected a function"),  # type: ignore[arg-type]
            (lambda: sd.grad(lambda x: (x, x))(1.0), "one scalar output"),
            (lambda: sd.grad(lambda x: x * x)(np.ones(3)), "one scalar output"),
            (lambda: sd.hessian(lambda x: x * x)(np.ones(3)), "one scalar output"),
            (lambda: sd.grad(lambda x: "text")(1.0), ""),
            (lambda: sd.grad(lambda x: None)(1.0), ""),
            (lambda: sd.lambdify(damped, backend="nunpy"), "numpy"),
            (lambda: sd.derivative(damped).source(backend="fortran"), "backend"),
            (lambda: sd.trace(lambda x: x, shapes={"y": 3}), "y"),
            (lambda: sd.trace(lambda x: x[0] + x[5], shapes={"x": 3}), "out of bounds"),
            (lambda: sd.trace(lambda x, y: x + y, shapes={"x": 3, "y": 2}), "broadcast"),
        ],
    )
    def test_is_refused_clearly(self, call: Any, message: str) -> None:
        with pytest.raises(sd.SymdiffError) as caught:
            call()
        assert message in str(caught.value)
        assert len(str(caught.value).splitlines()) <= 12

    def test_calls_that_do_not_fit(self) -> None:
        with pytest.raises(TypeError):
            sd.derivative(damped)()
        with pytest.raises(TypeError):
            sd.derivative(damped)(1.0, 2.0, 3.0)


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
def test_compiled_functions_are_traced_as_their_closed_form(backend: str) -> None:
    def f(x, k=2.0):
        return k * math.sin(x) * x

    compiled = sd.lambdify(f, backend=backend)
    slope = 2.0 * (math.cos(0.3) * 0.3 + math.sin(0.3))
    assert sd.grad(compiled)(0.3) == pytest.approx(slope, rel=1e-15)
    assert sd.derivative(compiled)(0.3, k=1.0) == pytest.approx(slope / 2.0, rel=1e-15)
    assert sd.grad(lambda x: compiled(x, k=x) * compiled(0.3))(0.3) == pytest.approx(
        float(compiled(0.3)) * (0.3 * math.sin(0.3) + 0.15 * slope), rel=1e-14
    )


class TestDerivativesMadeWhereTheyAreCalled:
    """`grad(f)(x)` in a loop: the traces belong to the function."""

    @pytest.fixture
    def traced(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Grows with every trace."""
        found: list[str] = []

        def counting(name: str, real: Any) -> Any:
            def counted(*args: Any, **kwargs: Any) -> Any:
                found.append(name)
                return real(*args, **kwargs)

            return counted

        for name in ("trace_function", "follow_function"):
            monkeypatch.setattr(transformed, name, counting(name, getattr(transformed, name)))
        return found

    def test_one_trace(self, traced: list[str]) -> None:
        def f(x, y):
            return np.sum(x**2 * y)

        for _ in range(3):
            assert sd.grad(f)(2.0, 3.0) == 12.0
        assert len(traced) == 1
        assert sd.grad(f, argnum=1)(2.0, 3.0) == 4.0
        assert sd.value_and_grad(f)(2.0, 3.0) == (12.0, 12.0)

    def test_derivatives_of_derivatives(self, traced: list[str]) -> None:
        def f(x):
            return x**4

        assert sd.grad(sd.grad(f))(2.0) == 48.0
        count = len(traced)
        assert [sd.grad(sd.grad(f))(2.0) for _ in range(3)] == [48.0] * 3
        assert len(traced) == count

    def test_paths(self, traced: list[str]) -> None:
        def f(x):
            return np.sum(x[x > 0.0] ** 2)

        found = [sd.grad(f)(np.array([1.0, -sign])).tolist() for sign in (1.0, -1.0, 1.0, -1.0)]
        assert found == [[2.0, 0.0], [2.0, 2.0]] * 2
        assert traced.count("follow_function") == 2

    def test_what_the_function_reads_is_looked_at(self) -> None:
        factor = 2.0

        def f(x, power=2):
            return factor * x**power

        assert sd.grad(f)(3.0) == 12.0
        factor = 5.0
        assert sd.grad(f)(3.0) == 30.0
        f.__defaults__ = (3,)
        assert sd.grad(f)(1.0) == 15.0

    def test_each_shows_its_own_calls(self) -> None:
        def f(x):
            return np.sum(x**2)

        assert sd.grad(f)(np.ones(3)).shape == (3,)
        assert sd.grad(f).program.inputs[0].shape == ()

    def test_traces_go_with_the_function(self) -> None:
        def made() -> Any:
            data = np.ones(3)
            return lambda x: np.sum(data * x**2)

        f = made()
        sd.grad(f)(np.ones(3))
        ending = weakref.ref(f)
        del f
        gc.collect()
        assert ending() is None

    def test_a_wrapper_has_traces_of_its_own(self) -> None:
        slope = sd.grad(lambda x: x**3)
        assert sd.grad(slope)(2.0) == 12.0

        @functools.wraps(slope)
        def doubled(x):
            return 2.0 * slope(x)

        assert sd.grad(doubled)(2.0) == 24.0
