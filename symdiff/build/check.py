"""Which of the generated files would change, and writing all of them or none.

In: targets. Out: for each its module, made anew in memory, and the difference to the file.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from symdiff.build.configuration import Target
from symdiff.build.generate import GeneratedModule, generate_target
from symdiff.build.said import told_of
from symdiff.build.writing import read_existing, require_writable
from symdiff.emit.freshness import difference


@dataclass(frozen=True)
class Made:
    """A target and what generating gives now."""

    target: Target
    module: GeneratedModule

    @property
    def is_fresh(self) -> bool:
        return self.module.state == "fresh"

    def diff(self) -> str:
        """A unified diff from the file to what generating gives; everything is new where there is no file."""
        path = self.module.path
        if path is None or self.is_fresh:
            return ""
        return difference(read_existing(path) or "", self.module.text, str(path))


def make_all(targets: Iterable[Target], progress: Callable[[str], None] = lambda _: None) -> list[Made]:
    """Every target's module, in memory. The first error ends it: nothing has been written by then."""
    made = []
    for target in targets:
        progress(target.function)
        made.append(Made(target, generate_target(target)))
    return made


def write_all(made: Sequence[Made], *, force: bool = False) -> list[Made]:
    """Write the files that changed, after looking at all of them; returns those that were written."""
    with_files = [item for item in made if item.module.path is not None]
    for item in with_files:
        assert item.module.path is not None
        with told_of(item.target.where):
            require_writable(item.module.path, item.module.text, force=force)
    changed = [item for item in with_files if not item.is_fresh]
    for item in changed:
        item.module.save(force=force)
    return changed
