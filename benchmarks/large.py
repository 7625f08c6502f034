"""Large programs: a product of 64 factors, a chain of 20,000 steps, a graph of 100,000 nodes.

In: plain functions. Out: a table of operations, processor seconds and megabytes for tracing, differentiating, emitting
and running each, in an interpreter of its own; exit code 1 where one is over 3n + 8 operations, 20 s or 1 GB.

Run: python benchmarks/large.py
"""

import json
import math
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np

import symdiff as sd
from measure import show
from symdiff.ir.nodes import Map

FACTORS, STEPS, NODES = 64, 20_000, 100_000
MOST_SECONDS, MOST_MEGABYTES = 20.0, 1000.0


def product(x):
    """x[0] * x[1] * … * x[63]."""
    result = x[0]
    for factor in x[1:]:
        result = result * factor
    return result


def chain(x):
    """A map applied 20,000 times, three operations each: no way to be shallow. A list that grows is no loop's state."""
    path = [x]
    for _ in range(STEPS):
        path.append(path[-1] + 1e-4 * math.sin(path[-1]))
    return path[-1]


def lattice(x):
    """A wide graph: rows of 100 values that each mix two neighbours of the row before."""
    width = 100
    rows = [[x * (0.5 + 0.001 * column) for column in range(width)]]
    for _ in range(NODES // (4 * width)):
        row = rows[-1]
        rows.append([0.5 * (row[column] + row[column - 1]) * math.cos(row[column]) for column in range(width)])
    return sum(rows[-1])


def steps_by_hand(x: float, count: int) -> tuple[float, float]:
    """Value and slope of the chain, by the chain rule step by step."""
    slope = 1.0
    for _ in range(count):
        slope *= 1.0 + 1e-4 * math.cos(x)
        x = x + 1e-4 * math.sin(x)
    return x, slope


def lattice_by_hand(x: float) -> tuple[float, float]:
    """Value and slope of the lattice, in dual numbers."""
    width = 100
    row = [(x * (0.5 + 0.001 * column), 0.5 + 0.001 * column) for column in range(width)]
    for _ in range(NODES // (4 * width)):
        mixed = []
        for column in range(width):
            (a, da), (b, db) = row[column], row[column - 1]
            mixed.append(
                (0.5 * (a + b) * math.cos(a), 0.5 * (da + db) * math.cos(a) - 0.5 * (a + b) * math.sin(a) * da)
            )
        row = mixed
    return sum(value for value, _ in row), sum(slope for _, slope in row)


def operations(function: Any) -> int:
    """How many operations a program has; picking an element out of an array and putting it in is none."""
    return sum(isinstance(node, Map) for node in function.program.nodes())


def measure(name: str) -> dict[str, float]:
    """Value and gradient of one case: in memory, and as a module; each traces, differentiates and runs by itself."""
    function = {"product": product, "chain": chain, "lattice": lattice}[name]
    shapes = {"x": FACTORS} if name == "product" else {}
    x: Any = [1.0 + 0.01 * number for number in range(FACTORS)] if name == "product" else 0.7
    start = time.process_time()
    both = sd.value_and_grad(function, shapes=shapes)
    found = both(np.array(x)) if name == "product" else both(x)
    called = time.process_time()
    backend = "numpy" if name == "product" else "math"
    text = sd.generate(function, emit="value_and_grad", backend=backend, shapes=shapes, simplify="fast").text
    module: dict[str, Any] = {}
    exec(compile(text, "<generated>", "exec"), module)
    written = module[f"{name}_value_and_grad"](x)
    done = time.process_time()
    for value, slope in (found, written):
        check(name, x, value, slope)
    return {
        "operations": operations(both),
        "lines": text.count("\n"),
        "memory": called - start,
        "module": done - called,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def check(name: str, x: Any, value: float, slope: Any) -> None:
    """Compare with the chain rule by hand."""
    if name == "product":
        expected, expected_slope, slope = math.prod(x), math.prod(x) / x[0], slope[0]
    else:
        expected, expected_slope = steps_by_hand(x, STEPS) if name == "chain" else lattice_by_hand(x)
    assert math.isclose(value, expected, rel_tol=1e-9), (value, expected)
    assert math.isclose(slope, expected_slope, rel_tol=1e-9), (slope, expected_slope)


def main() -> int:
    """Run the cases one after the other, each in its own interpreter; 1 where one is over its limit."""
    rows, over = [], 0
    for name in ("product", "chain", "lattice"):
        run = subprocess.run([sys.executable, __file__, name], stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(run.stdout)
        seconds = max(found["memory"], found["module"])
        over += seconds > MOST_SECONDS or found["megabytes"] > MOST_MEGABYTES
        over += name == "product" and found["operations"] > 3 * FACTORS + 8
        times = (f"{found['memory']:.1f} s", f"{found['module']:.1f} s")
        rows.append((name, f"{found['operations']}", f"{found['lines']}", *times, f"{found['megabytes']:.0f} MB"))
    header = ("value and gradient", "operations", "lines", "in memory", "as a module", "peak")
    show("large programs", header, rows)
    print(f"\nlimits: {3 * FACTORS + 8} operations for the product; {MOST_SECONDS:.0f} s and 1 GB each")
    return min(over, 1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        sys.exit(main())
