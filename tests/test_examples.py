"""The examples, run as a user runs them, and their figures against closed forms and certified values."""

import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from tests.examples import EXAMPLES, close, example

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_example_prints_a_report(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example(path.stem).main()
    assert len(capsys.readouterr().out.splitlines()) >= 3


class TestBlackScholes:
    """Against the Greeks in closed form, as in Hull, "Options, Futures, and Other Derivatives", chapter 19."""

    @pytest.mark.parametrize("S", [80.0, 100.0, 131.0])
    @pytest.mark.parametrize("sigma", [0.1, 0.45])
    def test_greeks(self, S: float, sigma: float) -> None:
        K, T, r = 100.0, 0.75, 0.03
        root = math.sqrt(T)
        d1 = (math.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * root)
        d2 = d1 - sigma * root
        density = math.exp(-0.5 * d1**2) / math.sqrt(2 * math.pi)
        phi = [0.5 * math.erfc(-d / math.sqrt(2)) for d in (d1, d2)]
        discounted = K * math.exp(-r * T)
        expected = {
            "delta": phi[0],
            "theta": -S * density * sigma / (2 * root) - r * discounted * phi[1],
            "rho": T * discounted * phi[1],
            "vega": S * density * root,
            "gamma": density / (S * sigma * root),
            "vanna": -density * d2 / sigma,
            "vomma": S * density * root * d1 * d2 / sigma,
        }
        found = example("black_scholes").greeks(S, K, T, r, sigma)
        assert found.keys() == expected.keys()
        for name in expected:
            assert close(found[name], expected[name], 11), name

    def test_a_strip_of_strikes(self) -> None:
        module = example("black_scholes")
        strikes = np.linspace(70.0, 140.0, 8)
        one_by_one = [module.greeks(100.0, float(K), 0.5, 0.03, 0.25)["delta"] for K in strikes]
        np.testing.assert_allclose(module.deltas(strikes), one_by_one, rtol=1e-13)


class TestPotentials:
    def test_lennard_jones_force(self) -> None:
        module = example("potentials")
        for r in (3.2, 3.816370964, 5.5):
            s6 = (3.40 / r) ** 6
            expected = 4 * 0.0103 * (-12 * s6**2 + 6 * s6) / r
            assert math.isclose(module.LENNARD_JONES_SLOPE(r), expected, rel_tol=1e-12, abs_tol=1e-16)

    def test_morse_force_and_stiffness(self) -> None:
        module = example("potentials")
        for r in (1.0, 1.4, 2.5):
            decay = math.exp(-1.879 * (r - 1.275))
            assert close(module.MORSE_SLOPE(r), 2 * 4.618 * 1.879 * decay * (1 - decay))
        assert close(module.MORSE_STIFFNESS(1.275), 2 * 4.618 * 1.879**2)
        assert module.MORSE_SLOPE(1.275) == 0.0

    def test_three_atoms_form_a_triangle(self) -> None:
        energy, positions = example("potentials").relaxed_triangle()
        assert close(energy, -3.0, 9)
        sides = [np.linalg.norm(positions[i] - positions[j]) for i in range(3) for j in range(i)]
        np.testing.assert_allclose(sides, 2 ** (1 / 6), rtol=1e-5)


class TestArrhenius:
    def test_activation_energy_is_read_off_again(self) -> None:
        assert close(example("arrhenius").activation_energy(300.0, 2.0e11, 55_000.0), 55_000.0)

    def test_error_by_hand(self) -> None:
        law = {"A": 2.0e11, "Ea": 55_000.0, "E": 1e-6, "Km": 2.5e-4}
        deviation = {"A": 1.0e10, "Ea": 300.0, "E": 2e-8, "Km": 2e-5}
        rate, error = example("arrhenius").rate_with_error(300.0, 1e-3, law, deviation)
        relative = [
            deviation["A"] / law["A"],
            deviation["Ea"] / (8.31446261815324 * 300.0),
            deviation["E"] / law["E"],
            deviation["Km"] / (law["Km"] + 1e-3),
        ]
        assert close(error / rate, math.hypot(*relative))


class TestTape:
    """Figures computed by other software: about ten operations, each of which may round half a unit differently."""

    def test_gradients(self) -> None:
        module = example("tape")
        tape = sd.tape(module.sum_times)(4.0, 3.0)
        assert [tape.gradient(name) for name in "abc"] == [11.0, 4.0, 4.0]
        assert list(tape.local_derivatives.values()) == [1.0, 1.0, 7.0, 4.0]
        tape = sd.tape(module.quotients)(230.3, 33.2)
        assert close(tape.gradient("a"), -153284.83150602411, 14)
        assert close(tape.gradient("b"), 3815.0389441500993, 14)
        tape = sd.tape(module.waves)(43.0, 3.0, 2.0)
        assert close(tape.gradient("a"), 60.85353612046653, 14)
        assert close(tape.gradient("b"), 872.2331479536114, 14)
        assert close(tape.gradient("c"), -3.2853671032530305, 14)

    def test_the_layer_follows_the_gradient_by_hand(self) -> None:
        losses, layer, x, wanted = example("tape").fitted_layer()
        weights, bias = np.zeros((50, 10)), np.zeros(10)
        for loss in losses:
            error = x @ weights + bias - wanted
            assert close(loss, float(np.mean(error**2)), 12)
            slope = 2.0 * error / error.size
            weights, bias = weights - x.T @ slope, bias - slope.sum(axis=0)
        np.testing.assert_allclose(layer["weights"], weights, atol=1e-12)
        best = np.linalg.lstsq(np.column_stack([x, np.ones(100)]), wanted, rcond=None)[1].sum() / wanted.size
        assert best < losses[-1] < 0.6 < 0.9 < losses[0]

    def test_the_drawing(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        example("tape").main(str(tmp_path / "graph.svg"))
        assert "v1 = x1 * x2" in (tmp_path / "graph.svg").read_text("utf-8")
        assert "graph.svg" in capsys.readouterr().out


class TestNist:
    """The certified values of the Statistical Reference Datasets: 11 digits, from 128-bit arithmetic."""

    @pytest.mark.parametrize("start", [0, 1])
    @pytest.mark.parametrize("name", ["MISRA1A", "THURBER"])
    def test_certified_digits(self, name: str, start: int, tmp_path: Path) -> None:
        module = example("nist_fit")
        problem = getattr(module, name)
        found, rss = module.fit(problem, problem.starts[start], tmp_path)
        assert module.certified_digits(found, problem.certified) >= 9.5
        assert close(rss, problem.certified_rss, 10)


class TestRosenbrock:
    def test_scalars(self) -> None:
        module = example("rosenbrock")
        for x, y in ((-1.2, 1.0), (0.3, -0.7)):
            assert module.BANANA_GRADIENT(x, y) == pytest.approx(
                (-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)), rel=1e-14
            )
            hessian = ((2 - 400 * (y - 3 * x * x), -400 * x), (-400 * x, 200.0))
            np.testing.assert_allclose(module.BANANA_HESSIAN(x, y), hessian, rtol=1e-14)

    @pytest.mark.parametrize("n", [2, 3, 7])
    def test_vectors(self, n: int) -> None:
        module = example("rosenbrock")
        x = np.linspace(-1.3, 1.7, n)
        gradient, hessian = by_hand(x)
        np.testing.assert_allclose(module.VALUE_AND_GRADIENT(x)[1], gradient, rtol=1e-13, atol=1e-12)
        np.testing.assert_allclose(module.HESSIAN(x), hessian, rtol=1e-13, atol=1e-12)

    def test_newton_finds_the_minimum(self) -> None:
        minimum, steps = example("rosenbrock").newton([-1.2, 1.0, -0.5])
        np.testing.assert_allclose(minimum, 1.0, rtol=1e-12)
        assert steps < 50


def by_hand(x: Any) -> tuple[Any, Any]:
    """Gradient and Hessian of Rosenbrock's function of a vector."""
    gradient, hessian = np.zeros(len(x)), np.zeros((len(x), len(x)))
    for i in range(len(x) - 1):
        rest = x[i + 1] - x[i] ** 2
        gradient[i] += -400 * x[i] * rest - 2 * (1 - x[i])
        gradient[i + 1] += 200 * rest
        hessian[i, i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        hessian[i, i + 1] = hessian[i + 1, i] = -400 * x[i]
        hessian[i + 1, i + 1] += 200
    return gradient, hessian


class TestImpedance:
    """A fit of complex values, and of a complex parameter."""

    def test_the_circuit_is_found_back(self) -> None:
        module = example("impedance")
        found = module.fitted(module.impedance(module.TRUTH, module.FREQUENCIES), np.array([5.0, 60.0, 4e-5, 0.8]))
        np.testing.assert_allclose(found, module.TRUTH, rtol=1e-10)

    def test_jacobian_of_complex_values_against_the_formula(self) -> None:
        module = example("impedance")
        p = np.array([7.0, 30.0, 1e-4, 0.7])
        found = module.JACOBIAN(p, module.FREQUENCIES)
        np.testing.assert_allclose(found, module.impedance_slopes(p, module.FREQUENCIES), rtol=1e-12)

    def test_the_pole_is_found(self) -> None:
        module = example("impedance")
        omega = np.linspace(1.0, 4.0, 31)
        pole = module.resonance(omega, 1.0 / (1j * omega - (-0.3 + 2.0j)), -1.0 + 1.5j)
        assert abs(pole - (-0.3 + 2.0j)) < 1e-10


class TestSpectrum:
    def test_gradient_against_differences(self) -> None:
        module = example("spectrum")
        generator = np.random.default_rng(1)
        x, wanted = generator.normal(size=9), generator.uniform(size=5)
        for k in range(9):
            moved = 1e-6 * np.eye(9)[k]
            difference = (module.distance(x + moved, wanted) - module.distance(x - moved, wanted)) / 2e-6
            assert close(module.GRADIENT(x, wanted)[k], difference, 6) or abs(difference) < 1e-8

    def test_force_on_a_string_is_its_curvature(self) -> None:
        module = example("spectrum")
        places = 2 * np.pi * np.arange(21) / 21
        u = np.cos(2 * places) - 0.3 * np.sin(5 * places)
        curvature = -4 * np.cos(2 * places) + 7.5 * np.sin(5 * places)
        np.testing.assert_allclose(module.FORCE(u), curvature * 2 * np.pi / 21, atol=1e-12)


class TestMandelbrot:
    @pytest.mark.parametrize("c", [0.3 + 0.6j, -1.2 + 0.1j, 0.25 + 0.0j])
    def test_slope_is_that_of_the_recurrence(self, c: complex) -> None:
        module = example("mandelbrot")
        assert abs(module.SLOPE(c) / module.by_hand(c) - 1.0) < 1e-13


class TestBuildTimePackage:
    """The package whose derivatives are generated at build time, committed, and checked."""

    @pytest.fixture
    def package(self, tmp_path: Path) -> Path:
        return Path(shutil.copytree(EXAMPLES / "build_time_package", tmp_path / "package"))

    @staticmethod
    def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "symdiff", *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},  # whether or not symdiff is installed
            capture_output=True,
            text=True,
            check=False,
        )

    def test_the_committed_file_is_fresh(self, package: Path) -> None:
        run = self.command(package, "generate", "--check")
        assert run.returncode == 0, run.stdout + run.stderr

    def test_an_edit_of_the_model_is_noticed_and_mended(self, package: Path) -> None:
        model = package / "src" / "henon_heiles" / "model.py"
        model.write_text(model.read_text("utf-8").replace("x**2 * y", "2.0 * x**2 * y"), "utf-8")
        stale = self.command(package, "generate", "--check")
        assert stale.returncode == 1
        assert "potential_grad" in stale.stdout
        assert self.command(package, "generate").returncode == 0
        assert self.command(package, "generate", "--check").returncode == 0

    def test_it_runs_without_symdiff(self, package: Path) -> None:
        program = (
            "import sys; sys.modules['symdiff'] = None; sys.modules['sympy'] = None\n"
            "from henon_heiles import energy_drift\n"
            "print(energy_drift(steps=2000))"
        )
        run = subprocess.run(
            [sys.executable, "-c", program], cwd=package / "src", capture_output=True, text=True, check=True
        )
        assert abs(float(run.stdout)) < 1e-7


