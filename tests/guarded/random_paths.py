"""Random functions whose paths depend on values, from a seed: growing lists, masks, look-ups, sorting, early returns.

In: a seed. Out: the source of a module whose `f(x)` takes an array of three numbers. The same seed gives the same
source in every process.
"""

import random

_SMOOTH = ("np.sin({})", "np.tanh({})", "({}) ** 2", "np.exp(-({}) ** 2)", "1.5 * ({})", "({}) / (2.0 + ({}) ** 2)")


def source(seed: int) -> str:
    """The module."""
    return _Paths(random.Random(seed)).text()


class _Paths:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._lines = ["total = 0.0", "values = [v for v in x]", "table = {-2: 0.5, -1: 1.5, 0: -0.7, 1: 2.0, 2: 0.3}"]
        self._made = 0

    def text(self) -> str:
        """The definition, with its imports."""
        steps = [self._grown, self._masked, self._looked_up, self._sorted, self._left, self._counted, self._unique]
        for step in self._rng.choices(steps, k=self._rng.randrange(2, 5)):
            step()
        self._lines.append(f"return total + {self._smooth('x[0]')}")
        return "import numpy as np\n\n\ndef f(x):\n" + "".join(f"    {line}\n" for line in self._lines)

    def _smooth(self, value: str) -> str:
        form = self._rng.choice(_SMOOTH)
        return form.replace("{}", value)

    def _number(self) -> str:
        return f"{self._rng.uniform(-0.8, 0.8):.3f}"

    def _name(self) -> str:
        self._made += 1
        return f"v{self._made}"

    def _grown(self) -> None:
        name = self._name()
        self._lines += [
            f"{name} = []",
            "for v in values:",
            f"    if v > {self._number()}:",
            f"        {name}.append({self._smooth('v')})",
            f"    elif v < {self._number()}:",
            f"        {name}.extend([v, {self._smooth('v')}])",
            f"total = total + sum({name}) / (1.0 + len({name}))",
        ]

    def _masked(self) -> None:
        name = self._name()
        self._lines += [
            f"{name} = x[x > {self._number()}]",
            f"if {name}.size:",
            f"    total = total + np.mean({self._smooth(name)}) * {name}.size",
        ]

    def _looked_up(self) -> None:
        at = self._rng.randrange(3)
        self._lines += [
            f"key = int(np.floor(x[{at}]))",
            f"total = total + table.get(key, 0.25) * {self._smooth(f'x[{at}]')}",
            f"total = total + values[abs(key) % 3] * {self._number()}",
        ]

    def _sorted(self) -> None:
        self._lines += [
            "values = sorted(values, reverse=True)" if self._rng.random() < 0.5 else "values.sort(key=lambda v: v * v)",
            f"total = total + values[0] * {self._smooth('values[-1]')}",
        ]

    def _left(self) -> None:
        self._lines += [
            f"if total > {self._number()} and len(values) > 2:",
            f"    return {self._smooth('total')} + x[1]",
        ]

    def _counted(self) -> None:
        self._lines += [
            "rounds = 0",
            f"term = abs(x[{self._rng.randrange(3)}]) + 1.0",
            "while term > 0.3:",
            f"    term = term * {self._rng.uniform(0.4, 0.8):.3f}",
            "    rounds += 1",
            "total = total + term * (0.5 if rounds % 2 else -1.0)",
        ]

    def _unique(self) -> None:
        name = self._name()
        self._lines += [
            f"{name} = set(int(np.round(v)) for v in values)",
            f"total = total + len({name}) * {self._smooth('x[2]')}",
        ]
