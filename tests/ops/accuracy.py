"""The accuracy of every row, in every backend, at every order, against mpmath.

`python -m tests.ops.accuracy [ROW …]` writes docs/accuracy.md.

The derivatives of a row are made by the calculus out of its partials, and run by evaluating the spellings; the
reference differentiates the row's mpmath form numerically, at 50 digits, and knows nothing of the partials.

The unit is the ULP of the exact result, times the condition number where that is above 1: where a relative change of
the arguments by ε changes the exact result by κε, an error of κ/2 ULP is in the roundings of the arguments already.
This is what "away from cancellation in the formula itself" means here: at x = 3.14159 the sine is ill-conditioned.
"""

import itertools
import math
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import numexpr
import numpy as np

from symdiff.calculus import derivatives
from symdiff.ir.nodes import Const, Input, Map, Node, Select, record
from symdiff.ir.program import Parameter, Program, topological
from symdiff.ops import support_math, support_numpy
from symdiff.ops.row import Op, Refused, Spelling
from symdiff.ops.table import OPS

BACKENDS = ("numpy", "math", "numexpr")
LIMIT = 16.0
DIGITS = 50
PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"

Values = np.ndarray[Any, Any]

# ------------------------------------------------------------------------------------------------------ the programs


@cache
def program_of(op: Op, orders: tuple[int, ...]) -> Program:
    """The partial derivative of a row, of the given order in each argument."""
    inputs = tuple(Input(f"x{index}") for index in range(op.arity))
    parameters = tuple(Parameter(node.name) for node in inputs)
    program = Program(op.name, parameters, inputs, (record(op, *inputs),))
    for node, order in zip(inputs, orders, strict=True):
        program = derivatives.elementwise(program, [node.name], order)
    return program


def orders_of(op: Op, total: int) -> Iterator[tuple[int, ...]]:
    """Every way to differentiate `total` times, by arguments whose partial is neither zero nor refused."""
    for orders in itertools.product(range(total + 1), repeat=op.arity):
        differentiable = not any(
            partial is None or isinstance(partial, Refused)
            for partial, order in zip(op.partials, orders, strict=True)
            if order
        )
        if sum(orders) == total and differentiable:
            yield orders


def points(op: Op, count: int, seed: int = 20) -> list[tuple[float, ...]]:
    """Sampled points of the row's domain."""
    generator = random.Random(f"{op.name} {seed}")
    return [tuple(generator.uniform(*interval) for interval in op.domain) for _ in range(count)]


# ------------------------------------------------------------------------------------------------------ the backends


def run(program: Program, arguments: Sequence[Any], backend: str) -> Any:
    """The value of a program, every node computed by evaluating its spelling in the backend."""
    compute = {"numpy": _numpy, "math": _math, "numexpr": _numexpr}[backend]
    values: dict[Node, Any] = dict(zip(program.inputs, arguments, strict=True))
    for node in topological(program.outputs):
        if isinstance(node, Const):
            values[node] = node.value
        elif isinstance(node, Map):
            values[node] = compute(node.op, [values[arg] for arg in node.args])
        elif isinstance(node, Select):
            condition, *sides = (values[arg] for arg in node.args)
            values[node] = (
                sides[0 if condition else 1] if backend == "math" else np.where(condition, sides[0], sides[1])[()]
            )
    return values[program.outputs[0]]


def spelled(spelling: Spelling) -> Any:
    """The spelling as compiled code on the names a0, a1, …"""
    names = [f"a{index}" for index in range(1 + max((int(i) for i in _placeholders(spelling.text)), default=0))]
    return compile(spelling.text.format(*names), spelling.text, "eval")


def _placeholders(text: str) -> list[str]:
    return [piece[0] for piece in text.split("{")[1:]]


def _namespace(support: Any) -> dict[str, Any]:
    namespace = {"np": np, "math": math}
    return namespace | {f"_{name}": value for name, value in vars(support).items() if not name.startswith("_")}


_NAMESPACES = {"numpy": _namespace(support_numpy), "math": _namespace(support_math)}


def _evaluate(spelling: Spelling, values: Sequence[Any], backend: str) -> Any:
    namespace = _NAMESPACES[backend]
    for module in spelling.modules:
        namespace[module.split(".")[0]] = __import__(module)
    return eval(spelled(spelling), namespace, {f"a{index}": value for index, value in enumerate(values)})


def _numpy(op: Op, values: Sequence[Any]) -> Any:
    return _evaluate(op.numpy, values, "numpy")


def _math(op: Op, values: Sequence[Any]) -> Any:
    return _evaluate(op.math, values, "math")


def _numexpr(op: Op, values: Sequence[Any]) -> Any:
    if op.numexpr is None:
        return _numpy(op, values)
    names = {f"a{index}": value for index, value in enumerate(values)}
    return numexpr.evaluate(op.numexpr.text.format(*names), names)[()]


