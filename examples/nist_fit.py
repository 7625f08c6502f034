"""Two of NIST's certified regression problems, fitted by Levenberg–Marquardt with an emitted Jacobian.

In: model functions in plain Python, data and certified values from NIST's Statistical Reference Datasets
(https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml). Out: parameters with all digits that the data determine.

Method: J. J. Moré, "The Levenberg–Marquardt algorithm: implementation and theory" (1978), with the columns scaled and
each step solved by orthogonal factorisation, never by normal equations, which would lose half of the digits.
"""

import importlib.util
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import symdiff as sd

# A sum of squares is flat at its minimum: it knows the parameters to half of the digits only. The last steps are
# therefore taken although the sum rises by a rounding error.
ROUNDING = 1e-13


@dataclass(frozen=True)
class Problem:
    """A model `f(x, b1, b2, …)`, data, NIST's two starting points, and the certified result."""

    model: Callable[..., Any]
    x: Any
    y: Any
    starts: tuple[tuple[float, ...], ...]
    certified: tuple[float, ...]
    certified_rss: float

    @property
    def parameters(self) -> list[str]:
        return [f"b{number}" for number in range(1, len(self.certified) + 1)]


def misra1a(x: float, b1: float, b2: float) -> float:
    """Monomolecular adsorption."""
    return b1 * (1 - np.exp(-b2 * x))


def thurber(x: float, b1: float, b2: float, b3: float, b4: float, b5: float, b6: float, b7: float) -> float:
    """Electron mobility in a semiconductor: a quotient of cubics."""
    return (b1 + b2 * x + b3 * x**2 + b4 * x**3) / (1 + b5 * x + b6 * x**2 + b7 * x**3)


MISRA1A = Problem(
    misra1a,
    np.array([77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]),
    np.array([10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]),
    ((500.0, 0.0001), (250.0, 0.0005)),
    (2.3894212918e02, 5.5015643181e-04),
    1.2455138894e-01,
)

THURBER = Problem(
    thurber,
    np.array(
        [
            -3.067, -2.981, -2.921, -2.912, -2.840, -2.797, -2.702, -2.699, -2.633, -2.481, -2.363, -2.322, -1.501,
            -1.460, -1.274, -1.212, -1.100, -1.046, -0.915, -0.714, -0.566, -0.545, -0.400, -0.309, -0.109, -0.103,
            0.010, 0.119, 0.377, 0.790, 0.963, 1.006, 1.115, 1.572, 1.841, 2.047, 2.200,
        ]
    ),
    np.array(
        [
            80.574, 84.248, 87.264, 87.195, 89.076, 89.608, 89.868, 90.101, 92.405, 95.854, 100.696, 101.060, 401.672,
            390.724, 567.534, 635.316, 733.054, 759.087, 894.206, 990.785, 1090.109, 1080.914, 1122.643, 1178.351,
            1260.531, 1273.514, 1288.339, 1327.543, 1353.863, 1414.509, 1425.208, 1421.384, 1442.962, 1464.350,
            1468.705, 1447.894, 1457.628,
        ]
    ),
    ((1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03), (1300.0, 1500.0, 500.0, 75.0, 1.0, 0.4, 0.05)),
    (
        1.2881396800e03, 1.4910792535e03, 5.8323836877e02, 7.5416644291e01,
        9.6629502864e-01, 3.9797285797e-01, 4.9727297349e-02,
    ),
    5.6427082397e03,
)  # fmt: skip


def emitted_module(problem: Problem, folder: Path) -> ModuleType:
    """Write the model and its gradient by the parameters as a module, and import it."""
    name = problem.model.__name__
    path = folder / f"{name}_derivatives.py"
    sd.generate(problem.model, wrt=problem.parameters, emit=["value", "grad"], output=path)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fit(problem: Problem, start: tuple[float, ...], folder: Path, steps: int = 500) -> tuple[Any, float]:
    """The parameters with the smallest sum of squared residuals, and that sum."""
    module = emitted_module(problem, folder)
    value = getattr(module, problem.model.__name__)
    slopes = getattr(module, f"{problem.model.__name__}_grad")

    def residuals(b: Any) -> Any:
        return problem.y - value(problem.x, *b)

    b = np.array(start)
    r = residuals(b)
    damping = 1e-3
    for _ in range(steps):
        jacobian = np.column_stack(slopes(problem.x, *b))
        scale = np.linalg.norm(jacobian, axis=0)
        step = _damped_step(jacobian / scale, r, damping) / scale
        trial = residuals(b + step)
        if trial @ trial <= (r @ r) * (1.0 + ROUNDING):
            finished = np.max(np.abs(step / b)) < 1e-13
            b, r, damping = b + step, trial, damping / 10
            if finished:
                break
        else:
            damping *= 10
    return b, float(r @ r)


def _damped_step(jacobian: Any, residual: Any, damping: float) -> Any:
    """The step that minimises |J s - r|² + damping |s|²."""
    count = jacobian.shape[1]
    stacked = np.vstack([jacobian, np.sqrt(damping) * np.eye(count)])
    return np.linalg.lstsq(stacked, np.concatenate([residual, np.zeros(count)]), rcond=None)[0]


def certified_digits(found: Any, certified: tuple[float, ...]) -> float:
    """NIST's measure: the smallest number of digits in which a parameter agrees with its certified value."""
    errors = np.abs((found - np.array(certified)) / np.array(certified))
    return float(-np.log10(np.max(errors, initial=1e-15)))


def main() -> None:
    """Fit both problems from both of NIST's starting points and print how many certified digits come out."""
    with tempfile.TemporaryDirectory() as folder:
        for problem in (MISRA1A, THURBER):
            for start in problem.starts:
                found, rss = fit(problem, start, Path(folder))
                digits = certified_digits(found, problem.certified)
                print(f"{problem.model.__name__}: residual sum of squares {rss:.10e}, {digits:.1f} certified digits")


if __name__ == "__main__":
    main()
