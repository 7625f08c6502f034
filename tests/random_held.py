"""Random expressions of numbers, and of what holds numbers, for the programs of `random_objects`.

In: a source of randomness, and the kinds of objects that a program has. Out: expressions over its names.
"""

import random

_SMOOTH = ("math.sin", "math.cos", "math.tanh", "math.atan")
KINDS = ("list", "table", "array", "object", "nest", "matrix")
NAMES = {"list": "pqr", "table": "de", "array": "uvw", "object": "om", "nest": "nk", "matrix": "AB"}


class Expressions:
    """What a program can read, make, copy and pick."""

    def __init__(self, rng: random.Random, kinds: list[str]) -> None:
        self._rng = rng
        self._kinds = kinds
        self._numbers = ["x", "y", "z", "s", "t"]
        self._items: list[str] = []  # names of lists of three numbers, while a `for` runs over some

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
            case "matrix":
                return f"np.array([[{values[0]}, {values[1]}], [0.5, {values[2]}]])"
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
            "matrix": ["{0}.copy()", "{0} * {1}", "{0}.T", "{0}[::-1]", "{0} + {0}.T", "{0}[:]"],
            "nest": ["list({0})", "{0}[::-1]", "[{0}[1], {0}[0]]", "[g[:] for g in {0}]"],
        }
        return self._rng.choice(ways[kind]).format(name, self._real(0))

    def _chosen(self, kind: str) -> str:
        one, other = (self._rng.choice(NAMES[kind]) for _ in range(2))
        if self._rng.random() < 0.3:
            other = self._made(kind)
        return f"({one} if {self._condition()} else {other})"

    def _helped(self, kind: str) -> str:
        rng = self._rng
        one, other = (rng.choice(NAMES[kind]) for _ in range(2))
        if kind == "list" and rng.random() < 0.5:
            return rng.choice([f"write({one}, 1, {self._real(0)})", f"renewed({one}, {self._real(0)})"])
        return f"pick({one}, {other}, {self._real(0)})"

    def _list_place(self) -> str:
        """Where a list of three numbers is held."""
        places = []
        if "object" in self._kinds:
            places += [f"{name}.items" for name in NAMES["object"]]
        if "nest" in self._kinds:
            places += [f"{name}[{at}]" for name in NAMES["nest"] for at in (0, 1)]
        return self._rng.choice(places or list("pqr"))

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
            case "matrix":
                return (
                    f"{rng.choice('AB')}{rng.choice(['', '.T', '[::-1]'])}[{rng.randrange(2)}][{rng.randrange(-1, 2)}]"
                )
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
            for name in NAMES[kind]:
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
                    case "matrix":
                        parts.append(f"{one}[0, 0] - 0.9 * {other}[0, 1] + 0.33 * {other}[1, 0] - 0.6 * {other}[1, 1]")
                    case "nest":
                        parts.append(f"{one}[0][0] - 0.9 * {other}[1][1] + 0.33 * {other}[0][2]")
        return " + ".join(parts)
