"""Nested parameters as one vector, and back.

In: any nesting of dicts, lists, tuples, NamedTuples and dataclasses with numbers and arrays inside. Out: a vector of
all numbers, dicts in the order of their sorted keys, and the function that makes the nesting of such a vector again.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from symdiff.errors import ShapeError, short_traceback
from symdiff.ir.structure import Structure, structure_of


@short_traceback
def flatten(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The pair of the vector and the function back, which takes traced vectors too.

    The order is autograd's: dict keys sorted, the elements of an array row by row. A vector of another length is
    refused with ShapeError.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> vector, unflatten = sd.flatten({"w": np.ones((2, 2)), "b": 3.0})
    >>> vector
    array([3., 1., 1., 1., 1.])
    >>> unflatten(2 * vector)["w"].shape
    (2, 2)
    >>> sd.grad(lambda v: unflatten(v)["b"] ** 2)(vector)
    array([6., 0., 0., 0., 0.])
    """
    structure = structure_of(value)
    leaves = structure.flatten(value)
    shapes = [np.shape(leaf) for leaf in leaves]
    flat = np.concatenate([np.ravel(leaf) for leaf in leaves]) if leaves else np.zeros(0)
    return flat, _Unflatten(structure, shapes)


@short_traceback
def flatten_func(function: Callable[..., Any], example: Any) -> tuple[Any, Callable[[Any], Any], Any]:
    """The function of a nested parameter as one of a vector, the function back, and the example as a vector.

    What the function returns is flattened too.

    >>> import numpy as np
    >>> import symdiff as sd
    >>> loss, unflatten, start = sd.flatten_func(lambda p: p["a"] ** 2 * p["b"], {"a": 2.0, "b": 3.0})
    >>> slope = unflatten(sd.grad(lambda v: loss(v)[0])(start))
    >>> start, float(slope["a"]), float(slope["b"])
    (array([2., 3.]), 12.0, 4.0)
    """
    vector, unflatten = flatten(example)

    def of_vector(vector: Any, *args: Any, **kwargs: Any) -> Any:
        return flatten(function(unflatten(vector), *args, **kwargs))[0]

    return of_vector, unflatten, vector


class _Unflatten:
    """From a vector to the nested value."""

    def __init__(self, structure: Structure, shapes: Sequence[tuple[int, ...]]) -> None:
        self._structure = structure
        ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)]).tolist()
        self._slices = [slice(start, end) for start, end in pairwise(ends)]
        self._shapes = shapes
        self._length = ends[-1]

    def __call__(self, vector: Any) -> Any:
        if np.shape(vector) != (self._length,):
            raise ShapeError(
                f"a vector of {self._length} numbers was flattened, this has shape {np.shape(vector)}",
                why="It is taken apart into the arrays that were put together.",
                fix="pass a vector of as many numbers: vector.ravel(), or flatten the other value too",
            )
        return self._structure.unflatten(
            [
                vector[place].reshape(shape) if shape else vector[place.start]
                for place, shape in zip(self._slices, self._shapes, strict=True)
            ]
        )
