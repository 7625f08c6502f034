"""Random programs with classes, exceptions, generators, `with` blocks, `match`, closures and containers.

In: a seed. Out: the source of a module with `f(x, y, z)`, whose classes, too, are written anew for every seed. The same
seed gives the same source. The texts that are put together are in `class_prelude` and `class_statements`.
"""

import random
import re
import textwrap
from collections.abc import Sequence

from tests.class_prelude import IMPORTS, PRELUDE
from tests.class_statements import CLASSWIDE, CONDITIONS, END, NAMES, NUMBERS, REALS, START, STATEMENTS, VECS

_HOLE = re.compile(r"<(\w+)>")
_PRELUDE_HOLE = re.compile(r"<(real|test) ([^>]*)>")
_CONSTANTS = ("0.1", "0.6", "-0.4", "0.3", "x", "y")
_SMOOTH = ("0.5 * math.sin({})", "math.tanh({}) - 0.25", "0.75 * {}", "{} - 0.5", "0.3 * {} * {}", "math.cos({})")
_DEEPEST = 4  # blocks inside each other


def source(seed: int, *, size: int = 10) -> str:
    """The module; `size` is about the number of statements of `f`."""
    rng = random.Random(f"classes {seed}")
    kinds = rng.sample(sorted(set(STATEMENTS) - {"plain", "nesting"}), 3)
    is_inside = rng.random() < 0.4
    prelude = _prelude(rng, is_inside)
    body = _Function(rng, ["plain", "nesting", *kinds], size, CLASSWIDE if is_inside else ()).text()
    if is_inside:
        return f"{IMPORTS}\n\ndef f(x, y, z):\n{textwrap.indent(prelude, '    ')}\n{body}\n"
    return f"{IMPORTS}\n\n{prelude}\n\ndef f(x, y, z):\n{body}\n"


def _prelude(rng: random.Random, is_inside: bool) -> str:
    def filled(hole: re.Match[str]) -> str:
        names = hole[2].split()
        if hole[1] == "test":
            return f"{rng.choice(names)} {rng.choice('<>')} {rng.choice(('0.2', '0.7', '-0.3', '1.1'))}"
        return rng.choice(_SMOOTH).format(*(rng.choice(names) for _ in range(2)))

    text = PRELUDE.replace("<counts>", "Meter.made += 1" if is_inside else "self.own = 0.5")
    return _PRELUDE_HOLE.sub(filled, text.replace("<calls>", "called.calls += 1" if is_inside else "by = 0.5"))


class _Function:
    def __init__(self, rng: random.Random, kinds: list[str], size: int, more: Sequence[str]) -> None:
        self._rng = rng
        self._statements = STATEMENTS | {"objects": (*STATEMENTS["objects"], *more)}
        self._kinds = kinds
        self._left = size
        self._last = 0
        self._depth = 0
        self._rounds = 0

    def text(self) -> str:
        """The definition."""
        body = []
        while self._left > 0:
            body += self._statement().split("\n")
        return "\n".join([START, *(f"    {line}" for line in body), f"    return {END}"])

    def _statement(self) -> str:
        """One statement, which may be of many lines."""
        rng = self._rng
        self._left -= 1
        kind = rng.choice([*self._kinds, "nesting"])
        if kind == "nesting" and self._depth < 2 and rng.random() < 0.12:
            kind = "rounds"
        if self._depth >= _DEEPEST or (kind == "rounds" and self._rounds):
            kind = "plain"
        return self._whole(rng.choice(self._statements[kind]), kind == "rounds")

    def _whole(self, template: str, is_loop: bool) -> str:
        self._depth += 1
        self._rounds += is_loop
        self._last += 1
        fresh = f"fresh{self._last}"
        lines: list[str] = []
        for line in template.replace("<fresh>", fresh).split("\n"):
            indent, text = line[: len(line) - len(line.lstrip())], line.lstrip()
            found = self._statement() if text == "<block>" else self._filled(text, 2)
            lines += [indent + each for each in found.split("\n")]
        self._depth -= 1
        self._rounds -= is_loop
        return "\n".join(lines)

    def _filled(self, template: str, depth: int) -> str:
        self._last += 1
        template = template.replace("<fresh>", f"fresh{self._last}")
        return _HOLE.sub(lambda hole: self._hole(hole[0], depth), template)

    def _hole(self, hole: str, depth: int) -> str:
        rng, less = self._rng, depth - 1
        if hole in NAMES:
            return rng.choice(NAMES[hole])
        match hole:
            case "<n>":
                return rng.choice("xyzst")
            case "<k>":
                return rng.choice(_CONSTANTS)
            case "<cmp>":
                return rng.choice("<>")
            case "<at>":
                return rng.choice("01")
            case "<G>":
                return rng.choice(("Meter", "Gauge"))
            case "<r>":
                return self._filled(rng.choice(REALS if depth > 0 and rng.random() < 0.6 else NUMBERS), less)
            case "<c>":
                return self._filled(rng.choice(CONDITIONS if depth > 0 else CONDITIONS[:1]), less)
            case "<V>":
                return self._filled(rng.choice(VECS), less)
            case "<end>":
                return END
        raise ValueError(hole)
