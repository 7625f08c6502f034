"""Random programs about who holds what: lists, dicts, arrays, objects, aliased, swapped, bound anew and written into.

In: a seed. Out: the source of a module with `f(x, y, z)`, in which names of one kind may stand for the same object at
any time, under branches and in loops, in inner functions and behind helpers. The same seed gives the same source.
"""

import random

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


def renewed(target, test):
    if test < 0.4:
        target[0] = 0.5 * test
        return target
    return [0.5 * test, target[0], target[1]]
"""
_SMOOTH = ("math.sin", "math.cos", "math.tanh", "math.atan")
_KINDS = ("list", "table", "array", "object", "nest")
_NAMES = {"list": "pqr", "table": "de", "array": "uvw", "object": "om", "nest": "nk"}


def source(seed: int, *, size: int = 10) -> str:
    """The module; `size` is about the number of statements of `f`."""
    rng = random.Random(f"objects {seed}")
    kinds = ["list", *rng.sample(_KINDS[1:], rng.choice((1, 1, 2)))]
    return f"{_PRELUDE}\n\n{_Function(rng, kinds, size).text()}\n"


class _Function:
    def __init__(self, rng: random.Random, kinds: list[str], size: int) -> None:
        self._rng = rng
        self._left = size
        self._kinds = kinds
        self._numbers = ["x", "y", "z", "s", "t"]
        self._items: list[str] = []  # names of lists of three numbers, while a `for` runs over some
        self._inner: list[str] = []
        self._lines: list[str] = []
        self._indent = 1
        self._loops = 0
        self._last = 0

    def text(self) -> str:
        """The definition."""
        self._write("s, t = 0.5 * x, y")
        for kind in self._kinds:
            for name in _NAMES[kind]:
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
        name, other = rng.choice(_NAMES[kind]), rng.choice(_NAMES[kind])
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
        name, other = rng.choice(_NAMES[kind]), rng.choice(_NAMES[kind])
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
        key = {"list": "[1]", "table": '["a"]', "array": "[2]", "object": ".left", "nest": "[0][1]"}[kind]
        picked = self._chosen(kind) if rng.random() < 0.6 else self._helped(kind)
        self._write(f"{picked}{key} += {self._real(1)}")

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
        bound = rng.choice(_NAMES[kind])
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
            self._block([f"{bound} = {self._copied(kind, rng.choice(_NAMES[kind]))}", f"s += {self._real(0)}"])
        else:
            self._write(f"{bound} = {rng.choice(_NAMES[kind])}")
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

    # Expressions that hold something

    def _made(self, kind: str) -> str:
        """Something new of a kind; what it holds may be somebody else's."""
        values = [self._number_or_name() for _ in range(3)]
        match kind:
            case "list":
                return f"[{', '.join(values)}]"
            case "table":
                return f'{{"a": {values[0]}, "b": {values[1]}}}'
            case "array":
                return self._rng.choice(["np.zeros(3) + {}", "np.ones(3) * {}", "np.array([{}, {}, {}])"]).format(
                    *values
                )
            case "object":
                return f"Pair({values[0]}, {values[1]}, {self._rng.choice(['p', 'q', '[' + ', '.join(values) + ']'])})"
        return f"[{self._rng.choice('pqr')}, {self._rng.choice(['p', 'q', '[' + ', '.join(values) + ']'])}]"

    def _copied(self, kind: str, name: str) -> str:
        """Something of a kind that is made out of another one."""
        ways = {
            "list": [
                "list({0})",
                "{0}[:]",
                "{0}.copy()",
                "{0}[1:] + [{1}]",
                "[{1}, *{0}[:2]]",
                "[0.5 * g for g in {0}]",
            ],
            "table": ["dict({0})", "{0}.copy()", '{{**{0}, "b": {1}}}', "{{g: 0.5 * h for g, h in {0}.items()}}"],
            "array": ["{0}.copy()", "{0} + {1}", "{0}[::-1]", "{0}[:]", "0.5 * {0}", "-{0}"],
            "object": ["{0}.moved({1})", "Pair({0}.right, {1}, {0}.items)", "{0}.shift({1})"],
            "nest": ["list({0})", "{0}[::-1]", "[{0}[1], {0}[0]]", "[g[:] for g in {0}]"],
        }
        return self._rng.choice(ways[kind]).format(name, self._real(0))

    def _chosen(self, kind: str) -> str:
        one, other = (self._rng.choice(_NAMES[kind]) for _ in range(2))
        if self._rng.random() < 0.3:
            other = self._made(kind)
        return f"({one} if {self._condition()} else {other})"

    def _helped(self, kind: str) -> str:
        rng = self._rng
        one, other = (rng.choice(_NAMES[kind]) for _ in range(2))
        if kind == "list" and rng.random() < 0.5:
            return rng.choice([f"write({one}, 1, {self._real(0)})", f"renewed({one}, {self._real(0)})"])
        return f"pick({one}, {other}, {self._real(0)})"

    def _list_place(self) -> str:
        """Where a list of three numbers is held."""
        places = []
        if "object" in self._kinds:
            places += [f"{name}.items" for name in _NAMES["object"]]
        if "nest" in self._kinds:
            places += [f"{name}[{at}]" for name in _NAMES["nest"] for at in (0, 1)]
        return self._rng.choice(places or list("pqr"))

    # Expressions of numbers

    def _place(self) -> str:
        """A number that something holds."""
        rng = self._rng
        match rng.choice(self._kinds):
            case "list":
                return f"{rng.choice(['p', 'q', 'r', *self._items])}[{rng.randrange(-1, 3)}]"
            case "table":
                return f'{rng.choice("de")}["{rng.choice("ab")}"]'
            case "array":
                return f"{rng.choice('uvw')}[{rng.randrange(-1, 3)}]"
            case "object":
                return f"{rng.choice('om')}.{rng.choice(['left', 'right', 'items[0]', 'items[1]'])}"
        return f"{rng.choice('nk')}[{rng.randrange(2)}][{rng.randrange(3)}]"

    def _number_or_name(self) -> str:
        return self._rng.choice([*self._numbers, "0.5", "-1.25", "2.0"])

    def _atom(self) -> str:
        return self._place() if self._rng.random() < 0.5 else self._number_or_name()

    def _real(self, depth: int) -> str:
        if depth <= 0:
            return self._atom()
        rng, less = self._rng, depth - 1
        match rng.randrange(7):
            case 0:
                return f"0.5 * ({self._real(less)} + {self._real(less)})"
            case 1:
                return f"{rng.choice(_SMOOTH)}({self._real(less)})"
            case 2:
                return f"{self._real(less)} * {rng.choice(_SMOOTH)}({self._real(less)})"
            case 3:
                return f"({self._real(less)} if {self._condition()} else {self._real(less)})"
            case 4:
                return f"0.5 * sum({rng.choice('pqr')})"
            case 5:
                return f"{rng.choice(['max', 'min'])}({self._real(less)}, {self._real(less)})"
        return f"({self._real(less)} - 0.25)"

    def _condition(self) -> str:
        rng = self._rng
        test = f"{self._atom()} {rng.choice('<>')} {rng.choice(['0.1', '0.6', '-0.4', 'x', 'y'])}"
        if rng.random() < 0.12:
            return f"{test} {rng.choice(['and', 'or'])} {self._atom()} > {rng.choice(['0.3', '-0.7'])}"
        return f"not {test}" if rng.random() < 0.1 else test

    def _all(self) -> str:
        """Everything that is held, weighted by who holds it."""
        parts = ["s", "0.7 * t"]
        weights = iter((1.0, 0.3, 1.7, 0.45, 1.15, 0.85, 2.1, 0.62, 1.31))
        for kind in self._kinds:
            for name in _NAMES[kind]:
                one, other = (f"{next(weights, 0.77)} * {name}", f"{name}")
                match kind:
                    case "list":
                        parts.append(f"{one}[0] + 0.4 * {other}[1] - 0.9 * {other}[2]")
                    case "table":
                        parts.append(f'{one}["a"] + 0.4 * {other}["b"]')
                    case "array":
                        parts.append(f"{one}[0] + 0.4 * {other}[1] - 0.9 * {other}[2]")
                    case "object":
                        parts.append(f"{one}.left - 0.9 * {other}.right + 0.33 * {other}.items[0] + {other}.items[2]")
                    case "nest":
                        parts.append(f"{one}[0][0] - 0.9 * {other}[1][1] + 0.33 * {other}[0][2]")
        return " + ".join(parts)
