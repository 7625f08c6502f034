"""Random programs that remember in texts what they have seen, and tell what they do.

In: a seed. Out: the source of a module with `f(x, y, z)`: texts in names, lists, dicts and objects are bound under
branches and in loops, looked into by comparisons, tables and methods, and made of traced values. The same seed gives
the same source.
"""

import random

_WORDS = ("'lo'", "'mid'", "'high'")
_TEXTS = ("s", "t", "held[0]", "known['a']", "o.word")
_NUMBERS = ("x", "y", "z", "a", "b")
_START = """\
import math

TABLE = {"lo": 1.0, "mid": 2.0, "high": -1.5}


class Labelled:
    def __init__(self, word):
        self.word = word


def f(x, y, z):
    a, b, s, t = 0.5 * x, y - z, "lo", "mid"
    held, known, o, said = ["high", "lo"], {"a": "mid"}, Labelled("lo"), []"""
_END = """\
    last = TABLE[s] * a + TABLE[t] * b + TABLE[held[0]] * x + TABLE[known["a"]] * y
    return last + 0.5 * z * TABLE[o.word] + 0.1 * x * len(said)"""


def source(seed: int, *, size: int = 8) -> str:
    """The module; `size` is about the number of statements of `f`."""
    return "\n".join([_START, *_Function(random.Random(f"texts {seed}"), size).lines(), _END, ""])


class _Function:
    def __init__(self, rng: random.Random, size: int) -> None:
        self._rng = rng
        self._left = size

    def lines(self) -> list[str]:
        found: list[str] = []
        while self._left > 0:
            found += self._statement(1)
        return found

    def _block(self, depth: int) -> list[str]:
        return [line for _ in range(self._rng.choice((1, 1, 2))) for line in self._statement(depth)]

    def _statement(self, depth: int) -> list[str]:
        self._left -= 1
        kinds = [self._binding] * 3 + [self._saying, self._computing, self._computing]
        if depth <= 3:
            kinds += [self._choice] * 4 + [self._loop, self._search]
        indent = "    " * depth
        return [f"{indent}{line}" for line in self._rng.choice(kinds)(depth)]

    def _inside(self, depth: int) -> list[str]:
        return [line.removeprefix("    " * depth) for line in self._block(depth + 1)]

    def _binding(self, _: int) -> list[str]:
        return [f"{self._rng.choice(_TEXTS)} = {self._text()}"]

    def _computing(self, _: int) -> list[str]:
        return [f"{self._rng.choice('ab')} = {self._number()}"]

    def _saying(self, _: int) -> list[str]:
        number, text = self._rng.choice(_NUMBERS), self._rng.choice(_TEXTS)
        forms = (
            f'said.append(f"{{{number}}} is {{{text}}}")',
            f'said.append("%s and " % {number} + {text})',
            f'"; ".join([{text}, str({number})])',
            f'"{{}} of {{}}".format({text}, [{number}])',
        )
        return [self._rng.choice(forms)]

    def _choice(self, depth: int) -> list[str]:
        found = [f"if {self._test()}:", *self._inside(depth)]
        return [*found, "else:", *self._inside(depth)] if self._rng.random() < 0.6 else found

    def _loop(self, depth: int) -> list[str]:
        found = [f"for _ in range({self._rng.choice((2, 3))}):", *self._inside(depth)]
        if self._rng.random() < 0.4:
            found += [f"    if {self._test()}:", "        break"]
        return found

    def _search(self, _: int) -> list[str]:
        """A loop that ends when it has found something, and says so; what a long one says is only shown."""
        text, rounds = self._rng.choice((("s", 4), ("t", 3), ("note", 60)))
        word = self._rng.choice((*_WORDS, 'f"found {k}"')) if text == "note" else self._rng.choice(_WORDS)
        start = ["note = 'nothing'"] if text == "note" else []
        body = ["    a = 0.6 * a", "    if abs(a) < 0.05:", f"        {text} = {word}", "        break"]
        return [*start, f"for k in range({rounds}):", *body, f"said.append({text} + '!')"]

    def _test(self) -> str:
        text = self._rng.choice(_TEXTS)
        forms = (
            f"{text} {self._rng.choice(('==', '!='))} {self._rng.choice(_WORDS)}",
            f"{text} in ('lo', 'high')",
            f"len({text}) > 2",
            f"{text}.startswith('m')",
        )
        if self._rng.random() < 0.5:
            return self._rng.choice(forms)
        return f"{self._rng.choice(_NUMBERS)} {self._rng.choice('<>')} {self._rng.uniform(-1.0, 1.5):.3f}"

    def _text(self) -> str:
        form = self._rng.random()
        if form < 0.3:
            return self._rng.choice(_TEXTS)
        if form < 0.6:
            first = self._rng.choice((*_TEXTS, *_WORDS))
            return f"{first} if {self._test()} else {self._rng.choice(_WORDS)}"
        return self._rng.choice(_WORDS)

    def _number(self) -> str:
        first, second = self._rng.choice(_NUMBERS), self._rng.choice(_NUMBERS)
        forms = (
            f"TABLE[{self._rng.choice(_TEXTS)}] * {first}",
            f"0.5 * {first} * {second}",
            f"math.sin({first})",
            f"{first} - {self._rng.uniform(0.1, 0.9):.2f} * {second}",
        )
        return self._rng.choice(forms)
