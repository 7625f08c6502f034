"""What long loops cost: traced, differentiated, called, beside plain Python by hand and autograd.

In: a relaxation of three numbers towards each other, in 1,000 to 100,000 steps. Out: a table of times, and the lines of
the function that computes the gradient. By hand is the value and its gradient in reverse, with the states in a list.

Run: python benchmarks/loops.py
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import symdiff as sd
from symdiff.calculus.derivatives import derive
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function

STEPS = (1_000, 10_000, 100_000)
NAMES = ("a", "b", "c", "rate", "pull", "push")
POINT = (1.0, 0.2, -0.4, 0.3, 0.8, 0.1)


def relaxed(steps: int) -> Callable[..., Any]:
    """The function with so many steps."""

    def relax(a, b, c, rate, pull, push):  # type: ignore[no-untyped-def]
        for _ in range(steps):
            a, b, c = a + 1e-3 * rate * (b - a), b + 1e-3 * pull * (c - b * b), c + 1e-3 * (push - a * c)
        return a * b + c

    return relax


def by_hand(steps: int) -> Callable[..., Any]:
    """The gradient, with the states kept in a list."""

    def gradient(a: float, b: float, c: float, rate: float, pull: float, push: float) -> tuple[float, ...]:
        states = []
        for _ in range(steps):
            states.append((a, b, c))
            a, b, c = a + 1e-3 * rate * (b - a), b + 1e-3 * pull * (c - b * b), c + 1e-3 * (push - a * c)
        to_a, to_b, to_c, to_rate, to_pull, to_push = b, a, 1.0, 0.0, 0.0, 0.0
        for a, b, c in reversed(states):
            to_rate += 1e-3 * to_a * (b - a)
            to_pull += 1e-3 * to_b * (c - b * b)
            to_push += 1e-3 * to_c
            to_a, to_b, to_c = (
                to_a * (1.0 - 1e-3 * rate) - 1e-3 * to_c * c,
                to_b * (1.0 - 2e-3 * pull * b) + 1e-3 * rate * to_a,
                to_c * (1.0 - 1e-3 * a) + 1e-3 * pull * to_b,
            )
        return to_a, to_b, to_c, to_rate, to_pull, to_push

    return gradient


def best(call: Callable[[], Any], times: int = 3) -> float:
    """The shortest of a few runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return min(found)


def by_autograd(steps: int) -> Callable[..., Any] | None:
    """Autograd's gradient; None where it is not installed."""
    try:
        import autograd
    except ImportError:
        return None
    gradient: Callable[..., Any] = autograd.grad(relaxed(steps), tuple(range(len(NAMES))))
    return gradient


def main() -> None:
    """Print the table."""
    heads = ("trace", "derive", "math", "numpy", "by hand", "autograd")
    print(f"{'steps':>8} " + " ".join(f"{head:>9}" for head in heads) + "  lines")
    for steps in STEPS:
        function = relaxed(steps)
        program = trace_function(function)
        derivative = derive(program, "grad", NAMES)
        compiled = [compile_program(derivative, backend) for backend in ("math", "numpy")]
        peer = by_autograd(steps) if steps <= 10_000 else None  # it would take minutes, and gigabytes
        text = sd.grad(function, NAMES).source(backend="math")
        cells = [
            best(partial(trace_function, function)),
            best(partial(_derived, function)),
            *(best(partial(gradient, *POINT)) for gradient in compiled),
            best(partial(by_hand(steps), *POINT)),
            float("nan") if peer is None else best(partial(peer, *POINT), 1),
        ]
        lines = len(text[text.index("def relax") :].splitlines())
        print(f"{steps:>8,} " + " ".join(f"{1e3 * cell:>7.1f}ms" for cell in cells) + f" {lines:>6}")


def _derived(function: Callable[..., Any]) -> None:
    compile_program(derive(trace_function(function), "grad", NAMES), "math")


if __name__ == "__main__":
    main()
