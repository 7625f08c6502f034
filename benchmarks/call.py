"""What a call of a derivative with a float costs, beside the hand-written `math` function and the peers.

In: functions with their derivatives written by hand. Where the textbook form loses digits (1 - tanh² for large x),
there is a second hand-written form that does not, and symdiff, which does not either, is measured against that one.
Out: a table of times and ratios; exit code 1 where symdiff takes more than 1.3 times the time of the hand-written
function.

Run: python benchmarks/call.py
"""

import math
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy

import symdiff as sd
from measure import installed, interleaved, ratio, show

LIMIT = 1.3
HAND, STABLE, OURS = "math by hand", "math by hand, stable", "symdiff.derivative"


@dataclass(frozen=True)
class Case:
    """A function on top of a library's `sin`, `exp` …, and its derivative by hand."""

    function: Callable[[Any], Callable[..., Any]]
    by_hand: Callable[..., float]
    stable: Callable[..., float] | None
    x: float


def oscillation(m: Any) -> Callable[..., Any]:
    """A damped oscillation."""
    return lambda t, k=0.4, w=3.0: m.exp(-k * t) * m.sin(w * t)


def oscillation_by_hand(t: float, k: float = 0.4, w: float = 3.0) -> float:
    """By the product rule, with common parts computed once."""
    phase = w * t
    return math.exp(-k * t) * (w * math.cos(phase) - k * math.sin(phase))


def lennard_jones(m: Any) -> Callable[..., Any]:
    """Energy of a pair."""
    return lambda r, epsilon=0.0103, sigma=3.4: 4.0 * epsilon * ((sigma / r) ** 12 - (sigma / r) ** 6)


def lennard_jones_by_hand(r: float, epsilon: float = 0.0103, sigma: float = 3.4) -> float:
    """With the sixth power by multiplication."""
    s = sigma / r
    s3 = s * s * s
    s6 = s3 * s3
    return 24.0 * epsilon * (s6 - 2.0 * s6 * s6) / r


def bell(m: Any) -> Callable[..., Any]:
    """A Gaussian peak over a slope."""
    return lambda x, centre=0.2, width=0.7: m.exp(-(((x - centre) / width) ** 2)) + 0.1 * x


def bell_by_hand(x: float, centre: float = 0.2, width: float = 0.7) -> float:
    """By the chain rule."""
    u = (x - centre) / width
    return 0.1 - 2.0 * u * math.exp(-u * u) / width


def hyperbolic(m: Any) -> Callable[..., Any]:
    """One operation."""
    return lambda x: m.tanh(x)


def hyperbolic_by_hand(x: float) -> float:
    """Reusing the value; no digit is left at x = 20."""
    value = math.tanh(x)
    return 1.0 - value * value


def hyperbolic_stable(x: float) -> float:
    """1 / cosh², without overflow."""
    t = math.exp(-2.0 * abs(x))
    below = 1.0 + t
    return 4.0 * t / (below * below)


def logistic(m: Any) -> Callable[..., Any]:
    """The README's function."""
    return lambda x, k=2.0: k * m.sin(x) ** 2 / (1 + m.exp(-x))


def logistic_by_hand(x: float, k: float = 2.0) -> float:
    """With common parts computed once; overflows at x = -710."""
    sine, decay = math.sin(x), math.exp(-x)
    below = 1.0 + decay
    return k * sine * (2.0 * math.cos(x) + sine * decay / below) / below


def logistic_stable(x: float, k: float = 2.0) -> float:
    """With an exponential that cannot overflow."""
    sine, t = math.sin(x), math.exp(-abs(x))
    below = 1.0 + t
    gate = (1.0 if x >= 0.0 else t) / below
    return k * sine * (2.0 * math.cos(x) * gate + sine * t / (below * below))


def morse(m: Any) -> Callable[..., Any]:
    """Energy of a bond."""
    return lambda r, depth=4.618, a=1.879, r0=1.275: depth * (1.0 - m.exp(-a * (r - r0))) ** 2


def morse_by_hand(r: float, depth: float = 4.618, a: float = 1.879, r0: float = 1.275) -> float:
    """The slope; loses digits near r0."""
    decay = math.exp(-a * (r - r0))
    return 2.0 * depth * a * decay * (1.0 - decay)


def morse_stable(r: float, depth: float = 4.618, a: float = 1.879, r0: float = 1.275) -> float:
    """The slope, right to the last digits near r0 as well."""
    u = -a * (r - r0)
    return -2.0 * depth * a * math.exp(u) * math.expm1(u)


def ten_operations(m: Any) -> Callable[..., Any]:
    """A function of ten operations and one argument, no form of which needs to be stabilised."""
    return lambda x: m.sin(x) ** 2 / (1.0 + x * x) + m.exp(-0.5 * x) * m.sqrt(x + 3.0)


def ten_operations_by_hand(x: float) -> float:
    """With common parts computed once."""
    sine = math.sin(x)
    below = 1.0 + x * x
    decay = math.exp(-0.5 * x)
    root = math.sqrt(x + 3.0)
    rise = 2.0 * sine * (math.cos(x) * below - sine * x) / (below * below)
    return rise + 0.5 * decay * (1.0 / root - root)


CASES = (
    Case(ten_operations, ten_operations_by_hand, None, 0.7),
    Case(oscillation, oscillation_by_hand, None, 0.9),
    Case(lennard_jones, lennard_jones_by_hand, None, 3.9),
    Case(bell, bell_by_hand, None, 0.5),
    Case(hyperbolic, hyperbolic_by_hand, hyperbolic_stable, 0.3),
    Case(logistic, logistic_by_hand, logistic_stable, 0.3),
    Case(morse, morse_by_hand, morse_stable, 1.6),
)


def variants(case: Case) -> dict[str, Callable[..., Any]]:
    """Every way to compute the derivative that is installed here."""
    x = sympy.Symbol("x")
    slope = sympy.diff(case.function(sympy)(x), x)
    found = {HAND: case.by_hand}
    if case.stable is not None:
        found[STABLE] = case.stable
    found[OURS] = sd.derivative(case.function(math))
    found["sympy.lambdify"] = sympy.lambdify(x, slope, modules="math", cse=True)
    if installed("autograd"):
        import autograd

        found["autograd.grad"] = autograd.grad(case.function(autograd.numpy))
    if installed("jax"):
        import jax

        jax.config.update("jax_enable_x64", True)
        found["jax.jit(jax.grad)"] = jax.jit(jax.grad(case.function(jax.numpy)))
    return found


def main() -> int:
    """Check the values, measure, print; 1 where a ratio is over the limit."""
    slow = []
    for case in CASES:
        calls = variants(case)
        for name, call in calls.items():
            assert math.isclose(call(case.x), case.by_hand(case.x), rel_tol=1e-12), f"{name} computes another value"
        found = interleaved(calls, case.x)
        base = HAND if case.stable is None else STABLE
        rows = [
            (name, f"{statistics.median(times) * 1e9:.0f} ns", f"{ratio(found, name, base):.2f}")
            for name, times in found.items()
        ]
        show(f"derivative of {case.function.__name__}, called with a float", ("", "a call", "ratio"), rows)
        if ratio(found, OURS, base) > LIMIT:
            slow.append(case.function.__name__)
    print(f"\nlimit: {LIMIT} times the hand-written function; over it: {', '.join(slow) or 'none'}")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
