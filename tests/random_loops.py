"""Random programs with loops that depend on data, from a seed.

In: a seed. Out: the source of a module whose `f(x, y, z)` always ends: what a loop waits for shrinks in every round,
and a counter ends it at the latest. Bodies contract, break, continue, choose, and hold loops of their own.
"""

import random

_SMOOTH = ("math.sin", "math.cos", "math.tanh", "math.atan")


def source(seed: int) -> str:
    """The module."""
    rng = random.Random(f"loops {seed}")
    lines = ["import math", "", "", "def f(x, y, z):", "    a, b = x, 0.5 * y"]
    for number in range(rng.randrange(1, 4)):
        lines += _loop(rng, number, 1)
    lines.append("    return a + 0.5 * b + math.sin(z)")
    return "\n".join(lines) + "\n"


def _loop(rng: random.Random, number: int, depth: int) -> list[str]:
    """A loop, and those in it."""
    space, counter, waits = "    " * depth, f"n{depth}{number}", f"w{depth}{number}"
    kind = rng.randrange(4)
    most = rng.randrange(3, 9) if depth == 1 else rng.randrange(2, 4)
    lines = [f"{space}{counter} = 0", f"{space}{waits} = {_real(rng)}"]
    if kind == 0:
        head = f"while abs({waits}) > {rng.choice(['0.31', '0.17', '0.52'])} and {counter} < {most}:"
    elif kind == 1:
        head = f"while {counter} < {most}:"
    elif kind == 2:
        head = "while True:"
    else:
        head = f"for _{counter} in range(2100):"
    inside = [f"{counter} += 1", f"{waits} = {waits} * {rng.choice(['0.6', '-0.45', 'math.cos(a)'])} * 0.9"]
    if kind in (1, 2, 3):
        inside += [f"if abs({waits}) < 0.23 or {counter} > {most}:", "    break"]
    for _ in range(rng.randrange(1, 4)):
        inside += _statement(rng, counter)
    if depth < 2 and rng.random() < 0.4:
        inside += [line[4 * (depth + 1) :] for line in _loop(rng, number, depth + 1)]
    lines += [f"{space}{head}", *(f"{space}    {line}" for line in inside)]
    if rng.random() < 0.3:
        lines += [f"{space}else:", f"{space}    b = b + {_real(rng)}"]
    if kind == 3:
        lines.append(f"{space}b = b + 0.01 * _{counter}")
    return lines


def _statement(rng: random.Random, counter: str) -> list[str]:
    match rng.randrange(7):
        case 0:
            return [f"a = 0.7 * a + 0.2 * {_real(rng)}"]
        case 1:
            return [f"b = 0.5 * math.tanh(b) + {_real(rng)} / (1.0 + {counter})"]
        case 2:
            return [f"a, b = 0.8 * b, 0.6 * a + 0.1 * {_real(rng)}"]
        case 3:
            sides = [f"    a = a + 0.3 * {_real(rng)}", "else:", f"    b = 0.9 * b - {_real(rng)}"]
            return [f"if {_real(rng)} > 0.4:", *sides]
        case 4:
            return [f"if {counter} % 3 == 1:", "    continue"]
        case 5:
            return [f"if b > {rng.choice(['1.1', '0.8'])}:", "    b = 0.5 * b", "    continue"]
    return [f"b = b * {_real(rng)} if a > 0.2 else {_real(rng)} - b"]


def _real(rng: random.Random) -> str:
    atom = rng.choice(["x", "y", "z", "a", "b"])
    match rng.randrange(4):
        case 0:
            return atom
        case 1:
            return f"{rng.choice(_SMOOTH)}({atom} + {rng.choice(['x', 'y', '0.3'])})"
        case 2:
            return f"{atom} * math.sin({rng.choice('xyz')})"
    return f"({atom} - {rng.choice(['0.25', '0.75', 'z'])}) / (1.5 + {rng.choice('xyz')} ** 2)"
