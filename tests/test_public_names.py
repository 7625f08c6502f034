"""The public names: one list, in the stub, read by type checkers and by the package itself."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import symdiff as sd

ROOT = Path(__file__).parent.parent


def test_every_name_is_what_its_module_has() -> None:
    names = [name for name in dir(sd) if not name.startswith("_")]
    assert {"grad", "generate", "SymdiffError"} <= set(names)
    for name in names:
        value = getattr(sd, name)
        assert value is getattr(importlib.import_module(sd._homes()[name]), name)
        assert value.__doc__, name


def test_star_imports_all() -> None:
    found: dict[str, object] = {}
    exec("from symdiff import *", found)
    assert set(dir(sd)) - {"__version__"} == set(found) - {"__builtins__"}


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'gradient'"):
        sd.gradient  # noqa: B018
    assert not hasattr(sd, "__wrapped__")


def test_names_are_imported_when_first_used() -> None:
    program = (
        "import sys, symdiff; print('symdiff.api' in sys.modules); symdiff.grad; print('symdiff.api' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]
