"""The distance to the Mandelbrot set, from the derivative of an iteration.

In: z ← z² + c, as a plain loop. Out: d z/d c, a holomorphic derivative, beside the recurrence z' ← 2 z z' + 1 by hand;
and the distance estimate |z| log |z| / |z'| of points outside (Peitgen and Richter, The Beauty of Fractals, 1986).
"""

import math

import symdiff as sd

STEPS = 12


def orbit(c: complex) -> complex:
    """z after twelve steps from 0."""
    z = c
    for _ in range(STEPS - 1):
        z = z * z + c
    return z


SLOPE = sd.holomorphic_grad(orbit)


def by_hand(c: complex) -> complex:
    """The recurrence for the derivative."""
    z, slope = c, 1.0 + 0.0j
    for _ in range(STEPS - 1):
        z, slope = z * z + c, 2.0 * z * slope + 1.0
    return slope


def distance(c: complex) -> float:
    """About how far a point outside is from the set."""
    size = abs(orbit(c))
    return size * math.log(size) / abs(complex(SLOPE(c)))


def main() -> None:
    """Print derivatives, distances, and the size of the generated module."""
    for c in (0.3 + 0.6j, -1.5 + 0.4j, 0.5 + 0.1j):
        error = abs(complex(SLOPE(c)) / by_hand(c) - 1.0)
        print(f"c = {c}: |dz/dc| = {abs(complex(SLOPE(c))):.6e}, within {error:.0e} of the recurrence by hand")
    for c in (0.4 + 0.4j, 0.5 + 0.5j, -1.3 + 0.4j):
        print(f"c = {c:.3f}: {distance(c):.4f} from the set")


if __name__ == "__main__":
    main()
