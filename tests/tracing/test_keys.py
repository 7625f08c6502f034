"""Random keys: what NumPy does with a key, a trace does; and the transpose of picking adds up."""

import random
from typing import Any

import numpy as np
import pytest

from symdiff.calculus.derivatives import derive
from symdiff.ir import make
from symdiff.ir.check import check
from symdiff.ir.nodes import Node
from symdiff.runtime.compile import compile_program
from symdiff.tracing import trace_function

SHAPE = (3, 4, 2)


def random_key(generator: random.Random) -> tuple[Any, ...]:
    """A key of integers, slices, None, Ellipsis, arrays that broadcast with each other, and masks."""
    key: list[Any] = []
    middle = generator.choice([(), (2,), (3,), (2, 3), (1, 3)])
    axis = 0
    while axis < len(SHAPE):
        kind = generator.choice(["int", "slice", "array", "new", "array", "mask", "stop"])
        length = SHAPE[axis]
        if kind == "stop":
            break
        if kind == "new":
            key.append(None)
            continue
        if kind == "int":
            key.append(generator.randrange(-length, length))
        elif kind == "slice":
            key.append(
                slice(*(generator.choice([None, -2, 0, 1, 2, 5]) for _ in range(2)), generator.choice([1, -1, 2]))
            )
        elif kind == "array":
            shape = generator.choice([middle, middle[-1:]])
            values = [generator.randrange(-length, length) for _ in range(int(np.prod(shape)))]
            key.append(np.array(values, dtype=int).reshape(shape))
        else:
            mask = np.zeros(length, dtype=bool)
            mask[generator.sample(range(length), min(length, middle[-1] if middle else 1))] = True
            key.append(mask)
        axis += 1
    if generator.random() < 0.3:
        key.insert(generator.randrange(len(key) + 1), Ellipsis)
    return tuple(key)


@pytest.mark.parametrize("seed", range(150))
def test_random_keys_pick_and_add_like_numpy(seed: int) -> None:
    key = random_key(random.Random(seed))
    array = np.random.default_rng(seed).normal(size=SHAPE)
    try:
        expected = array[key]
    except IndexError:
        pytest.skip("NumPy refuses the key")
    program = check(trace_function(lambda x: x[key], args=[array]))
    found = compile_program(program, "numpy")(array)
    assert np.shape(found) == expected.shape
    np.testing.assert_array_equal(found, expected)
    weights = np.random.default_rng(seed + 1).normal(size=expected.shape)
    total: Node = make.reduce("sum", program.outputs[0] * make.lift(weights if weights.shape else float(weights)))
    gradient = derive(program.with_outputs([total], program.structure), "grad", ["x"])
    scattered = np.zeros(SHAPE)
    np.add.at(scattered, key, weights)
    np.testing.assert_allclose(compile_program(check(gradient), "numpy")(array), scattered, atol=1e-14)


@pytest.mark.parametrize("seed", range(150))
def test_random_assignments_write_like_numpy(seed: int) -> None:
    generator = random.Random(seed)
    key = random_key(generator)
    array = np.random.default_rng(seed).normal(size=SHAPE)
    try:
        shape = array[key].shape
    except IndexError:
        pytest.skip("NumPy refuses the key")
    values = np.random.default_rng(seed + 1).normal(size=shape if generator.random() < 0.7 else shape[-1:])
    if any(part is None for part in key):
        key = tuple(part for part in key if part is not None)
        values = np.float64(2.5)

    def write(x, v):  # type: ignore[no-untyped-def]
        y = x.copy()
        y[key] = v
        return y

    expected = write(array, values)
    program = check(trace_function(write, args=[array, values]))
    np.testing.assert_array_equal(compile_program(program, "numpy")(array, values), expected)
