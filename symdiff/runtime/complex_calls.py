"""What answers a call with complex arguments of a function that was traced for real ones.

In: a Program for real numbers, and how to trace its function anew for an example. Out: the result of the Program for
complex numbers, which is traced, compiled and kept for each choice of complex arguments. Nothing complex is ever cast.
"""

from collections.abc import Callable, Mapping
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
        self._known: dict[tuple[bool, ...], Callable[..., Any]] = {}

    def wants(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
        """Whether a complex number stands where the Program has a real one."""
        return any(self._kinds(args, kwargs))

    def __call__(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        kinds = self._kinds(args, kwargs)
        function = self._known.get(kinds)
        if function is None:
            function = self._known[kinds] = self._retrace(self._examples(kinds))
        return function(*args, **kwargs)

    def _kinds(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[bool, ...]:
        leaves = bind(self._program, *args, **kwargs)
        pairs = zip(self._program.inputs, leaves, strict=True)
        return tuple([node.dtype == "real" and _is_complex(leaf) for node, leaf in pairs])

    def _examples(self, kinds: tuple[bool, ...]) -> dict[str, Any]:
        """Values of the shapes that the Program has, complex where the arguments are."""
        leaves = iter(
            [
                np.zeros(node.shape, dtype=complex if is_complex or node.dtype == "complex" else float)[()]
                for node, is_complex in zip(self._program.inputs, kinds, strict=True)
            ]
        )
        return {
            parameter.name: parameter.structure.unflatten([next(leaves) for _ in range(parameter.leaf_count)])
            for parameter in self._program.parameters
            if parameter.structure is not None
        }


def _is_complex(leaf: Any) -> bool:
    node = getattr(leaf, "node", None)
    return bool(np.iscomplexobj(leaf)) if node is None else node.dtype == "complex"
