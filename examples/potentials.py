"""Lennard-Jones and Morse: energy and force of a pair, and the forces on a small cluster.

In: the energies. Out: forces as minus their derivatives, at single distances, on a whole grid, and on all atoms.
"""

from typing import Any

import numpy as np

import symdiff as sd


def lennard_jones(r: float, epsilon: float = 0.0103, sigma: float = 3.40) -> float:
    """Energy of a pair at distance r; the defaults are argon's, in eV and Å."""
    s6 = (sigma / r) ** 6
    return 4.0 * epsilon * (s6**2 - s6)


def morse(r: float, depth: float = 4.618, a: float = 1.879, r0: float = 1.275) -> float:
    """Energy of a bond of length r; the defaults are hydrogen chloride's, in eV and Å."""
    return depth * (1.0 - np.exp(-a * (r - r0))) ** 2


def cluster_energy(positions: Any) -> Any:
    """Lennard-Jones energy of all pairs, in units of epsilon and sigma. `positions` has one row for each atom."""
    total = 0.0
    for i in range(len(positions)):
        for j in range(i):
            d = positions[i] - positions[j]
            inverse_cube = 1.0 / np.sum(d * d) ** 3
            total = total + 4.0 * (inverse_cube**2 - inverse_cube)
    return total


LENNARD_JONES_SLOPE = sd.derivative(lennard_jones)
MORSE_SLOPE = sd.derivative(morse)
MORSE_STIFFNESS = sd.derivative(morse, order=2)
CLUSTER = sd.value_and_grad(cluster_energy)


def relaxed_triangle(steps: int = 400, rate: float = 5e-3) -> tuple[float, Any]:
    """Three atoms moved downhill until they form the triangle with sides 2^(1/6)."""
    positions = np.array([[0.0, 0.0, 0.0], [1.3, 0.0, 0.0], [0.5, 1.0, 0.0]])
    for _ in range(steps):
        energy, gradient = CLUSTER(positions)
        positions = positions - rate * gradient
    return energy, positions


def main() -> None:
    """Print both curves, the vibration of hydrogen chloride, and the relaxed triangle."""
    distances = np.linspace(3.4, 6.0, 5)
    forces = -LENNARD_JONES_SLOPE(distances)
    for r, energy, force in zip(distances, lennard_jones(distances), forces, strict=True):
        print(f"argon at {r:.2f} Å: energy {energy:9.6f} eV, force {force:9.6f} eV/Å")
    for r in (1.1, 1.275, 1.6):
        print(f"HCl at {r:.3f} Å: energy {morse(r):9.6f} eV, force {-MORSE_SLOPE(r):9.6f} eV/Å")
    print(f"HCl force constant {MORSE_STIFFNESS(1.275):.4f} eV/Å²")
    energy, _ = relaxed_triangle()
    print(f"triangle of three atoms: energy {energy:.9f}")


if __name__ == "__main__":
    main()