class TestOpenEndedLoops:
    """Against what the functions are known to be, and against central differences of the plain functions."""

    def test_the_series(self) -> None:
        found = sd.grad(example("open_ended_loops").taylor_sine)(math.pi)
        assert abs(found + 0.9998995297042174) <= 1e-15  # autograd's

    def test_convergence_has_the_implicit_derivative(self) -> None:
        loops = example("open_ended_loops")
        for a in (0.02, 2.0, 900.0):
            assert close(sd.grad(loops.square_root)(a), 0.5 / math.sqrt(a), 11)
            assert close(sd.grad(sd.grad(loops.square_root))(a), -0.25 * a**-1.5, 8)
        by_mean, by_eccentricity = sd.grad(loops.eccentric_anomaly, ("mean", "eccentricity"))(1.0, 0.3)
        anomaly = loops.eccentric_anomaly(1.0, 0.3)
        shrinks = 1.0 - 0.3 * math.cos(anomaly)
        assert close(by_mean, 1.0 / shrinks, 12)
        assert close(by_eccentricity, math.sin(anomaly) / shrinks, 12)

    def test_rounds_static_and_as_an_argument(self) -> None:
        logistic = example("open_ended_loops").logistic_map
        for n in (0, 1, 7):
            slope, x = 1.0, 0.3
            for _ in range(n):
                slope, x = slope * 3.7 * (1.0 - 2.0 * x), 3.7 * x * (1.0 - x)
            assert close(sd.grad(logistic)(0.3, n), slope, 12)
            assert close(sd.grad(logistic, static={"n": n})(0.3, n), slope, 12)

    def test_bisection_has_the_derivative_of_its_last_step(self) -> None:
        loops = example("open_ended_loops")
        assert sd.grad(loops.bisected_root)(0.5) == 0.0
        assert close(sd.grad(loops.polished_root)(0.5), 0.5 / math.sqrt(0.5), 11)

    def test_sensitivities_of_an_integrator(self) -> None:
        loops = example("open_ended_loops")
        point = (1.1, 0.4, 0.4, 0.1, 10.0, 5.0)
        gradient = sd.grad(loops.prey_at_the_end, loops.RATES_AND_STATE)(*point)
        for at, found in enumerate(gradient):
            ahead, behind = (
                loops.prey_at_the_end(*[p + sign * 1e-6 * (at == place) for place, p in enumerate(point)])
                for sign in (1, -1)
            )
            assert math.isclose(found, (ahead - behind) / 2e-6, rel_tol=1e-6, abs_tol=1e-6)
