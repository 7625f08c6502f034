"""Iterators in a side of a choice: where it is not taken, nothing has been taken of them, however it is written."""

import functools
import itertools
import linecache
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symdiff.ir.evaluate import evaluate
from symdiff.tracing import trace_function

X = [0.3, 0.2, 0.1, 0.7]


class Tenths:
    """An iterator of the user's own."""

    def __init__(self):
        self.count = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.count += 1
        if self.count > 4:
            raise StopIteration
        return 0.1 * self.count


class Holder:
    """An object that holds an iterator."""

    def __init__(self, items):
        self.items = items


MAKERS: dict[str, Callable[[], Any]] = {
    "chain": lambda: itertools.chain(X[:2], X[2:]),
    "from_iterable": lambda: itertools.chain.from_iterable([X[:2], X[2:]]),
    "islice": lambda: itertools.islice(X, 4),
    "islice of a cycle": lambda: itertools.islice(itertools.cycle(X), 4),
    "islice of a count": lambda: itertools.islice(itertools.count(1), 4),
    "accumulate": lambda: itertools.accumulate(X),
    "takewhile": lambda: itertools.takewhile(lambda v: v < 9.0, X),
    "dropwhile": lambda: itertools.dropwhile(lambda v: v > 9.0, X),
    "filterfalse": lambda: itertools.filterfalse(lambda v: v > 9.0, X),
    "starmap": lambda: itertools.starmap(pow, [(2.0, 1.0), (3.0, 1.0), (0.2, 1.0)]),
    "compress": lambda: itertools.compress(X, [1, 1, 0, 1]),
    "repeat": lambda: itertools.repeat(0.3, 4),
    "tee": lambda: itertools.tee(X)[0],
    "pairwise": lambda: map(max, itertools.pairwise(X)),
    "product": lambda: map(max, itertools.product(X[:2], X[2:])),
    "permutations": lambda: map(max, itertools.permutations(X[:3], 2)),
    "zip": lambda: map(max, zip(X, X, strict=True)),
    "enumerate": lambda: map(max, enumerate(X)),
    "reversed": lambda: reversed(X),
    "filter": lambda: filter(None, X),
    "map of a chain": lambda: map(abs, itertools.chain(X)),
    "a call until a value": lambda: iter([0.3, 0.2, 0.1, 0.7, 9.0][::-1].pop, 9.0),
    "flat": lambda: np.array(X).flat,
    "a class": Tenths,
}
TAKERS = {
    "list": "w = list(it)[0]",
    "unpacking": "w, *_ = it",
    "star": "w = [*it][0]",
    "arguments": "w = float(len((lambda *v: v)(*it)))",
    "sum from a start": "w = sum(it, 1.0)",
    "fsum": "w = math.fsum(it)",
    "max of none": "w = max(it, default=0.0)",
    "fromiter": "w = np.fromiter(it, float).sum()",
    "in": "w = 1.0 if 99.0 in it else 3.0",
    "sorted": "w = sorted(it)[0]",
    "zip": "w = list(zip(it, [1.0]))[0][0]",
    "reduce": "w = functools.reduce(max, it)",
    "comprehension": "w = [v for v in it][0]",
    "next": "w = next(it)",
    "loop": "for v in it: w = w * v",
    "attribute": "w, *_ = held.items",
    "loop over an attribute": "for v in held.items: w = w * v",
}


def function(maker: str, taker: str) -> Callable[[Any], Any]:
    lines = [
        "def f(x):",
        f"    it = MAKERS[{maker!r}]()",
        "    held, w = Holder(it), 1.0",
        "    if x > 1.0:",
        f"        {taker}",
        "    return x * w + x * x * sum(list(it))",
    ]
    name = f"<taken {maker} {taker}>"
    linecache.cache[name] = (0, None, [line + "\n" for line in lines], name)
    names: dict[str, Any] = {**globals(), "functools": functools, "math": math}
    exec(compile("\n".join(lines), name, "exec"), names)
    return names["f"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("taker", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize("maker", MAKERS)
def test_values_are_those_of_plain_python(maker: str, taker: str) -> None:
    f = function(maker, taker)
    program = trace_function(f)
    for x in (0.4, 2.1):
        assert float(evaluate(program, x)) == pytest.approx(float(f(x)), rel=1e-12)


@pytest.mark.parametrize(
    "change",
    [
        "np.exp(y, out=y)",
        "np.exp(y, y)",
        "np.multiply(y, y, y)",
        "np.copyto(y, np.array([1.0, 2.0, 3.0]))",
        "np.put(y, [0], [5.0])",
        "np.cumsum(y, out=y)",
        "np.clip(y, 0.1, 0.2, y)",
        "np.add.at(y, [0], 2.0)",
    ],
)
def test_what_numpy_writes_into_on_one_side_stays_on_the_other(change: str) -> None:
    lines = [
        "def f(x):",
        "    y = np.array([x, 2.0 * x, 3.0])",
        "    if x > 1.0:",
        f"        {change}",
        "    return y[0]",
    ]
    name = f"<written {change}>"
    linecache.cache[name] = (0, None, [line + "\n" for line in lines], name)
    names: dict[str, Any] = dict(globals())
    exec(compile("\n".join(lines), name, "exec"), names)
    program = trace_function(names["f"])
    for x in (0.4, 2.1):
        assert float(evaluate(program, x)) == pytest.approx(names["f"](x), rel=1e-12)
