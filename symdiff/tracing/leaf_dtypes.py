"""Which leaves of a parameter are complex: those whose example is, or that are declared so.

In: a parameter, its structure, its example, its stated shape. Out: a dtype for each leaf. `z: complex`,
`shapes={"z": "complex"}` and `shapes={"A": "complex 2 2"}` declare; `np.ndarray` and the like say nothing.
"""

import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from symdiff.ir.nodes import DType, Node
from symdiff.ir.program import EMPTY
from symdiff.ir.structure import Structure
from symdiff.tracing.annotations import evaluated_annotation
from symdiff.tracing.stated import is_nested

_WORD = "complex"


def dtypes_of(
    function: Callable[..., Any], parameter: inspect.Parameter, structure: Structure, example: Any, shape: Any
) -> list[DType]:
    """A dtype for each leaf of a traced parameter: complex where the example is, or the shape or annotation says so."""
    count = structure.leaf_count
    stated: list[DType] = ["complex" if _is_complex(function, parameter) else "real"] * count
    if shape is not None:
        stated = [_of_shape(leaf) for leaf in _leaf_shapes(shape)]
    given = stated
    if example is not EMPTY:
        with suppress(ValueError):  # the default has another structure than the stated shapes
            given = [_of_value(leaf) for leaf in structure.flatten(example)]
    return ["complex" if "complex" in pair else "real" for pair in zip(stated, given, strict=True)]


def without_dtype(shape: Any) -> Any:
    """The shape that a text states beside a dtype."""
    if isinstance(shape, str) and shape.split()[:1] == [_WORD]:
        return tuple(shape.split()[1:])
    return () if shape is complex else shape


def _of_value(leaf: Any) -> DType:
    node = leaf if isinstance(leaf, Node) else getattr(leaf, "node", None)
    if node is not None:
        return "complex" if node.dtype == "complex" else "real"
    return "complex" if np.iscomplexobj(leaf) else "real"


def _of_shape(shape: Any) -> DType:
    return "complex" if without_dtype(shape) is not shape else "real"


def _leaf_shapes(shape: Any) -> list[Any]:
    """The shapes of the leaves, in the order of the structure."""
    if isinstance(shape, Mapping):
        return [leaf for key in sorted(shape) for leaf in _leaf_shapes(shape[key])]
    return [leaf for part in shape for leaf in _leaf_shapes(part)] if is_nested(shape) else [shape]


def _is_complex(function: Callable[..., Any], parameter: inspect.Parameter) -> bool:
    annotation = evaluated_annotation(function, parameter)
    return isinstance(annotation, type) and issubclass(annotation, complex | np.complexfloating)
