"""How the benchmarks measure: variants take turns in one run, so that ratios mean something on a busy machine.

In: callables, or programs for a fresh interpreter. Out: seconds for each, and a printed table.
"""

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def installed(package: str) -> bool:
    """Whether a peer can be measured here."""
    return importlib.util.find_spec(package) is not None


def interleaved(
    variants: Mapping[str, Callable[[Any], Any]], argument: Any, rounds: int = 40, slice_seconds: float = 0.01
) -> dict[str, list[float]]:
    """Processor seconds of `call(argument)`, one figure a round; within a round all variants take their turn."""
    counts = {name: _calls_in(call, argument, slice_seconds) for name, call in variants.items()}
    found: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, call in variants.items():
            repeats = range(counts[name])
            start = time.process_time()
            for _ in repeats:
                call(argument)
            found[name].append((time.process_time() - start) / len(repeats))
    return found


def ratio(found: Mapping[str, Sequence[float]], name: str, base: str) -> float:
    """The median over the rounds of the ratio within a round."""
    return statistics.median(a / b for a, b in zip(found[name], found[base], strict=True))


def on_one_thread() -> None:
    """Start the script anew where libraries may use several threads: they wait by spinning, and spoil all figures."""
    wanted = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    wanted["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | wanted)


def beside_numpy(title: str, variants: Mapping[str, Callable[..., Any]], arguments: Sequence[Any]) -> float:
    """Compare the variants' values with those of the first, measure and print them; symdiff's time in the first's.

    The first is written by hand in NumPy. What is measured ends when the result is there as numbers.
    """
    base = next(iter(variants))
    expected = _leaves(variants[base](*arguments))
    for name, call in variants.items():
        for value, wanted in zip(_leaves(call(*arguments)), expected, strict=True):
            _assert_close(name, value, wanted)
    calls = {name: _waiting(call) for name, call in variants.items()}
    found = interleaved(calls, arguments)
    rows = [
        (name, f"{1e6 * statistics.median(times):,.1f} µs", f"{ratio(found, name, base):.2f}")
        for name, times in found.items()
    ]
    show(title, ("", "a call", f"times {base}"), rows)
    return ratio(found, "symdiff", base)


def _waiting(call: Callable[..., Any]) -> Callable[[Any], Any]:
    """The call on a tuple of arguments, waiting for results that are computed in the background."""

    def waited(arguments: Any) -> None:
        for leaf in _leaves(call(*arguments)):
            wait = getattr(leaf, "block_until_ready", None)
            if wait is not None:
                wait()

    return waited


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in _leaves(value[key])]
    return [leaf for part in value for leaf in _leaves(part)] if isinstance(value, list | tuple) else [value]


def _assert_close(name: str, value: Any, wanted: Any) -> None:
    import numpy as np

    np.testing.assert_allclose(value, wanted, rtol=1e-9, atol=1e-12, err_msg=name)


def in_fresh_interpreters(programs: Mapping[str, str], rounds: int = 5) -> dict[str, list[dict[str, float]]]:
    """What each program prints, a JSON object of figures, in an interpreter of its own, turn by turn."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            found[name].append(json.loads(run.stdout.splitlines()[-1]))
    return found


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column to the left, figures to the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    print(f"\n{title}")
    for row in [header, ["-" * width for width in widths], *rows]:
        first = row[0].ljust(widths[0])
        print("  ".join([first, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]))


def _calls_in(call: Callable[[Any], Any], argument: Any, seconds: float) -> int:
    count = 1
    while True:
        start = time.process_time()
        for _ in range(count):
            call(argument)
        spent = time.process_time() - start
        if spent > seconds / 4:
            return max(1, round(count * seconds / spent))
        count *= 4
