"""Random programs of plain Python, from a seed: branches, static loops, helpers, assignment into arrays and lists.

In: a seed. Out: the source of a module whose `f(x, y, z)` is defined everywhere: what could leave a domain stands
behind its guard. The same seed gives the same source in every process.
"""

import random

_NUMBERS = (0.5, -1.25, 2.0, 0.75, 0.1, -0.3, 1.5)
_SMOOTH = ("math.sin", "math.cos", "math.tanh", "math.atan", "np.sin", "np.tanh", "np.cos")


def source(seed: int, *, size: int = 14) -> str:
    """The module; `size` is about the number of statements of `f`."""
    rng = random.Random(seed)
    helpers = [_function(rng, f"helper_{number}", ("u", "v"), [], size // 3) for number in range(rng.randrange(3))]
    names = [f"helper_{number}" for number in range(len(helpers))]
    main = _function(rng, "f", ("x", "y", "z"), names, size)
    return "\n\n\n".join(["import math\n\nimport numpy as np", *helpers, main]) + "\n"


def _function(rng: random.Random, name: str, parameters: tuple[str, ...], helpers: list[str], size: int) -> str:
    return _Function(rng, parameters, helpers, size).text(name)


class _Function:
    def __init__(self, rng: random.Random, parameters: tuple[str, ...], helpers: list[str], size: int) -> None:
        self._rng = rng
        self._parameters = parameters
        self._helpers = helpers
        self._left = size
        self._reals = list(parameters)
        self._counters: list[str] = []  # loop variables, which are static
        self._holders: dict[str, int] = {}  # arrays and lists, with their lengths
        self._arrays: list[str] = []
        self._lists: list[str] = []
        self._tables: list[str] = []
        self._lines: list[str] = []
        self._indent = 1
        self._loops = 0
        self._last = 0

    def text(self, name: str) -> str:
        """The definition."""
        self._buffers()
        while self._left > 0:
            self._statement()
        self._write(f"return {self._sum_of_all()}")
        return "\n".join([f"def {name}({', '.join(self._parameters)}):", *self._lines])

    # Statements

    def _write(self, line: str) -> None:
        self._lines.append("    " * self._indent + line)

    def _fresh(self, stem: str) -> str:
        self._last += 1
        return f"{stem}{self._last}"

    def _buffers(self) -> None:
        rng = self._rng
        if rng.random() < 0.5:
            name = self._fresh("buffer")
            how = rng.choice(["np.zeros({})", "np.ones({})", "np.zeros({}) + 0.5"])
            self._holders[name] = rng.randrange(3, 5)
            self._arrays.append(name)
            self._write(f"{name} = {how.format(self._holders[name])}")
        if rng.random() < 0.5:
            name, length = self._fresh("items"), rng.randrange(2, 4)
            self._write(f"{name} = [{', '.join(self._real(1) for _ in range(length))}]")
            self._holders[name] = length
            self._lists.append(name)
        if rng.random() < 0.25:
            name = self._fresh("state")
            self._write(f'{name} = {{"a": {self._real(1)}, "b": {self._real(0)}}}')
            self._tables.append(name)

    def _statement(self) -> None:
        self._left -= 1
        kinds = [
            (self._assign, 3.0),
            (self._change, 3.0),
            (self._if, 4.0 if self._indent < 5 else 0.0),
            (self._for, 1.5 if self._loops < 2 and self._indent < 4 else 0.0),
            (self._while, 0.5 if not self._loops and self._indent < 3 else 0.0),
            (self._store, 3.0 if self._holders or self._tables else 0.0),
            (self._reshape_list, 0.7 if self._lists and self._indent == 1 else 0.0),
            (self._swap, 0.5 if len(self._own()) > 1 else 0.0),
            (self._flag, 0.8 if self._indent < 4 else 0.0),
            (self._inner_function, 0.3 if self._indent == 1 else 0.0),
        ]
        self._rng.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]()

    def _own(self) -> list[str]:
        return [name for name in self._reals if name not in self._parameters]

    def _assign(self) -> None:
        value = self._real(2)
        own = self._own()
        name = self._rng.choice(own) if own and self._rng.random() < 0.4 else self._fresh("a")
        self._write(f"{name} = {value}")
        if name not in self._reals:
            self._reals.append(name)

    def _change(self) -> None:
        target = self._rng.choice(self._reals)
        match self._rng.randrange(4):
            case 0:
                self._write(f"{target} *= {self._smooth(1)}")
            case 1:
                self._write(f"{target} -= {self._real(2)}")
            case 2:
                self._write(f"{target} /= 1.5 + {self._atom()} ** 2")
            case _:
                self._write(f"{target} += {self._real(2)}")

    def _swap(self) -> None:
        a, b = self._rng.sample(self._own(), 2)
        self._write(f"{a}, {b} = {b}, {a}")

    def _store(self) -> None:
        rng = self._rng
        if self._tables and (not self._holders or rng.random() < 0.3):
            table, key = rng.choice(self._tables), rng.choice("ab")
            self._write(f'{table}["{key}"] {rng.choice(["=", "+=", "-="])} {self._real(1)}')
            return
        name = rng.choice(list(self._holders))
        length = self._holders[name]
        how = rng.choice(["=", "+=", "-="])
        if name in self._arrays and rng.random() < 0.35:
            start = rng.randrange(length)
            part = rng.choice([f"{start}:", f":{start + 1}", "::2", ":"])
            value = rng.choice([self._real(1), f"{name} * {self._smooth(0)}" if part == ":" else self._real(0)])
            self._write(f"{name}[{part}] {how} {value}")
            return
        self._write(f"{name}[{self._position(length)}] {how} {self._real(1)}")

    def _position(self, length: int) -> str:
        if self._counters and self._rng.random() < 0.5:
            return f"{self._rng.choice(self._counters)} % {length}"
        return str(self._rng.randrange(-length, length))

    def _reshape_list(self) -> None:
        rng = self._rng
        name = rng.choice(self._lists)
        match rng.randrange(5):
            case 0:
                self._write(f"{name}.append({self._real(1)})")
                self._holders[name] += 1
            case 1:
                self._write(f"{name}.insert({rng.randrange(self._holders[name])}, {self._real(1)})")
                self._holders[name] += 1
            case 2 if self._holders[name] > 2:
                self._write(f"del {name}[{rng.randrange(self._holders[name])}]")
                self._holders[name] -= 1
            case 3 if self._holders[name] > 2:
                taken = self._fresh("a")
                self._write(f"{taken} = {name}.pop()")
                self._reals.append(taken)
                self._holders[name] -= 1
            case _:
                self._write(f"{name}[0:2] = [{self._real(1)}, {self._real(1)}]")

    def _flag(self) -> None:
        """A test that is kept, and asked again where a name has a value on one side only."""
        test, name = self._fresh("test"), self._fresh("only")
        self._write(f"{test} = {self._condition(1)}")
        self._write(f"if {test}:")
        self._block([f"{name} = {self._real(2)}"])
        target = self._rng.choice(self._reals)
        self._write(f"if {test}:")
        self._block([f"{target} = {target} + {name}"])

    def _inner_function(self) -> None:
        name = self._fresh("inner")
        self._write(f"def {name}(w, k={self._number()}):")
        before, outer, holders = list(self._reals), self._counters, self._holders
        self._reals = [*self._reals, "w", "k"]
        lines = []
        if self._rng.random() < 0.6:
            lines = [f"if {self._condition(1)}:", f"    return {self._real(2)}"]
        self._block([*lines, f"return {self._real(2)}"])
        self._reals, self._counters, self._holders = before, outer, holders
        made = self._fresh("a")
        self._write(f"{made} = {name}({self._real(1)}) - {name}({self._atom()}, {self._number()})")
        self._reals.append(made)

    def _block(self, lines: list[str]) -> None:
        self._indent += 1
        for line in lines:
            self._write(line)
        self._indent -= 1

    def _side(self) -> None:
        """The body of an `if` or a loop; names that are new in it are forgotten."""
        reals = list(self._reals)
        self._indent += 1
        for _ in range(self._rng.randrange(1, 4)):
            self._statement()
        self._indent -= 1
        self._reals = [name for name in self._reals if name in reals]

    def _if(self) -> None:
        rng = self._rng
        self._write(f"if {self._condition(2)}:")
        self._side()
        self._maybe_leave()
        while rng.random() < 0.3:
            self._write(f"elif {self._condition(1)}:")
            self._side()
            self._maybe_leave()
        if rng.random() < 0.5:
            self._write("else:")
            self._side()
            self._maybe_leave()

    def _maybe_leave(self) -> None:
        rng = self._rng
        if self._loops and rng.random() < 0.3:
            self._block([rng.choice(["break", "continue"])])
        elif rng.random() < 0.15:
            self._block([f"return {self._sum_of_all()}"])

    def _for(self) -> None:
        rng = self._rng
        counter = self._fresh("i")
        how = rng.randrange(3)
        sequence = f"range({rng.randrange(2, 5)})" if how else f"({self._number()}, {self._number()}, {self._atom()})"
        self._write(f"for {counter} in {sequence}:")
        (self._counters if how else self._reals).append(counter)
        self._loops += 1
        self._side()
        self._loops -= 1
        (self._counters if how else self._reals).remove(counter)
        if rng.random() < 0.2:
            self._write("else:")
            self._side()

    def _while(self) -> None:
        counter = self._fresh("k")
        self._write(f"{counter} = 0")
        self._write(f"while {counter} < {self._rng.randrange(2, 5)}:")
        self._block([f"{counter} += 1"])
        self._counters.append(counter)
        self._loops += 1
        self._side()
        self._loops -= 1
        self._counters.remove(counter)

    # Expressions

    def _number(self) -> str:
        return str(self._rng.choice(_NUMBERS))

    def _atom(self) -> str:
        rng = self._rng
        kind = rng.random()
        if kind < 0.12:
            return self._number() if rng.random() < 0.7 or not self._counters else rng.choice(self._counters)
        if kind < 0.3 and self._holders:
            name = rng.choice(list(self._holders))
            return f"{name}[{self._position(self._holders[name])}]"
        if kind < 0.36 and self._tables:
            return f'{rng.choice(self._tables)}["{rng.choice("ab")}"]'
        return rng.choice(self._reals[-6:]) if rng.random() < 0.6 else rng.choice(self._reals)

    def _smooth(self, depth: int) -> str:
        return f"{self._rng.choice(_SMOOTH)}({self._real(depth)})"

    def _real(self, depth: int) -> str:
        if depth <= 0:
            return self._atom()
        rng, less = self._rng, depth - 1
        match rng.randrange(18):
            case 0 | 1:
                return f"({self._real(less)} + {self._real(less)})"
            case 2:
                return f"({self._real(less)} - {self._real(less)})"
            case 3 | 4:
                return f"{self._real(less)} * {self._smooth(less)}"
            case 5:
                return f"{self._real(less)} / (1.5 + {self._atom()} ** 2)"
            case 6:
                return f"math.exp(-abs({self._real(less)}))"
            case 7 | 8:
                return f"({self._real(less)} if {self._condition(less)} else {self._real(less)})"
            case 9:
                return f"{rng.choice(['max', 'min'])}({self._real(less)}, {self._real(less)})"
            case 10:
                return f"abs({self._real(less)})"
            case 11:
                return self._guarded()
            case 12:
                return f"({self._real(less)} or {self._real(less)})"
            case 13:
                return f"({self._atom()} % {rng.choice(['1.5', '0.7', '2'])})"
            case 14:
                return f"{rng.choice(['math.floor', 'int', 'round'])}({self._atom()}) * {self._atom()}"
            case 15 if self._helpers:
                return f"{rng.choice(self._helpers)}({self._real(less)}, {self._real(less)})"
            case 16 if self._holders:
                name = rng.choice(list(self._holders))
                return f"sum({name})" if rng.random() < 0.6 else f"max({name}[0], {name}[-1], {self._atom()})"
            case _:
                return self._smooth(less)

    def _guarded(self) -> str:
        """An operation with a domain, behind its guard."""
        a = self._rng.choice(self._reals)
        return self._rng.choice(
            [
                f"(math.sqrt({a}) if {a} > 0 else 0.0)",
                f"(math.log({a}) if {a} > 0.05 else {a})",
                f"(1 / {a} if abs({a}) > 0.2 else 5 * {a})",
                f"({a} if {a} == 0 else math.sin({a}) / {a})",
                f"(math.asin({a}) if -0.99 < {a} < 0.99 else {self._atom()})",
                f"(math.sqrt({a} - 0.3) if {a} > 0.3 and {self._condition(0)} else -{a})",
            ]
        )

    def _condition(self, depth: int) -> str:
        rng, less = self._rng, depth - 1
        if depth > 0:
            match rng.randrange(6):
                case 0:
                    return f"({self._condition(less)} and {self._condition(less)})"
                case 1:
                    return f"({self._condition(less)} or {self._condition(less)})"
                case 2:
                    return f"not {self._condition(0)}"
        match rng.randrange(8):
            case 0:
                return f"{self._number()} < {self._atom()} <= {rng.choice(['1.1', '0.9', self._atom()])}"
            case 1:
                return f"math.floor({self._atom()}) {rng.choice(['in', 'not in'])} (0, 1, -2)"
            case 2 if self._counters:
                return f"{rng.choice(self._counters)} % 2 == {rng.randrange(2)}"
            case 3:
                return f"{self._smooth(less)} > {self._number()}"
            case 4:
                return f"{self._atom()} {rng.choice(['<', '>', '<=', '>='])} {self._real(less)}"
        return f"{self._atom()} {rng.choice(['<', '>', '<=', '>='])} {self._number()}"

    def _sum_of_all(self) -> str:
        parts = [*self._rng.sample(self._reals, min(3, len(self._reals))), *(f"sum({name})" for name in self._holders)]
        return " + ".join([f"{part} * {self._rng.choice(['1.0', '0.5', '1.25'])}" for part in parts])
