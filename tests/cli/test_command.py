"""The command as a whole: help, explain, show, compare, doctor, demo; streams and signals."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from symdiff.cli import demo
from symdiff.cli.main import main
from symdiff.compare import references

ROOT = Path(__file__).parent.parent.parent
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "model.py"
    path.write_text("import numpy as np\n\n\ndef f(x, k=2.0):\n    return k * np.sin(x) ** 2\n")
    return path


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def test_help_loads_nothing_heavy() -> None:
    """A budget of 0.3 s is kept by not importing, which can be tested without a clock."""
    program = (
        "import sys\nfrom symdiff.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'sympy', 'jinja2', 'rich', 'mpmath', 'numexpr'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = run("-c", program)
    assert done.returncode == 0, done.stderr
    assert "generate" in done.stdout


def test_the_module_is_the_command() -> None:
    done = run("-m", "symdiff", "--version")
    assert done.returncode == 0
    assert done.stdout.startswith("symdiff ")


def test_usage_errors_are_two(capsys: Captured) -> None:
    for words in ([], ["nonsense"], ["show"], ["generate", "--check", "--diff"]):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 2
    assert "usage: symdiff" in capsys.readouterr().err


def test_explain(capsys: Captured) -> None:
    assert main(["explain", "sd303"]) == 0
    assert capsys.readouterr().out.startswith("SD303 OutputFileError")
    assert main(["explain"]) == 0
    assert "SD304  VerificationError" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--as", "latex"], r"k \sin^{2}{\left(x \right)}"),
        (["--as", "pretty"], "sin"),
        (["--as", "latex", "--emit", "grad", "--wrt", "x"], r"\cos"),
        (["--as", "source", "--emit", "grad"], "def f_grad("),
    ],
)
def test_show(words: list[str], expected: str, capsys: Captured) -> None:
    assert main(["show", "model.py:f", *words]) == 0
    assert expected in capsys.readouterr().out


def test_compare(capsys: Captured) -> None:
    words = ["compare", "model.py:f", "--at", "x=0.3", "--against", "fd,complex-step,mpmath,autograd", "--json"]
    assert main(words) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["schema"] == 1
    assert facts["elements"] == ["x", "k"]
    rows = {row["method"]: row for row in facts["rows"]}
    assert max(rows["symdiff"]["errors_ulp"]) <= 4
    assert max(rows["complex-step"]["errors_ulp"]) <= 4
    assert max(rows["fd"]["errors_ulp"]) > 10
    assert rows["mpmath"]["errors_ulp"] == [0.0, 0.0]


def test_compare_tells_what_cannot_be_compared(model: Path, capsys: Captured) -> None:
    model.write_text("import math\n\n\ndef f(x):\n    return math.sin(x)\n")
    assert main(["compare", "model.py:f", "--against", "complex-step"]) == 0
    assert "complex-step cannot: TypeError" in capsys.readouterr().out


def test_compare_in_a_vector(model: Path, capsys: Captured) -> None:
    model.write_text("import numpy as np\n\n\ndef f(x):\n    return np.sum(x ** 3)\n")
    assert main(["compare", "model.py:f", "--shapes", "x=2", "--against", "fd,complex-step", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["elements"] == ["x[0]", "x[1]"]
    assert not any("problem" in row for row in facts["rows"])


def test_doctor(capsys: Captured) -> None:
    assert main(["doctor", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["self_test"] == {"numpy": "passed", "numexpr": "passed", "math": "passed"}
    assert main(["doctor"]) == 0
    assert "templates" in capsys.readouterr().out


def test_demo(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_METHODS", ("fd", "mpmath"))
    assert main(["demo"]) == 0
    shown = capsys.readouterr().out
    assert "def call_price_value_and_grad(" in shown
    assert "0 ULP" in shown


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}])
def test_pipes_get_no_colour(environment: dict[str, str]) -> None:
    done = run("-m", "symdiff", "compare", "model.py:f", "--against", "fd", **environment)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    from symdiff.cli import explain

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(explain, "run", interrupted)
    assert main(["explain"]) == 130


def test_a_reader_that_leaves_is_no_error() -> None:
    program = f"{sys.executable} -m symdiff explain SD303 | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_full_disk_is_told_in_a_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "symdiff", "explain", "SD101"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 2
    assert done.stderr == "symdiff: the output cannot be written: No space left on device\n"


def test_show_by_a_parameter_is_the_derivative_by_it(capsys: Captured) -> None:
    assert main(["show", "model.py:f", "--wrt", "k", "--as", "latex"]) == 0
    assert capsys.readouterr().out == "\\sin^{2}{\\left(x \\right)}\n"
    assert main(["show", "model.py:f", "--wrt", "q"]) == 2
    assert "f has no parameter 'q'" in capsys.readouterr().err


def test_a_method_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(references.importlib, "import_module", lambda name: __import__("absent_library"))
    assert main(["compare", "model.py:f", "--against", "jax"]) == 0
    assert "jax cannot: absent_library is not installed" in capsys.readouterr().out


def test_compare_at_a_kink_has_no_truth(model: Path, capsys: Captured) -> None:
    model.write_text("def f(x, y):\n    return max(x, 0.0) * 3 + min(x, 0.0) ** 2 + (x * x if x > 1 else x) * y ** 2\n")
    words = ["compare", "model.py:f", "--at", "x=0,y=0", "--against", "mpmath"]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "no derivative by x, at a kink or a jump: the slope below is 0, above 3" in shown
    assert "by y" not in shown
    assert main([*words, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["kinks"] == [{"element": "x", "below": 0.0, "above": 3.0}]
    assert facts["rows"][0]["errors_ulp"] == ["nan", 0.0]


def test_compare_where_the_derivative_vanishes(model: Path, capsys: Captured) -> None:
    model.write_text("def f(x, y):\n    return x ** 2 + abs(y) ** 1.5 + abs(y * y * y)\n")
    assert main(["compare", "model.py:f", "--at", "x=0,y=0", "--against", "mpmath", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kinks"] == []
