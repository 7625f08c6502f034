"""Random programs that compute with whole numbers, from a seed.

In: a seed. Out: the source of a module whose `f(x, y, n, m)` takes two numbers and two whole ones. They are mixed by
`//`, `%`, `divmod`, `round`, `int` and `math.floor`, compared, and multiplied in loops until no float holds them; what
is left of them by a remainder is a factor in the result, so that a wrong digit is a wrong value.
"""

import random

_FACTORS = ("2", "3", "7", "1", "-3")
_DIVISORS = ("2", "3", "7", "10", "-3")


def source(seed: int) -> str:
    """The module."""
    return _Writer(random.Random(f"whole numbers {seed}")).module()


class _Writer:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.made = 0
        self.whole, self.real = ["n", "m"], ["x", "y"]

    def module(self) -> str:
        self.block(1, 7)
        parts = [self.number(1), f"{self.integer(1)} % 13 * x", f"{self.rng.choice(self.whole)} % 10_007 * y"]
        return "\n".join(
            ["import math", "", "", "def f(x, y, n, m):", *self.lines, f"    return {' + '.join(parts)}", ""]
        )

    def block(self, depth: int, count: int) -> None:
        """Statements; the names that they bind are gone after them."""
        whole, real = list(self.whole), list(self.real)
        for _ in range(count):
            self.statement(depth)
        if depth > 1:
            self.whole, self.real = whole, real

    def statement(self, depth: int) -> None:
        match self.rng.randrange(8 if depth < 3 else 5):
            case 0 | 1:
                self.real.append(self.bound(depth, "a", self.number()))
            case 2:
                self.whole.append(self.bound(depth, "k", self.integer()))
            case 3:
                self.write(
                    depth, f"{self.rng.choice(self.whole)} {self.rng.choice(['+=', '-=', '*='])} {self.integer(1)}"
                )
            case 4:
                self.write(depth, f"{self.rng.choice(self.real)} += 0.3 * {self.number(1)}")
            case 5:
                self.write(depth, f"if {self.condition()}:")
                self.block(depth + 1, 2)
                self.write(depth, "else:")
                self.block(depth + 1, 2)
            case 6:
                self.write(depth, f"for {self.name('i')} in range({self.rng.choice(['3', '5', '30', 'abs(n) % 7'])}):")
                self.multiplied(depth + 1)
                self.block(depth + 1, 1)
            case _:
                left = self.bound(depth, "w", f"{self.rng.randrange(1, 9)} * {self.rng.choice(['x', 'y'])}")
                self.write(depth, f"while {left} > 0.05:")
                self.multiplied(depth + 1)
                self.block(depth + 1, 1)
                self.write(depth + 1, f"{left} = 0.5 * {left} - 0.01")

    def multiplied(self, depth: int) -> None:
        """A whole number that grows from round to round."""
        name, by = self.rng.choice(self.whole), self.rng.choice(_FACTORS)
        self.write(depth, f"{name} = {name} * {by} + {self.rng.randrange(-1, 2)}")

    def write(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)

    def bound(self, depth: int, letter: str, value: str) -> str:
        name = self.name(letter)
        self.write(depth, f"{name} = {value}")
        return name

    def name(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"

    def number(self, depth: int = 0) -> str:
        if depth > 2 or self.rng.random() < 0.3:
            return self.rng.choice([*self.real, f"{self.rng.uniform(0.2, 2.5):.2f}"])
        a, b, k = self.number(depth + 1), self.number(depth + 1), self.integer(depth + 1)
        forms = [f"({a} + {b})", f"({a} - {b})", f"{a} * {b}", f"math.sin({a})", f"({k}) * {a}", f"abs({a})"]
        return self.rng.choice([*forms, f"{a} / (({k}) ** 2 + 1)", f"({a} if {self.condition(depth + 1)} else {b})"])

    def integer(self, depth: int = 0) -> str:
        if depth > 2 or self.rng.random() < 0.3:
            return self.rng.choice([*self.whole, str(self.rng.randrange(-3, 8))])
        a, b, x = self.integer(depth + 1), self.integer(depth + 1), self.number(depth + 1)
        by = self.rng.choice(_DIVISORS)
        forms = [f"({a} + {b})", f"({a} - {b})", f"({a}) * ({b})", f"max({a}, {b})", f"({a}) // {by}", f"({a}) % {by}"]
        forms += [f"divmod({a}, {by})[{self.rng.randrange(2)}]", f"(abs({a}) % 5) ** {self.rng.randrange(4)}"]
        forms += [
            f"int({x})",
            f"math.floor(10 * ({x}))",
            f"round({x})",
            f"({a} if {self.condition(depth + 1)} else {b})",
        ]
        return self.rng.choice(forms)

    def condition(self, depth: int = 0) -> str:
        a, b = self.integer(depth + 1), self.integer(depth + 1)
        forms = [f"{a} {self.rng.choice(['<', '>=', '==', '!='])} {b}", f"({a}) % 3 == {self.rng.randrange(3)}"]
        return self.rng.choice([*forms, f"{self.number(depth + 1)} < {self.number(depth + 1)}", f"{a} in (0, 1, 2)"])
