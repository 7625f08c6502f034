"""Programs compiled in memory.

In: a Program and the name of a backend. Out: a plain function. Neither Jinja2 nor SymPy is imported on this way.
"""

from collections.abc import Callable
from typing import Any

from symdiff.emit.function import function_text
from symdiff.ir.program import Program
from symdiff.runtime.defining import compile_text
from symdiff.runtime.dispatch import dispatching


def compile_program(
    program: Program, backend: str = "numpy", *, name: str | None = None, prepared: bool = False
) -> Callable[..., Any]:
    """The function that computes the program.

    backend: numpy, numexpr, math; "auto" is `math` for floats and `numpy` for anything else.
    prepared: whether the caller sees to it that arguments are arrays of one floating type and of the right shapes.

    Raises BackendError for a backend that does not exist or cannot express the program.
    """
    if backend == "auto":
        return dispatching(program, name=name or program.name)
    text = function_text(program, backend, name=name, annotations=False, in_memory=True, prepared=prepared)
    return compile_text(text, backend)
