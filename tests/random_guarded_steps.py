"""Steps of functions that need guarded mode: what values decide, what has no source, what is read besides arguments.

In: `random_guarded_steps.txt`. Out: templates of statements that add to `total`, by kinds. They name

    $s $t  scalars    $a  an array    $l  a list of scalars    $c $d  numbers    $k  a small whole number
    $F $G  smooth functions    $n  a suffix of what the step defines

A step may have definitions of its module, and statements that change what it reads, between two calls.
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """Statements of the function; definitions before it; what may be done between two calls."""

    body: str
    module: str = ""
    changes: tuple[str, ...] = ()


@functools.cache
def steps() -> dict[str, tuple[Step, ...]]:
    """All steps by their kinds."""
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    _, *parts = re.split(r"^######## (\w+)\n", text, flags=re.MULTILINE)
    return {
        kind: tuple(map(_step, each.split("\n========\n"))) for kind, each in zip(parts[::2], parts[1::2], strict=True)
    }


def _step(text: str) -> Step:
    text, _, changes = text.strip().partition("\n-------- changes\n")
    module, _, body = text.rpartition("\n-------- f\n")
    return Step(body, module, tuple(changes.splitlines()))
