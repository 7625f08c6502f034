"""What symdiff covers of NumPy, as a table: for each function the forms in which it is called and compared.

In: nothing. Out: `COVERED`, which the tests run against autograd and against differences, and the page
`docs/coverage.md`, which `python -m tests.tracing.coverage` writes.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from symdiff.backends import BACKENDS
from symdiff.emit.function import function_text
from symdiff.errors import SymdiffError
from symdiff.ir.program import Program
from symdiff.tracing import trace_function

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
Form = Callable[..., Any]
Shapes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Variant:
    """One form of a call: a function of the module `np` and of arrays of these shapes.

    in_autograd: whether autograd 1.9 differentiates the same call.
    """

    function: str
    number: int
    form: Form
    shapes: Shapes
    low: float
    high: float
    in_autograd: bool
    package: str = "numpy"

    @property
    def name(self) -> str:
        return f"{self.function}-{self.number}"

    def arguments(self) -> list[Any]:
        """Arguments from a seed that is the variant's own."""
        seed = sum(map(ord, self.name))
        generator = np.random.default_rng(seed)
        return [generator.uniform(self.low, self.high, shape)[()] for shape in self.shapes]

    def plain(self) -> Callable[..., Any]:
        """The function as a user writes it, with plain NumPy; several results are one flat array."""
        form, module = self.form, importlib.import_module(self.package)
        return lambda *arrays: form(module, *arrays)

    def program(self) -> Program:
        return trace_function(self.plain(), args=self.arguments())


COVERED: dict[str, list[Variant]] = {}
VECTOR: Shapes = ((5,),)
MATRIX: Shapes = ((3, 4),)
CUBE: Shapes = ((2, 3, 4),)
SQUARE: Shapes = ((3, 3),)
NUMBER: Shapes = ((),)


def covers(
    function: str,
    shapes: Shapes,
    *forms: Form,
    low: float = -1.6,
    high: float = 1.7,
    in_autograd: bool = True,
    package: str = "numpy",
) -> None:
    """Enters the forms of a function; package: what they get as their module."""
    variants = COVERED.setdefault(function, [])
    for form in forms:
        variants.append(Variant(function, len(variants), form, shapes, low, high, in_autograd, package))


def alone(function: str, shapes: Shapes, *forms: Form, **options: Any) -> None:
    """The same for forms that autograd has not."""
    covers(function, shapes, *forms, in_autograd=False, **options)


def by_axes(function: str, *axes: Any, in_autograd: bool = True, **options: Any) -> None:
    """A reduction, over each of the axes and with them kept."""
    for axis in axes or (None, 0, -1, (0, 2), (1, -1)):
        covers(
            function,
            CUBE,
            lambda np, x, a=axis: _named(np, function)(x, axis=a, **options),
            lambda np, x, a=axis: _named(np, function)(x, axis=a, keepdims=True, **options),
            in_autograd=in_autograd,
        )


def _named(module: Any, function: str) -> Any:
    return getattr(module, function.removeprefix("numpy."))


def _load() -> None:
    from tests.tracing import (  # noqa: F401 (they fill COVERED)
        coverage_arrays,
        coverage_elements,
        coverage_picking,
        coverage_scipy,
    )


def backends_of(program: Program) -> list[str]:
    """The backends that express the program."""
    found = []
    for name in BACKENDS:
        try:
            function_text(program, name)
        except SymdiffError:
            continue
        found.append(name)
    return found


def page() -> str:
    """The text of docs/coverage.md."""
    lines = [
        "# What is covered",
        "",
        "Written by `python -m tests.tracing.coverage` from the table that the tests run; do not edit.",
        "",
        "Every function below is called in that many forms (axes, `keepdims`, broadcasting, as a method), and in each",
        "form the value, the gradient and the Hessian times a vector are compared: with autograd 1.9 where it",
        "differentiates the same call, and always with plain NumPy and central differences. All functions of elements",
        "are in [accuracy.md](accuracy.md). What is not covered is refused by name, with what to write in its place.",
        "",
        "| function | forms | of them in autograd | derivatives | backends |",
        "|---|---|---|---|---|",
    ]
    for function in sorted(COVERED, key=lambda name: (name.split(".")[0], name.lower())):
        variants = COVERED[function]
        shared = sum(variant.in_autograd for variant in variants)
        programs = [variant.program() for variant in variants]
        orders = "value, first, second" if any(_moves(program) for program in programs) else "value (positions, shapes)"
        possible = [backends_of(program) for program in programs]
        common = [name for name in BACKENDS if all(name in found for found in possible)]
        lines.append(f"| `{function}` | {len(variants)} | {shared or '-'} | {orders} | {', '.join(common)} |")
    return "\n".join([*lines, ""])


def _moves(program: Program) -> bool:
    return any(output.dtype == "real" for output in program.outputs)


_load() if __name__ != "__main__" else None
if __name__ == "__main__":
    from tests.tracing.coverage import page as written

    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
