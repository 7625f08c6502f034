"""A signal designed by its spectrum, and a wave equation on a circle: losses and derivatives through FFTs.

In: a real signal. Out: the gradient of a distance between power spectra, compared with differences and with Parseval's
theorem; the signal that has a wanted spectrum, by descent; the energy of a wave, whose gradient is the equation itself.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import symdiff as sd

Real = NDArray[np.float64]


def power(x: Real) -> Any:
    """The power spectrum of a real signal."""
    return np.abs(np.fft.rfft(x, norm="ortho")) ** 2


def distance(x: Real, wanted: Real) -> Any:
    """How far the power spectrum is from the wanted one."""
    return np.mean((power(x) - wanted) ** 2)


GRADIENT = sd.grad(distance)


def designed(wanted: Real, x: Real, steps: int = 400, rate: float = 0.3) -> Real:
    """A signal with this power spectrum, by descent from x."""
    for _ in range(steps):
        x = x - rate * GRADIENT(x, wanted)
    return x


def slope(u: Real) -> Any:
    """du/dx on a circle of length 2π, by its Fourier series."""
    frequencies = 1j * np.fft.rfftfreq(u.shape[0], 1.0 / u.shape[0])
    return np.fft.irfft(frequencies * np.fft.rfft(u), u.shape[0])


def energy(u: Real) -> Any:
    """The potential energy of a string: half the mean square of its slope, times its length."""
    return np.pi * np.mean(slope(u) ** 2)


FORCE = sd.grad(lambda u: -energy(u))


def main() -> None:
    """Print how exact the gradient is, how near the design comes, and the force on a string."""
    generator = np.random.default_rng(4)
    x, direction = generator.normal(size=32), generator.normal(size=32)
    wanted = np.exp(-0.5 * ((np.arange(17) - 6.0) / 2.0) ** 2)
    step = 1e-6
    difference = (distance(x + step * direction, wanted) - distance(x - step * direction, wanted)) / (2.0 * step)
    print(f"gradient along a direction {GRADIENT(x, wanted) @ direction:.10f}, by differences {difference:.10f}")
    found = designed(wanted, x)
    print(f"distance of the spectra {distance(x, wanted):.3f}, after descent {distance(found, wanted):.1e}")
    places = 2.0 * np.pi * np.arange(15) / 15.0
    curvature = FORCE(np.sin(3.0 * places)) * 15.0 / (2.0 * np.pi)
    print(f"force on sin 3x: {np.max(np.abs(curvature + 9.0 * np.sin(3.0 * places))):.0e} away from -9 sin 3x")


if __name__ == "__main__":
    main()
