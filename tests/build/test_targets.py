"""Targets are found, loaded without the package around them, and refused where they import what is made of them."""

import importlib
import os
import sys
from pathlib import Path

import pytest

from symdiff.build.targets import load_target
from symdiff.errors import TargetError


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package whose __init__ imports the generated module of its model."""
    folder = tmp_path / "pkg"
    folder.mkdir()
    (folder / "__init__.py").write_text("from pkg._energy import energy_grad\n")
    (folder / "constants.py").write_text("K = 3.0\n")
    (folder / "model.py").write_text("from .constants import K\n\n\ndef energy(x):\n    return K * x\n")
    return tmp_path


def test_a_file_is_loaded_without_its_package(package: Path) -> None:
    loaded = load_target("pkg/model.py:energy", package, package / "pkg" / "_energy.py")
    assert loaded.function(2.0) == 6.0
    assert loaded.path == package / "pkg" / "model.py"
    assert "pkg" not in sys.modules


def test_the_package_form_meets_the_circle(package: Path) -> None:
    with pytest.raises(TargetError) as caught:
        load_target("pkg.model:energy", package, package / "pkg" / "_energy.py")
    assert "imports _energy.py" in caught.value.report()
    assert "pkg/model.py:energy" in caught.value.report()


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        *("from f_d import f_grad", "import f_d", "import f_d as d"),
        "try:\n    import f_d\nexcept ImportError:\n    f_d = None",
    ],
)
def test_a_file_that_imports_its_output(line: str, exists: bool, tmp_path: Path) -> None:
    """Refused whether the file is there or not: it would not be, in a fresh checkout."""
    (tmp_path / "model.py").write_text(f"{line}\n\n\ndef f(x):\n    return x\n")
    if exists:
        (tmp_path / "f_d.py").write_text("def f_grad(x):\n    return 1.0\n")
    with pytest.raises(TargetError, match=r"imports f_d\.py, the file that is generated from it"):
        load_target("model.py:f", tmp_path, tmp_path / "f_d.py")
    sys.modules.pop("f_d", None)


@pytest.mark.parametrize(
    "line",
    [
        *("from . import _d", "from ._d import f_grad"),
        "try:\n    from ._d import f_grad\nexcept ImportError:\n    f_grad = None",
    ],
)
def test_a_relative_import_of_the_output(line: str, package: Path) -> None:
    (package / "pkg" / "model.py").write_text(f"{line}\n\n\ndef f(x):\n    return x\n")
    with pytest.raises(TargetError, match=r"imports _d\.py"):
        load_target("pkg/model.py:f", package, package / "pkg" / "_d.py")


def test_an_import_where_it_is_needed_is_no_circle(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text("def f(x):\n    return x\n\n\ndef g(x):\n    import f_d\n    return f_d\n")
    assert load_target("model.py:f", tmp_path, tmp_path / "f_d.py").function(1.0) == 1.0


def test_a_change_within_a_second_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cached bytecode is taken for fresh where time (in seconds) and size agree."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "model.py"
    path.write_text("def f(x):\n    return x + 1\n")
    os.utime(path, (1e9, 1e9))
    assert load_target("model.py:f", tmp_path).function(1.0) == 2.0
    path.write_text("def f(x):\n    return x + 2\n")
    os.utime(path, (1e9, 1e9))
    assert load_target("model.py:f", tmp_path).function(1.0) == 3.0


def test_the_circle_is_met_also_by_who_has_imported_the_output(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (package / "energy_d.py").write_text("slope = None\n")
    (package / "model.py").write_text("import energy_d\n\n\ndef f(x):\n    return x\n")
    monkeypatch.syspath_prepend(str(package))
    imported = importlib.import_module("energy_d")
    with pytest.raises(TargetError, match=r"model\.py imports energy_d\.py"):
        load_target("model.py:f", package, package / "energy_d.py")
    assert sys.modules.pop("energy_d") is imported


def test_methods_are_reached_through_their_class(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text("class A:\n    @staticmethod\n    def f(x):\n        return x\n")
    assert load_target("model.py:A.f", tmp_path).function(1.0) == 1.0


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("modle.py:f", "there is no file modle.py"),
        ("model.py:g", "there is no function g in model.py"),
        ("model.py:area", "did you mean `areas`?"),
        ("model.py:K", "is a float, not a function"),
        ("model.py:A", "is a class, not a function"),
        ("no_such_package.model:f", "ModuleNotFoundError: No module named 'no_such_package'"),
        ("needing.py:f", "-m pip install no_such_library\n"),
        ("broken.py:f", "broken.py cannot be imported: ZeroDivisionError"),
        ("unparsable.py:f", "unparsable.py:1 in <module>"),
        ("leaving.py:f", "SystemExit"),
        ("model.py", "is not a target"),
        ("model.py:areas:f", "is not a target"),
        ("model:areas:f", "is not a target"),
        ("a folder:f", "is not a target"),
    ],
)
def test_what_cannot_be_loaded(target: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text("K = 1.0\n\n\ndef areas(x):\n    return x\n\n\nclass A:\n    pass\n")
    (tmp_path / "needing.py").write_text("from no_such_library.deep import f\n")
    (tmp_path / "broken.py").write_text("x = 1 / 0\n")
    (tmp_path / "unparsable.py").write_text("def f(:\n")
    (tmp_path / "leaving.py").write_text("raise SystemExit(3)\n")
    with pytest.raises(TargetError) as caught:
        load_target(target, tmp_path)
    assert message in caught.value.report()


def test_the_path_of_imports_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text("def f(x):\n    return x\n")
    before = list(sys.path)
    load_target("model.py:f", tmp_path)
    assert sys.path == before


def test_a_function_may_import_when_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "helper.py").write_text("def h(x):\n    return 3.0 * x\n")
    (tmp_path / "lib" / "model.py").write_text("def f(x):\n    from helper import h\n\n    return h(x)\n")
    loaded = load_target("lib/model.py:f", tmp_path)
    before = list(sys.path)
    with loaded.importable():
        assert loaded.function(2.0) == 6.0
    assert sys.path == before
    sys.modules.pop("helper")


def test_a_method_needs_an_object(tmp_path: Path) -> None:
    text = "class Spring:\n    k = 2.0\n\n    def force(self, x):\n        return self.k * x\n\n"
    text += "    @classmethod\n    def unit(cls, x):\n        return cls.k * x\n\n"
    text += "    @staticmethod\n    def zero(x):\n        return 0.0 * x\n\n\nspring = Spring()\n"
    (tmp_path / "model.py").write_text(text)
    with pytest.raises(TargetError, match=r"Spring\.force in model\.py is a method, and there is no object"):
        load_target("model.py:Spring.force", tmp_path)
    for name in ("Spring.unit", "spring.force"):
        assert load_target(f"model.py:{name}", tmp_path).function(3.0) == 6.0
    assert load_target("model.py:Spring.zero", tmp_path).function(3.0) == 0.0
    with pytest.raises(TargetError, match=r"Spring in model\.py is a class, not a function"):
        load_target("model.py:Spring", tmp_path)
