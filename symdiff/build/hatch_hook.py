"""The build hook of hatchling, found by the entry point `hatch`.

In: hatchling's call before a wheel or sdist is built. Out: fresh generated files.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin import hookimpl

from symdiff.build.hooks import refresh


class SymdiffBuildHook(BuildHookInterface[Any]):
    """`[tool.hatch.build.hooks.symdiff]`; with `check = true` a stale file fails the build instead of being written."""

    PLUGIN_NAME = "symdiff"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files."""
        refresh(Path(self.root), only_check=bool(self.config.get("check", False)))


@hookimpl
def hatch_register_build_hook() -> type[SymdiffBuildHook]:
    """Tell hatchling of the hook."""
    return SymdiffBuildHook
