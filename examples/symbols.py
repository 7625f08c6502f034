"""First steps with declared symbols: expressions, functions of several results, state between calls.

In: symbols and what is done with them. Out: compiled functions, called with numbers and arrays.
"""

from typing import Any

import numpy as np

from symdiff.symbolic import dmatrices, dmatrix, dscalar, function, iscalar, pp, scalar, shared, vector


def sums() -> dict[str, Any]:
    """A sum of two numbers: compiled, evaluated at once, printed."""
    x, y = dscalar("x"), dscalar("y")
    z = x + y
    add = function([x, y], z)
    return {
        "add(2, 3)": add(2, 3),
        "add(16.3, 12.1)": add(16.3, 12.1),
        "z.eval({x: 16.3, y: 12.1})": z.eval({x: 16.3, y: 12.1}),
        "pp(z)": pp(z),
    }


def powers() -> dict[str, Any]:
    """Element by element on vectors."""
    a, b = vector("a"), vector("b")
    grow = function([a], a + a**10)
    square = function([a, b], a**2 + b**2 + 2 * a * b, simplify="full")
    return {
        "a + a**10 at [0, 1, 2]": grow([0, 1, 2]),
        "a**2 + b**2 + 2*a*b at [1, 2], [4, 5]": square([1, 2], [4, 5]),
        "what it computes": pp(square),
    }


def logistic() -> Any:
    """The logistic function of every element of a matrix."""
    x = dmatrix("x")
    return function([x], 1 / (1 + np.exp(-x)))([[0, 1], [-1, -2]])


def differences() -> list[Any]:
    """Three results of one function, which share their work."""
    a, b = dmatrices("a", "b")
    difference = a - b
    compare = function([a, b], [difference, abs(difference), difference**2])
    found: list[Any] = compare([[1, 1], [1, 1]], [[0, 1], [2, 3]])
    return found


def accumulation() -> list[int]:
    """A shared variable that functions add to and take from, and one that stands in its place for a call."""
    state, inc = shared(0, name="state"), iscalar("inc")
    accumulator = function([inc], state, updates=[(state, state + inc)])
    decrementor = function([inc], state, updates=[(state, state - inc)])
    seen = [int(state.get_value())]
    for step in (1, 300):
        accumulator(step)
        seen.append(int(state.get_value()))
    state.set_value(-1)
    accumulator(3)
    seen.append(int(state.get_value()))
    decrementor(2)
    seen.append(int(state.get_value()))
    instead = scalar("instead", dtype="int64")
    skip_shared = function([inc, instead], state * 2 + inc, givens=[(state, instead)])
    seen += [int(skip_shared(1, 3)), int(state.get_value())]
    return seen


def main() -> None:
    """Print what every section gives."""
    for text, value in (sums() | powers()).items():
        print(f"{text}: {value}")
    print(f"logistic function:\n{logistic()}")
    for name, value in zip(("difference", "absolute", "squared"), differences(), strict=True):
        print(f"{name}: {value.tolist()}")
    print(f"the accumulator's state: {accumulation()}")


if __name__ == "__main__":
    main()
