"""Random programs about who holds what: lists, dicts, arrays, objects, aliased, swapped, bound anew and written into.

In: a seed. Out: the source of a module with `f(x, y, z)`, in which names of one kind may stand for the same object at
any time, under branches and in loops, in inner functions and behind helpers. The same seed gives the same source.
"""

import random

from tests.random_held import KINDS, NAMES, Expressions

_PRELUDE = """import math

import numpy as np


class Pair:
    def __init__(self, left, right, items):
        self.left = left
        self.right = right
        self.items = items

    def shift(self, by):
        self.left += by
        self.items[0] -= 0.5 * by
        return self

    def moved(self, by):
        return Pair(self.left + by, self.right, self.items)


def write(target, place, value):
    target[place] += value
    return target


def pick(first, second, test):
    if test > 0.2:
        return first
    return second


def fill(target, place, value):
    if place < 3:
        target[place] += value
        fill(target, place + 1, 0.5 * value)


def each(target, factor):
    for item in target:
        yield factor * item


def renewed(target, test):
    if test < 0.4:
        target[0] = 0.5 * test
        return target
    return [0.5 * test, target[0], target[1]]
"""

_PARTS = {
    "list": "[1]",
    "table": '["a"]',
    "array": "[2]",
    "object": ".left",
    "nest": "[0][1]",
    "matrix": "[1, 0]",
}


def source(seed: int, *, size: int = 10) -> str:
    """The module; `size` is about the number of statements of `f`."""
    rng = random.Random(f"objects {seed}")
    kinds = ["list", *rng.sample(KINDS[1:], rng.choice((1, 1, 2)))]
    return f"{_PRELUDE}\n\n{_Function(rng, kinds, size).text()}\n"


