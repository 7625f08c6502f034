"""Orbits in the Hénon–Heiles potential, with generated forces.

In: a starting point. Out: the orbit, by the leapfrog method, and how well it keeps its energy.
"""

from henon_heiles._potential_derivatives import potential, potential_grad

__all__ = ["energy_drift", "orbit", "potential", "potential_grad"]

State = tuple[float, float, float, float]


def orbit(start: State, step: float, steps: int) -> State:
    """Position and velocity after the steps: kick, drift, kick."""
    x, y, vx, vy = start
    fx, fy = potential_grad(x, y)
    for _ in range(steps):
        vx, vy = vx - 0.5 * step * fx, vy - 0.5 * step * fy
        x, y = x + step * vx, y + step * vy
        fx, fy = potential_grad(x, y)
        vx, vy = vx - 0.5 * step * fx, vy - 0.5 * step * fy
    return x, y, vx, vy


def energy(state: State) -> float:
    """Kinetic and potential energy."""
    x, y, vx, vy = state
    return float(0.5 * (vx**2 + vy**2) + potential(x, y))


def energy_drift(step: float = 1e-3, steps: int = 10_000) -> float:
    """The change of energy along an orbit, which the exact flow keeps."""
    start = (0.0, 0.1, 0.35, 0.1)
    return energy(orbit(start, step, steps)) - energy(start)
