"""An equivalent circuit fitted to measured impedances: a real misfit of complex values, and of a complex parameter.

In: a Randles circuit, R₀ in series with R₁ ∥ a constant-phase element, and a noiseless spectrum of it. Out: its
parameters found back by Gauss and Newton, who needs the Jacobian of complex residuals; and the pole of a resonance,
a complex parameter, found by descending its gradient ∂u/∂x - i ∂u/∂y.
"""

import numpy as np
from numpy.typing import NDArray

import symdiff as sd

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
TRUTH = np.array([12.0, 85.0, 2.5e-5, 0.88])  # R₀ and R₁ in ohm, Q, α
FREQUENCIES = 2.0 * np.pi * np.logspace(-1.0, 5.0, 37)


def impedance(p: Real, omega: Real) -> Complex:
    """R₀ + R₁ / (1 + R₁ Q (iω)^α)."""
    result: Complex = p[0] + p[1] / (1.0 + p[1] * p[2] * (1j * omega) ** p[3])
    return result


JACOBIAN = sd.jacobian(impedance)


def fitted(measured: Complex, start: Real, steps: int = 12) -> Real:
    """Gauss and Newton's iteration in the logarithms of the parameters, relative residuals."""
    p = start.copy()
    for _ in range(steps):
        weight = 1.0 / np.abs(measured)
        residual = (impedance(p, FREQUENCIES) - measured) * weight
        slopes = JACOBIAN(p, FREQUENCIES) * weight[:, None] * p
        matrix = np.concatenate([slopes.real, slopes.imag])
        p = p * np.exp(-np.linalg.lstsq(matrix, np.concatenate([residual.real, residual.imag]), rcond=None)[0])
    return p


def impedance_slopes(p: Real, omega: Real) -> Complex:
    """The Jacobian by hand."""
    element = (1j * omega) ** p[3]
    below = 1.0 + p[1] * p[2] * element
    columns = [
        np.ones_like(element),
        1.0 / below**2,
        -(p[1] ** 2) * element / below**2,
        -(p[1] ** 2) * p[2] * np.log(1j * omega) * element / below**2,
    ]
    return np.stack(columns, 1)


def misfit(pole: complex, omega: Real, measured: Complex) -> float:
    """How far the resonance 1 / (iω - pole) is from the measured one, squared."""
    result: float = np.sum(np.abs((1j * omega - pole) * measured - 1.0) ** 2)
    return result


GRADIENT = sd.grad(misfit)


def resonance(omega: Real, measured: Complex, pole: complex, steps: int = 200) -> complex:
    """Steepest descent: the conjugate of the gradient points uphill."""
    rate = 0.4 / float(np.sum(np.abs(measured) ** 2))
    for _ in range(steps):
        pole = pole - rate * np.conj(GRADIENT(pole, omega, measured))
    return complex(pole)


def main() -> None:
    """Print the fitted circuit, the pole, and how exact the derivatives are."""
    measured = impedance(TRUTH, FREQUENCIES)
    start = np.array([5.0, 60.0, 4e-5, 0.8])
    found = fitted(measured, start)
    print("circuit   R0 = {:.6f}  R1 = {:.6f}  Q = {:.4e}  alpha = {:.6f}".format(*found))
    error = np.abs(JACOBIAN(found, FREQUENCIES) / impedance_slopes(found, FREQUENCIES) - 1.0).max()
    print(f"Jacobian  within {error:.0e} of the formula by hand")
    omega = np.linspace(3.0, 7.0, 41)
    pole = resonance(omega, 1.0 / (1j * omega - (-0.2 + 5.0j)), -1.0 + 4.5j)
    print(f"pole      {pole:.9f}")


if __name__ == "__main__":
    main()
