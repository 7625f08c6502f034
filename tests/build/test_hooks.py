"""The fronts for build tools refresh what is stale, or fail where they only check."""

from pathlib import Path
from typing import Any

import pytest

from symdiff.build.hooks import refresh
from symdiff.errors import OutputFileError

PROJECT = '[[tool.symdiff.target]]\nfunction = "model.py:f"\noutput = "f_d.py"\nsimplify = "fast"\nbackend = "math"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "model.py").write_text("def f(x):\n    return x * x\n")
    return tmp_path


def test_stale_files_are_written_and_fresh_ones_left(project: Path) -> None:
    assert refresh(project) == [project / "f_d.py"]
    assert refresh(project) == []
    (project / "model.py").write_text("def f(x):\n    return x * x * x\n")
    assert refresh(project) == [project / "f_d.py"]


def test_checking_fails_and_writes_nothing(project: Path) -> None:
    with pytest.raises(OutputFileError, match=r"stale: .*f_d\.py"):
        refresh(project, only_check=True)
    assert not (project / "f_d.py").exists()
    refresh(project)
    assert refresh(project, only_check=True) == []


def test_hatchling(project: Path) -> None:
    pytest.importorskip("hatchling")
    from symdiff.build.hatch_hook import SymdiffBuildHook, hatch_register_build_hook

    def hook(**config: Any) -> Any:
        return SymdiffBuildHook(str(project), config, None, None, str(project), "wheel")  # type: ignore[arg-type]

    assert hatch_register_build_hook() is SymdiffBuildHook
    with pytest.raises(OutputFileError):
        hook(check=True).initialize("standard", {})
    hook().initialize("standard", {})
    assert (project / "f_d.py").exists()


def test_setuptools(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("setuptools")
    from setuptools import Distribution

    from symdiff.build.setuptools_hook import BuildPy

    monkeypatch.chdir(project)
    command = BuildPy(Distribution({"name": "x", "py_modules": [], "packages": []}))
    command.build_lib = str(project / "build")
    command.ensure_finalized()
    command.run()
    assert (project / "f_d.py").exists()
