"""Fronts of `generate` for build tools: both call `refresh`, and differ only in who calls them.

In: the folder of a project that is being built. Out: its generated files, fresh, or a build that fails.

hatchling: symdiff stands in `[build-system] requires`, and pyproject.toml has `[tool.hatch.build.hooks.symdiff]`.
setuptools: `[tool.setuptools.cmdclass] build_py = "symdiff.build.setuptools_hook.BuildPy"`.
"""

from pathlib import Path

from symdiff.build.check import make_all, write_all
from symdiff.build.configuration import read_configuration
from symdiff.errors import OutputFileError


def refresh(folder: Path, *, only_check: bool = False) -> list[Path]:
    """Bring every configured target of the project up to date; the files that were written.

    only_check: write nothing, and raise OutputFileError where a file is stale.
    """
    made = make_all(read_configuration(folder / "pyproject.toml").targets)
    if not only_check:
        return [item.module.path for item in write_all(made) if item.module.path is not None]
    stale = [str(item.module.path) for item in made if not item.is_fresh]
    if stale:
        raise OutputFileError(f"generated files are stale: {', '.join(stale)}", fix="symdiff generate")
    return []