class _Function(Expressions):
    def __init__(self, rng: random.Random, kinds: list[str], size: int) -> None:
        super().__init__(rng, kinds)
        self._left = size
        self._inner: list[str] = []
        self._lines: list[str] = []
        self._indent = 1
        self._loops = 0
        self._last = 0

    def text(self) -> str:
        """The definition."""
        self._write("s, t = 0.5 * x, y")
        for kind in self._kinds:
            for name in NAMES[kind]:
                self._write(f"{name} = {self._made(kind)}")
        for _ in range(self._rng.randrange(3)):
            self._inner_function()
        while self._left > 0:
            self._statement()
        self._write(f"return {self._all()}")
        return "\n".join(["def f(x, y, z):", *self._lines])

    # Statements

    def _write(self, line: str) -> None:
        self._lines.append("    " * self._indent + line)

    def _fresh(self, stem: str) -> str:
        self._last += 1
        return f"{stem}{self._last}"

    def _statement(self) -> None:
        self._left -= 1
        kinds = [
            (self._number, 1.5),
            (self._element, 4.0),
            (self._bind, 4.0),
            (self._in_place, 1.5),
            (self._through, 1.2),
            (self._if, 4.0 if self._indent < 4 else 0.0),
            (self._for, 1.2 if self._loops < 2 and self._indent < 4 else 0.0),
            (self._while, 0.8 if not self._loops and self._indent < 3 else 0.0),
            (self._call, 1.0 if self._inner else 0.0),
            (self._flag, 0.5 if self._indent < 4 else 0.0),
            (self._taken, 0.8),
            (self._one_of_its_own, 1.0),
        ]
        self._rng.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]()

    def _number(self) -> None:
        self._write(f"{self._rng.choice('st')} {self._rng.choice(['=', '+=', '-='])} {self._real(1)}")

    def _element(self) -> None:
        """A write to a part of something."""
        how = self._rng.choice(["=", "+=", "-=", "+=", "*="])
        self._write(f"{self._place()} {how} {self._real(1)}")

    def _bind(self) -> None:
        """A name is bound to something else of its kind, which may be what another one holds."""
        rng = self._rng
        kind = rng.choice(self._kinds)
        name, other = rng.choice(NAMES[kind]), rng.choice(NAMES[kind])
        match rng.randrange(8):
            case 0 | 1:
                self._write(f"{name} = {self._made(kind)}")
            case 2 | 3:
                self._write(f"{name} = {other}")
            case 4 if name != other:
                self._write(f"{name}, {other} = {other}, {name}")
            case 5:
                self._write(f"{name} = {self._chosen(kind)}")
            case 6:
                self._write(f"{name} = {self._copied(kind, other)}")
            case _:
                self._mix()

    def _mix(self) -> None:
        """Something is put into what another kind holds, or taken out of it."""
        rng = self._rng
        place, one = self._list_place(), rng.choice("pqr")
        self._write(f"{one} = {place}" if rng.random() < 0.5 else f"{place} = {one}")

    def _in_place(self) -> None:
        rng = self._rng
        kind = rng.choice(self._kinds)
        name, other = rng.choice(NAMES[kind]), rng.choice(NAMES[kind])
        ways = {
            "list": [
                f"{name}.reverse()",
                f"{name}.append({name}.pop(0))",
                f"{name}.insert(0, {name}.pop())",
                f"{name}[:] = {other}",
                f"{name}[0], {name}[2] = {name}[2], {name}[0]",
                f"{name}[1:] = [{self._real(1)}, {name}[0]]",
                f"{name}[0], {other}[1] = {other}[1], {name}[0]",
            ],
            "table": [
                f"{name}.update({other})",
                f"{name}.update(a={self._real(1)})",
                f'{name}["a"], {name}["b"] = {name}["b"], {name}["a"]',
                f'{name}["a"] = {name}.pop("a") + {self._number_or_name()}',
                f'{name}["a"], {other}["b"] = {other}["b"], {name}["a"]',
            ],
            "array": [
                f"{name} += {other}",
                f"{name} *= {self._real(0)}",
                f"{name}[:] = {other} * 0.5",
                f"{name}[1:] += {self._real(1)}",
                f"{name}[::-1][0] = {self._real(1)}",
                f"{name}[:2] -= {other}[1:]",
            ],
            "object": [
                f"{name}.shift({self._real(1)})",
                f"{name}.left, {name}.right = {name}.right, {other}.left",
                f"{name}.items = {other}.items",
                f"{name}.items = [{self._real(1)}, {self._real(0)}, {other}.items[0]]",
                f"{name}.items.reverse()",
            ],
            "matrix": [
                f"{name} += {other}",
                f"{name}[0] *= {self._real(0)}",
                f"{name}[:, 1] = {other}[0]",
                f"{name}.T[0][1] = {self._real(1)}",
                f"{name}[0], {name}[1] = {name}[1].copy(), {name}[0].copy()",
                f"{name}[0], {name}[1] = {name}[1], {name}[0]",
            ],
            "nest": [
                f"{name}.reverse()",
                f"{name}[0], {name}[1] = {name}[1], {name}[0]",
                f"{name}[0] = {other}[1]",
                f"{name}[:] = {other}",
                f"{name}[1] = [{self._real(0)}, {other}[0][1], 0.5]",
            ],
        }
        self._write(rng.choice(ways[kind]))

    def _through(self) -> None:
        """A write through an expression that picks what is written to."""
        rng = self._rng
        kind = rng.choice(self._kinds)
        picked = self._chosen(kind) if rng.random() < 0.6 else self._helped(kind)
        self._write(f"{picked}{_PARTS[kind]} += {self._real(1)}")

    def _if(self) -> None:
        rng = self._rng
        self._write(f"if {self._condition()}:")
        self._side()
        if rng.random() < 0.25:
            self._write(f"elif {self._condition()}:")
            self._side()
        if rng.random() < 0.6:
            self._write("else:")
            self._side()

    def _side(self) -> None:
        self._indent += 1
        for _ in range(self._rng.randrange(1, 4)):
            self._statement()
        if self._loops and self._rng.random() < 0.12:
            self._write(self._rng.choice(["break", "continue"]))
        elif self._rng.random() < 0.06:
            self._write(f"return {self._all()}")
        self._indent -= 1

    def _for(self) -> None:
        rng = self._rng
        item = self._fresh("i")
        self._loops += 1
        match rng.randrange(4):
            case 0:
                self._write(f"for {item} in range({rng.randrange(2, 4)}):")
                self._side()
            case 1:
                self._write(f"for {item} in {rng.choice('pqr')}:")
                self._numbers.append(item)
                self._side()
                self._numbers.remove(item)
            case 2:
                self._write(f"for {item} in ({rng.choice('pqr')}, {self._list_place()}):")
                self._items.append(item)
                self._side()
                self._items.remove(item)
            case _:
                sequence = rng.choice(["zip({}, {})", "enumerate({1})"])
                own = f"j{item}"
                self._write(f"for {own}, {item} in {sequence.format(*rng.sample('pqr', 2))}:")
                self._numbers.append(item)
                self._side()
                self._numbers.remove(item)
        self._loops -= 1

    def _while(self) -> None:
        """A loop whose number of rounds depends on data, or does not."""
        rng, counter = self._rng, self._fresh("k")
        self._write(f"{counter} = 0")
        if rng.random() < 0.7:
            waits = self._fresh("w")
            self._write(f"{waits} = 1.1 + abs({self._real(0)})")
            self._write(f"while {waits} > 0.6 and {counter} < 4:")
            self._block([f"{counter} += 1", f"{waits} *= 0.7"])
        else:
            self._write(f"while {counter} < {rng.randrange(2, 4)}:")
            self._block([f"{counter} += 1"])
        self._loops += 1
        self._side()
        self._loops -= 1

    def _taken(self) -> None:
        """Items are taken from an iterator, some here and some behind it."""
        rng, name = self._rng, self._fresh("it")
        made = rng.choice(["iter({})", "enumerate({})", "zip({}, {})", "each({}, 0.5)", "reversed({})"])
        pairs = made.startswith(("enumerate", "zip"))
        self._write(f"{name} = {made.format(*rng.sample('pqr', 2))}")
        item = f"next({name})[1]" if pairs else f"next({name}, {self._real(0)})"
        self._write(f"if {self._condition()}:")
        self._block([f"t += {item}"] if rng.random() < 0.5 else [f"s -= {self._real(1)}"])
        self._write(f"for g in {name}:")
        self._block([f"s += 0.5 * {'g[1]' if pairs else 'g'}"])

    def _one_of_its_own(self) -> None:
        """What plain Python has besides."""
        rng = self._rng
        one, other = rng.sample("pqr", 2)
        ways = [
            [f"fill({one}, {rng.randrange(3)}, {self._real(0)})"],
            [f"h = lambda g: g * {one}[0] + s", f"{self._place()} += {self._real(1)}", "t -= 0.5 * h(0.7)"],
            [f"first, *others = {one}", f"{other} = [*others, first]"],
            [f"{one}[:2], {other}[1:] = {other}[1:], {one}[:2]"],
            [f"{one}[::2] = [{self._real(0)}, {self._real(1)}]"],
            [f"{one} = {other} = [{self._real(0)}, {self._real(0)}, s]"],
            [f"{one}[0] = {other}[1] = {self._real(1)}"],
            [f"{one}.append({self._real(1)})", f"del {one}[{rng.randrange(3)}]"],
            [f"s += sum(g for g in {one} if g > {self._number_or_name()})"],
            [f"t += max({one}, key=abs) * 0.5"],
            [f"{one} = sorted({other})"],
            [f"if (g := {self._real(1)}) > 0.3:", f"    {one}[1] -= g"],
            [
                "try:",
                f"    {one}[0] += {self._real(1)}",
                "finally:",
                f"    {other}[1] *= {self._real(0)}",
            ],
            [f"for g, h in zip({one}, {other}):", f"    {one}[2] += 0.5 * g * math.sin(h)"],
        ]
        if "table" in self._kinds:
            ways += [
                ["for key in d:", f"    e[key] += 0.5 * d[key] + {self._real(0)}"],
                ["for key, held in e.items():", f"    d[key] = held * {self._real(0)}"],
                [f"t += 0.5 * sum(d.values()) + e.get('a', 0.0) + e.setdefault('b', {self._real(0)})"],
            ]
        if "array" in self._kinds:
            ways += [
                [f"u[u > {self._number_or_name()}] = {self._real(0)}"],
                ["v[[0, 2]] += w[:2]"],
                [f"w = np.where(u > {self._number_or_name()}, v, w)"],
                ["u = np.concatenate([v[:1], w[1:]])"],
                ["t += u @ v"],
                ["w = v.reshape(3, 1)[:, 0]"],
            ]
        for line in rng.choice(ways):
            self._write(line)

    def _flag(self) -> None:
        """A test that is kept, and asked again."""
        test = self._fresh("test")
        self._write(f"{test} = {self._condition()}")
        for _ in range(2):
            self._write(f"if {test}:")
            self._side()

    def _inner_function(self) -> None:
        """A function that writes into what its surroundings hold, or binds their names."""
        rng, name = self._rng, self._fresh("inner")
        kind = rng.choice(self._kinds)
        bound = rng.choice(NAMES[kind])
        self._write(f"def {name}(h):")
        self._indent += 1
        self._numbers.append("h")
        binds = rng.random() < 0.3
        if binds:
            self._write(f"nonlocal s, {bound}")
        if not binds:
            self._write(f"{self._place()} -= {self._real(0)}")
        elif rng.random() < 0.5:
            self._write(f"if {self._condition()}:")
            self._block([f"{bound} = {self._copied(kind, rng.choice(NAMES[kind]))}", f"s += {self._real(0)}"])
        else:
            self._write(f"{bound} = {rng.choice(NAMES[kind])}")
        self._write(f"{self._place()} += {self._real(0)}")
        self._write(f"return {self._real(1)}")
        self._numbers.remove("h")
        self._indent -= 1
        self._inner.append(name)

    def _call(self) -> None:
        self._write(f"{self._rng.choice('st')} += {self._rng.choice(self._inner)}({self._real(0)})")

    def _block(self, lines: list[str]) -> None:
        self._indent += 1
        for line in lines:
            self._write(line)
        self._indent -= 1
