"""What a call of a derivative with a float costs, beside the hand-written `math` function and the peers.

In: functions with their derivatives written by hand. Out: a table of times and ratios; exit code 1 where symdiff
takes more than 1.3 times the time of the hand-written function.

Run: python benchmarks/call.py
"""

import math
import statistics
import sys
from collections.abc import Callable
from typing import Any

import sympy

import symdiff as sd
from measure import installed, interleaved, ratio, show

LIMIT = 1.3
HAND, OURS = "math by hand", "symdiff.derivative"


def damped(m: Any) -> Callable[..., Any]:
    """The README's function, on top of a library's sin and exp."""

    def f(x, k=2.0):
        return k * m.sin(x) ** 2 / (1 + m.exp(-x))

    return f


def damped_by_hand(x: float, k: float = 2.0) -> float:
    """Its derivative with common parts computed once."""
    sine, decay = math.sin(x), math.exp(-x)
    below = 1.0 + decay
    return k * sine * (2.0 * math.cos(x) + sine * decay / below) / below


def hyperbolic(m: Any) -> Callable[..., Any]:
    """One operation."""
    return lambda x: m.tanh(x)


def hyperbolic_by_hand(x: float) -> float:
    """Its derivative, reusing the value."""
    value = math.tanh(x)
    return 1.0 - value * value


def morse(m: Any) -> Callable[..., Any]:
    """Energy of a bond."""

    def f(r, depth=4.618, a=1.879, r0=1.275):
        return depth * (1.0 - m.exp(-a * (r - r0))) ** 2

    return f


def morse_by_hand(r: float, depth: float = 4.618, a: float = 1.879, r0: float = 1.275) -> float:
    """Its slope."""
    decay = math.exp(-a * (r - r0))
    return 2.0 * depth * a * decay * (1.0 - decay)


def variants(function: Callable[[Any], Callable[..., Any]], by_hand: Callable[..., float]) -> dict[str, Any]:
    """Every way to compute the derivative that is installed here."""
    x = sympy.Symbol("x")
    slope = sympy.diff(function(sympy)(x), x)
    found = {
        HAND: by_hand,
        OURS: sd.derivative(function(math)),
        "sympy.lambdify": sympy.lambdify(x, slope, modules="math", cse=True),
    }
    if installed("autograd"):
        import autograd

        found["autograd.grad"] = autograd.grad(function(autograd.numpy))
    if installed("jax"):
        import jax

        jax.config.update("jax_enable_x64", True)
        found["jax.jit(jax.grad)"] = jax.jit(jax.grad(function(jax.numpy)))
    return found


def main() -> int:
    """Check the values, measure, print; 1 where a ratio is over the limit."""
    slow = 0
    for function, by_hand, x in (
        (damped, damped_by_hand, 0.3),
        (hyperbolic, hyperbolic_by_hand, 0.3),
        (morse, morse_by_hand, 1.6),
    ):
        calls = variants(function, by_hand)
        for name, call in calls.items():
            assert math.isclose(call(x), by_hand(x), rel_tol=1e-12), f"{name} computes another value"
        found = interleaved(calls, x)
        rows = [
            (name, f"{statistics.median(times) * 1e9:.0f} ns", f"{ratio(found, name, HAND):.2f}")
            for name, times in found.items()
        ]
        show(f"derivative of {function.__name__}, called with a float", ("", "a call", "ratio"), rows)
        slow += ratio(found, OURS, HAND) > LIMIT
    print(f"\nlimit: {LIMIT} times the hand-written function")
    return min(slow, 1)


if __name__ == "__main__":
    sys.exit(main())
