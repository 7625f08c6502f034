"""Golden modules: what is generated now is what stands in tests/golden, and that runs where symdiff is not."""

import ast
import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symdiff.build.configuration import Options, Target
from symdiff.build.generate import generate_target

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"
SOURCE = "tests/build/golden_functions.py"

CASES: dict[str, Options] = {
    "damped": Options(wrt=("t",), emit=("value", "grad", "hess", "value_and_grad")),
    "arrhenius": Options(wrt=("T", "Ea"), emit=("value", "grad", "hess")),
    "clipped": Options(),
    "rosenbrock": Options(emit=("grad", "hess", "hvp"), shapes={"x": 3}),
    "polar": Options(wrt=("p",), emit=("jac", "jvp", "vjp"), shapes={"p": {"r": "", "phi": ""}}),
    "named": Options(emit=("value_and_grad",)),
    "special": Options(wrt=("x",), emit=("value", "grad")),
    "anomaly": Options(wrt=("mean", "eccentricity"), emit=("value", "grad", "hess")),
    "thrown": Options(emit=("value_and_grad",)),
}
BACKENDS = ("numpy", "numexpr", "math")
NAMES = [(case, backend) for case in CASES for backend in BACKENDS]


def target_of(case: str, backend: str) -> Target:
    options = replace(CASES[case], backend=backend)
    return Target(function=f"{SOURCE}:{case}", output=GOLDEN / f"{case}_{backend}.py", options=options, folder=ROOT)


@pytest.mark.parametrize(("case", "backend"), NAMES)
def test_golden_modules_are_fresh(case: str, backend: str, request: pytest.FixtureRequest) -> None:
    module = generate_target(target_of(case, backend))
    if request.config.getoption("--update-golden"):
        assert module.path is not None
        module.path.write_text(module.text, encoding="utf-8")  # `save` leaves what is fresh, after a merge as well
        return
    assert module.path is not None
    assert module.path.exists(), "pytest --update-golden writes it"
    assert module.text.splitlines()[:-1] == module.path.read_text(encoding="utf-8").splitlines()[:-1]
    assert module.state == "fresh"


RUNNER = """
import importlib.util, json, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("symdiff", "sympy", "mpmath", "jinja2", "rich"):
            raise ImportError(f"{name} must not be needed")

sys.meta_path.insert(0, Blocked())
results = {}
for path, function, arguments in json.load(sys.stdin):
    specification = importlib.util.spec_from_file_location("golden", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    value = getattr(module, function)(**arguments)
    results[path + function] = value.tolist() if hasattr(value, "tolist") else value
print(json.dumps(results, default=lambda value: value.tolist()))
"""

CALLS: list[tuple[str, str, dict[str, Any], Any]] = [
    ("damped", "damped", {"t": 0.7}, math.exp(-0.35) * math.cos(1.4)),
    ("damped", "damped_grad", {"t": 0.7}, math.exp(-0.35) * (-0.5 * math.cos(1.4) - 2.0 * math.sin(1.4))),
    ("damped", "damped_hess", {"t": 0.0}, 0.25 - 4.0),
    ("arrhenius", "arrhenius", {"T": 300.0, "Ea": 5000.0}, 1e3 * math.exp(-5000.0 / (8.314 * 300.0))),
    ("clipped", "clipped_grad", {"x": -2.0}, -0.5),
    ("clipped", "clipped_grad", {"x": 0.5}, 1.0),
    ("rosenbrock", "rosenbrock_grad", {"x": [1.0, 1.0, 2.0]}, [0.0, -400.0, 200.0]),
    ("polar", "polar_jac", {"p": {"r": 2.0, "phi": 0.0}}, [{"r": 1.0, "phi": 0.0}, {"r": 0.0, "phi": 2.0}]),
    ("named", "named_value_and_grad", {"lambda_": 1.0, "np_": 2.0, "sin": 0.0}, [1.0, [1.0, 0.0, 2.0]]),
    ("special", "special", {"x": 0.5}, math.erf(0.5) * math.gamma(1.3) + 0.5),
]


@pytest.mark.parametrize("backend", BACKENDS)
def test_golden_modules_run_without_symdiff(backend: str) -> None:
    calls = [
        (str(GOLDEN / f"{case}_{backend}.py"), function, arguments, expected)
        for case, function, arguments, expected in CALLS
    ]
    for path, function, arguments, expected in calls:
        given = json.dumps([(path, function, arguments)])
        done = subprocess.run(
            [sys.executable, "-I", "-W", "error", "-c", RUNNER],
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert flat(json.loads(done.stdout)[path + function]) == pytest.approx(flat(expected), rel=1e-14, abs=1e-14)


def flat(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in flat(value[key])]
    return [leaf for item in value for leaf in flat(item)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("tool", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy", "--strict"]], ids=" ".join)
def test_golden_modules_are_clean(tool: list[str]) -> None:
    """By the tools' own defaults, not by our configuration."""
    name, *arguments = tool
    isolated = ["--isolated"] if name == "ruff" else ["--config-file=", "--no-error-summary"]
    paths = sorted(str(path) for path in GOLDEN.glob("*.py"))
    pytest.importorskip(name)
    done = subprocess.run(
        [sys.executable, "-m", name, *arguments, *isolated, *paths], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_golden_modules_import_only_what_they_say() -> None:
    for path in GOLDEN.glob("*_*.py"):
        text = path.read_text(encoding="utf-8")
        imported = {
            (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        allowed = {
            "math": {"collections.abc", "math", "typing"},
            "numpy": {"collections.abc", "math", "numpy", "typing"},
        }
        allowed["numexpr"] = allowed["numpy"] | {"numexpr"}
        assert imported <= allowed[path.stem.rpartition("_")[2]], path
