"""Programs for the tests of the algebra: formulas from books, and seeded random ones.

In: a seed. Out: a Program of three scalars. Operations come from a short list, so that most programs are defined
somewhere; choices guard quotients and logarithms.
"""

from collections.abc import Callable
from functools import reduce
from random import Random
from typing import Any

from symdiff.ir import make
from symdiff.ir.nodes import Input, Node
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF, tuple_of
from symdiff.ops import elementary as e
from symdiff.ops import piecewise as p
from symdiff.ops.special import erf

_UNARY = (e.exp, e.sin, e.cos, e.tanh, e.sqrt, e.log, e.negative, e.atan)
_BINARY = (e.add, e.subtract, e.multiply, e.multiply, e.add, e.divide)
_NUMBERS = (1.0, 2.0, -1.0, 0.5, 3.0, 0.1, -2.0)


def program_of(function: Callable[..., Any], *names: str) -> Program:
    """The program of a function of scalar nodes; a tuple makes several outputs."""
    inputs = tuple(Input(name) for name in names)
    result = function(*inputs)
    outputs = tuple(map(make.lift, result if isinstance(result, tuple) else (result,)))
    structure = tuple_of([LEAF] * len(outputs)) if isinstance(result, tuple) else LEAF
    return Program("f", tuple(Parameter(name) for name in names), inputs, outputs, structure)


def random_program(seed: int, length: int = 14) -> Program:
    """A program of about `length` operations with two outputs that share values."""
    random = Random(seed)

    def function(*inputs: Node) -> tuple[Node, ...]:
        nodes: list[Node] = list(inputs)

        def pick() -> Any:
            return random.choice(_NUMBERS) if random.random() < 0.2 else random.choice(nodes[-8:])

        for _ in range(length):
            kind = random.random()
            if kind < 0.2:
                nodes.append(random.choice(_UNARY)(random.choice(nodes)))
            elif kind < 0.3:
                chosen = random.choice(nodes)
                nodes.append(p.where(p.greater(chosen, 0.0), e.log(chosen) / chosen, chosen * chosen))
            elif kind < 0.4:
                nodes.append(e.power(random.choice(nodes), float(random.randint(2, 4))))
            else:
                nodes.append(random.choice(_BINARY)(random.choice(nodes), pick()))
        return nodes[-1], nodes[-2]

    return program_of(function, "x", "y", "z")


def _black_scholes(s: Any, k: Any, t: Any, r: Any, v: Any) -> Any:
    d1 = (e.log(s / k) + (r + v * v / 2.0) * t) / (v * e.sqrt(t))
    d2 = d1 - v * e.sqrt(t)
    first, second = ((1.0 + erf(d / 1.4142135623730951)) / 2.0 for d in (d1, d2))
    return s * first - k * e.exp(-r * t) * second


FORMULAS: dict[str, Program] = {
    "lennard-jones": program_of(
        lambda r, depth, size: 4.0 * depth * (e.power(size / r, 12.0) - e.power(size / r, 6.0)), "r", "depth", "size"
    ),
    "morse": program_of(lambda r, d, a: d * e.power(1.0 - e.exp(-a * (r - 1.0)), 2.0), "r", "d", "a"),
    "black-scholes": program_of(_black_scholes, "s", "k", "t", "r", "v"),
    "rosenbrock": program_of(lambda x, y: e.power(1.0 - x, 2.0) + 100.0 * e.power(y - x * x, 2.0), "x", "y"),
    "gaussian": program_of(lambda x: e.exp(-(x * x) / 2.0), "x"),
    "lorentzian": program_of(lambda x: 1.0 / (1.0 + x * x), "x"),
    "tanh": program_of(lambda x: e.tanh(x), "x"),
    "logistic": program_of(lambda x: 1.0 / (1.0 + e.exp(-x)), "x"),
    "planck": program_of(lambda nu, t: nu * nu * nu / (e.exp(nu / t) - 1.0), "nu", "t"),
    "michaelis": program_of(lambda s, v, k: v * s / (k + s), "s", "v", "k"),
    "van-der-waals": program_of(lambda v, t, a, b: 8.314 * t / (v - b) - a / (v * v), "v", "t", "a", "b"),
    "product": program_of(lambda *x: reduce(e.multiply, x), *[f"x{i}" for i in range(64)]),
    "guarded": program_of(lambda x, y: p.where(p.not_equal(x, 0.0), e.sin(x * y) / x, y) + x * y + x * x, "x", "y"),
}
