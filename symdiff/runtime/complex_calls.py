"""What answers a call with complex arguments of a function that was traced for real ones.

In: a Program for real numbers, and how to trace its function anew for an example. Out: the result of the Program for
complex numbers, which is traced, compiled and kept for each choice of complex arguments. Nothing complex is ever cast.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from symdiff.ir.evaluate import bind
from symdiff.ir.program import Program

Retrace = Callable[[Mapping[str, Any]], Callable[..., Any]]


class ComplexCalls:
    """Calls with complex arguments. `retrace` makes a function for example arguments by name."""

    def __init__(self, program: Program, retrace: Retrace) -> None:
        self._program = program
        self._retrace = retrace
        self._known: dict[Hashable, Callable[..., Any]] = {}

    def wants(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
        """Whether a complex number stands where the Program has a real one."""
        leaves = bind(self._program, *args, **kwargs)
        return any(
            node.dtype == "real" and _is_complex(leaf) for node, leaf in zip(self._program.inputs, leaves, strict=True)
        )

    def __call__(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        examples = self._examples(bind(self._program, *args, **kwargs))
        key = tuple([(example.dtype.kind, example.shape) for example in examples])
        function = self._known.get(key)
        if function is None:
            function = self._known[key] = self._retrace(self._by_name(examples))
        return function(*args, **kwargs)

    def _examples(self, leaves: Sequence[Any]) -> list[Any]:
        """Values like the leaves; numbers where the Program works element by element."""
        return [
            np.zeros(
                np.shape(leaf) if node.shape else (),
                dtype=complex if _is_complex(leaf) or node.dtype == "complex" else float,
            )
            for node, leaf in zip(self._program.inputs, leaves, strict=True)
        ]

    def _by_name(self, examples: Sequence[Any]) -> dict[str, Any]:
        remaining = iter([example[()] for example in examples])
        return {
            parameter.name: parameter.structure.unflatten([next(remaining) for _ in range(parameter.leaf_count)])
            for parameter in self._program.parameters
            if parameter.structure is not None
        }


def _is_complex(leaf: Any) -> bool:
    node = getattr(leaf, "node", None)
    if node is not None:
        return bool(node.dtype == "complex")
    try:
        return bool(np.iscomplexobj(leaf))
    except ValueError:  # a ragged list: the array code says so
        return False