# ----------------------------------------------------------------------------------------------------- the reference


def exact(op: Op, orders: tuple[int, ...], point: Sequence[Any]) -> Any:
    """The derivative by numerical differentiation of the mpmath form at many digits."""
    arguments = [mpmath.mpf(value) for value in point]
    if not any(orders):
        return op.in_mpmath(mpmath, *arguments)
    return mpmath.chop(_differentiated(op, orders, arguments), tol=1e-35)  # zero, but for the differences taken


def _differentiated(op: Op, orders: tuple[int, ...], arguments: Sequence[Any]) -> Any:
    active = [index for index, order in enumerate(orders) if order]

    def function(*moving: Any) -> Any:
        full = list(arguments)
        for index, value in zip(active, moving, strict=True):
            full[index] = value
        return op.in_mpmath(mpmath, *full)

    if len(active) == 1:
        return mpmath.diff(function, arguments[active[0]], orders[active[0]])
    return mpmath.diff(function, tuple(arguments[i] for i in active), tuple(orders[i] for i in active))


def condition(op: Op, orders: tuple[int, ...], point: Sequence[float]) -> float:
    """How much relative changes of the arguments are magnified in the exact result."""
    value = exact(op, orders, point)
    total = mpmath.mpf(0)
    for index, (x, partial) in enumerate(zip(point, op.partials, strict=True)):
        if isinstance(partial, Refused):
            continue  # an order or a parameter, taken as exact
        more = tuple(order + (index == i) for i, order in enumerate(orders))
        if x:
            total += abs(x * exact(op, more, point))
    return float(total / abs(value)) if value else math.inf


def ulp_error(computed: Any, true: Any) -> float:
    """The distance in units in the last place of the exact result."""
    if not math.isfinite(computed):
        return math.inf
    unit = math.ulp(float(true))
    return float(abs(mpmath.mpf(float(computed)) - true) / unit)


def worst_error(op: Op, orders: tuple[int, ...], backend: str, sample: Sequence[tuple[float, ...]]) -> float:
    """The largest error over the sample, in ULP and conditioned as the module says."""
    program = program_of(op, orders)
    worst = 0.0
    with mpmath.workdps(DIGITS), np.errstate(all="ignore"):
        for point in sample:
            computed = run(program, [np.float64(x) if backend == "numpy" else x for x in point], backend)
            error = ulp_error(computed, _exact(op, orders, point))
            if error > max(worst, 0.5):
                error /= max(1.0, _condition(op, orders, point))
            worst = max(worst, error)
    return worst


_exact: Callable[..., Any] = cache(exact)
_condition: Callable[..., float] = cache(condition)

# ---------------------------------------------------------------------------------------------------------- the page

_HEAD = f"""# Accuracy of the table of operations

Written by `python -m tests.ops.accuracy`. For every row, backend and order of derivative the largest error over 100
sampled points of the row's domain, in ULP: 0.5 is correct rounding, and nothing is above {LIMIT:.0f}. For rows of
several arguments it is the largest over all partial derivatives of the order.

{(__doc__ or "").partition("docs/accuracy.md.")[2].strip()}

Where numexpr lacks a function NumPy computes it; a star marks these rows.

| operation | domain | numpy 0 | 1 | 2 | math 0 | 1 | 2 | numexpr 0 | 1 | 2 |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def measured_rows() -> list[Op]:
    """The rows with real arguments and results."""
    return [op for op in OPS.values() if op.operands == "real" and op.result == "real"]


def line(op: Op, count: int) -> str:
    """One line of the table."""
    sample = points(op, count)
    figures = []
    for backend in BACKENDS:
        for total in range(3):
            errors = [worst_error(op, orders, backend, sample) for orders in orders_of(op, total)]
            figures.append(f"{max(errors):.1f}" if errors else "0")
    star = "" if op.numexpr else "*"
    domain = ", ".join(f"{low:g} … {high:g}" for low, high in op.domain)
    return f"| {op.name}{star} | {domain} | {' | '.join(figures)} |"


def committed_lines() -> dict[str, str]:
    """The lines of the page as it is, by the rows' names."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return {match[1]: match[0] for match in re.finditer(r"^\| (\w+)\*? \|.*\|$", text, re.MULTILINE)}


def main(names: Sequence[str]) -> None:
    """Write the page: the lines of the given rows anew, or all of them."""
    lines = committed_lines() if names else {}
    rows = {op.name: op for op in measured_rows()}
    for name in names or rows:
        lines[name] = line(rows[name], 100)
        print(lines[name], file=sys.stderr)  # noqa: T201
    PAGE.write_text(_HEAD + "\n".join(lines[name] for name in sorted(rows)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
