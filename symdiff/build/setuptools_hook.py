"""The command of setuptools that copies modules, after bringing the generated ones up to date.

In: `[tool.setuptools.cmdclass] build_py = "symdiff.build.setuptools_hook.BuildPy"`. Out: fresh generated files.
"""

from pathlib import Path

from setuptools.command.build_py import build_py

from symdiff.build.hooks import refresh


class BuildPy(build_py):  # type: ignore[misc, unused-ignore]  # setuptools has types in some versions
    """`build_py` of setuptools with fresh derivatives."""

    def run(self) -> None:
        """Called by setuptools in the project's folder."""
        refresh(Path.cwd())
        super().run()
