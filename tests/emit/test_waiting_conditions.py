"""An `if` whose condition another `if` gives, which needs a value out of the first one: it is written in two parts."""

from pathlib import Path

from tests.source_check import mismatches

PROGRAM = """import math

class Vec:

    def __init__(self, a, b=0.5):
        self.a = a
        self.b = b

    def __add__(self, other):
        return Vec(self.a + other, self)

    def __mul__(self, factor):
        return self.a * factor.a

    def __lt__(self, other):
        return self.a

class Meter:

    def __init__(self, level, other=None):
        self.__level = level

    def total(self):
        found = self.__level + 0.1
        return found

def some(values, level):
    total = 0.0
    for value in values:
        if value > level:
            yield value
    return total

def all_of(values, level):
    left = (yield from some(values, level))
    yield left

def f(x, y, z):
    s, t = (0.5, y)
    v, w = (Vec, Vec(z))
    m = Meter(y)
    p, q = ([x, y, 0.5], [z, 0.5, x])
    for fresh1 in range(3):
        fresh3 = w.__add__

        def fresh5(h, k=x if not y else t):
            nonlocal s
            s += h * k
            return x
        s = next(all_of(q, 10.0))
        t += fresh5(m.total())
        v = fresh3(s)
        if any((h > 0.7 for h in p)):
            break
    else:
        w = max(v, w)
    return s + t + v * w + m.total()
"""  # of a random program, seed 1626: names were read before they were bound


def test_every_name_is_bound_before_it_is_read(tmp_path: Path) -> None:
    assert not mismatches(PROGRAM, tmp_path / "waiting.py", 1626)
