"""Twenty formulas from physics texts, each twice: in plain Python for symdiff, and in mpmath as the reference.

In: nothing. Out: `FORMULAS`. The mpmath form is written separately, sometimes in another algebraic form, so that a
slip in one of them shows. Arguments are in SI units, or as the text writes the formula.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log, log10, pi, sqrt

import numpy as np
from mpmath import mp
from numpy import sin as sine

PLANCK = 6.62607015e-34
LIGHT = 299792458.0
BOLTZMANN = 1.380649e-23
GAS = 8.31446261815324
FARADAY = 96485.33212
ELECTRON_MEV = 0.51099895


@dataclass(frozen=True)
class Formula:
    """A function, its reference, and the points (exact doubles) at which they are compared."""

    function: Callable[..., float]
    reference: Callable[..., object]
    points: tuple[tuple[float, ...], ...]

    @property
    def name(self) -> str:
        return self.function.__name__


def planck(wavelength, temperature):
    """Spectral radiance of a black body."""
    x = PLANCK * LIGHT / (wavelength * BOLTZMANN * temperature)
    return 2.0 * PLANCK * LIGHT**2 / wavelength**5 / math.expm1(x)


def van_der_waals(n, T, V, a, b):
    """Pressure of a real gas."""
    return n * GAS * T / (V - n * b) - a * (n / V) ** 2


def vis_viva(mu, r, a):
    """Orbital speed."""
    return math.sqrt(mu * (2 / r - 1 / a))


def relativistic_doppler(f, beta, theta):
    """Frequency of a source that moves at an angle to the line of sight."""
    return f * np.sqrt(1 - beta**2) / (1 - beta * np.cos(theta))


def debye_hueckel(ionic_strength, z, radius, A, B):
    """Activity coefficient in the extended law."""
    root = np.sqrt(ionic_strength)
    return 10.0 ** (-A * z * z * root / (1.0 + B * radius * root))


def nernst(T, z, outside, inside):
    """Equilibrium potential of one ion."""
    return GAS * T / (z * FARADAY) * math.log(outside / inside)


def goldman(T, p_K, p_Na, p_Cl, K_out, K_in):
    """Membrane potential, with fixed concentrations of sodium and chloride (mmol/l)."""
    outward = p_K * K_out + p_Na * 145.0 + p_Cl * 10.0
    inward = p_K * K_in + p_Na * 12.0 + p_Cl * 110.0
    return GAS * T / FARADAY * np.log(outward / inward)


def butler_volmer(i0, alpha, eta, T, n):
    """Current density at an electrode."""
    u = n * FARADAY * eta / (GAS * T)
    return i0 * (np.exp(alpha * u) - np.exp(-(1 - alpha) * u))


def bethe_bloch(beta, z, Z, A, I):
    """Stopping power (MeV cm²/g) of a heavy particle, without density correction; I in eV."""
    gamma2 = 1 / (1 - beta**2)
    argument = 2 * ELECTRON_MEV * 1e6 * beta**2 * gamma2 / I
    return 0.307075 * z**2 * Z / (A * beta**2) * (np.log(argument) - beta**2)


def breit_wigner(E, M, width):
    """Relativistic resonance, normalised."""
    gamma = math.sqrt(M**2 * (M**2 + width**2))
    k = 2 * math.sqrt(2) * M * width * gamma / (np.pi * np.sqrt(M**2 + gamma))
    return k / ((E**2 - M**2) ** 2 + M**2 * width**2)


def fermi_dirac(energy, mu, T):
    """Occupation of a state; energies in eV."""
    return 1 / (exp((energy - mu) / (8.617333262e-5 * T)) + 1)


def thick_lens(n, R1, R2, d):
    """Focal length by the lensmaker's equation."""
    power = (n - 1) * (1 / R1 - 1 / R2 + (n - 1) * d / (n * R1 * R2))
    return 1 / power


def rutherford(Z1, Z2, E, theta):
    """Differential cross-section in fm²/sr; E in MeV."""
    return (Z1 * Z2 * 1.43996448 / (4 * E)) ** 2 / sine(theta / 2) ** 4


def stokes_settling(rho_particle, rho_fluid, r, viscosity, g):
    """Terminal velocity of a small sphere."""
    return 2 / 9 * (rho_particle - rho_fluid) * g * r**2 / viscosity


def swamee_jain(roughness, diameter, reynolds):
    """Explicit friction factor in place of Colebrook's."""
    return 0.25 / log10(roughness / (3.7 * diameter) + 5.74 / reynolds**0.9) ** 2


def manning(n, width, depth, slope):
    """Flow in a rectangular channel."""
    area = width * depth
    hydraulic_radius = area / (width + 2 * depth)
    return area * np.power(hydraulic_radius, 2 / 3) * sqrt(slope) / n


def redlich_kwong(T, V, a, b):
    """Pressure of one mole."""
    return GAS * T / (V - b) - a / (np.sqrt(T) * V * (V + b))


def antoine(A, B, C, T):
    """Vapour pressure."""
    return math.pow(10.0, A - B / (C + T))


def inhibited_enzyme(vmax, S, Km, I, Ki, Kii):
    """Michaelis–Menten with mixed inhibition."""
    return vmax * S / (Km * (1 + I / Ki) + S * (1 + I / Kii))


def driven_oscillator(F, m, k, c, w):
    """Amplitude of a damped driven oscillator."""
    return F / math.hypot(k - m * w**2, c * w)


def kepler_period(a, m1, m2):
    """Third law for two bodies (astronomical units, solar masses, years)."""
    return 2 * pi * math.sqrt(a**3 / (4 * pi * pi * (m1 + m2)))


def saha(T, ionization, density):
    """Square of the degree of ionization over its complement; ionization in eV."""
    return log(2.4146829e21 * T**1.5 / density) - ionization / (8.617333262e-5 * T)


FORMULAS = (
    Formula(
        planck,
        lambda w, t: (
            2 * mp.mpf(PLANCK) * mp.mpf(LIGHT) ** 2 / w**5 / (mp.exp(mp.mpf(PLANCK) * LIGHT / (w * BOLTZMANN * t)) - 1)
        ),
        ((5.5e-7, 5778.0), (1.06e-5, 300.0)),
    ),
    Formula(
        van_der_waals,
        lambda n, t, v, a, b: mp.mpf(GAS) * t / (v / n - b) - a * n * n / v**2,
        ((1.0, 300.0, 0.024, 0.364, 4.27e-5), (2.5, 420.0, 0.003, 0.1378, 3.18e-5)),
    ),
    Formula(
        vis_viva,
        lambda mu, r, a: mp.sqrt(2 * mu / r - mu / a),
        ((3.986004418e14, 6.778e6, 6.9e6), (1.32712440018e20, 1.47e11, 2.9e11)),
    ),
    Formula(
        relativistic_doppler,
        lambda f, b, th: f * mp.sqrt((1 - b) * (1 + b)) / (1 - b * mp.cos(th)),
        ((4.57e14, 0.31, 0.7), (1.42e9, 0.82, 2.1)),
    ),
    Formula(
        debye_hueckel,
        lambda s, z, r, a, b: mp.exp(-mp.log(10) * a * z**2 / (1 / mp.sqrt(s) + b * r)),
        ((0.02, 2.0, 6.0, 0.509, 0.328), (0.11, 1.0, 3.5, 0.512, 0.329)),
    ),
    Formula(
        nernst,
        lambda t, z, o, i: mp.mpf(GAS) * t / (z * mp.mpf(FARADAY)) * (mp.log(o) - mp.log(i)),
        ((310.15, 1.0, 4.0, 140.0), (298.15, 2.0, 1.8, 1e-4)),
    ),
    Formula(
        goldman,
        lambda t, pk, pna, pcl, ko, ki: (
            mp.mpf(GAS)
            * t
            / FARADAY
            * (mp.log(pk * ko + 145 * pna + 10 * pcl) - mp.log(pk * ki + 12 * pna + 110 * pcl))
        ),
        ((310.15, 1.0, 0.04, 0.45, 4.0, 140.0), (293.0, 1.2, 0.9, 0.3, 5.5, 120.0)),
    ),
    Formula(
        butler_volmer,
        lambda i0, al, eta, t, n: (
            i0 * mp.exp(al * n * FARADAY * eta / (GAS * t)) * (1 - mp.exp(-n * mp.mpf(FARADAY) * eta / (GAS * t)))
        ),
        ((1e-3, 0.45, 0.06, 298.15, 1.0), (2.5e-4, 0.6, 0.11, 350.0, 2.0)),
    ),
    Formula(
        bethe_bloch,
        lambda b, z, zz, a, i: (
            mp.mpf(0.307075)
            * z**2
            * zz
            / a
            * ((mp.log(2 * mp.mpf(ELECTRON_MEV) * 10**6) + 2 * mp.log(b) - mp.log(1 - b**2) - mp.log(i)) / b**2 - 1)
        ),
        ((0.4, 1.0, 29.0, 63.546, 322.0), (0.85, 2.0, 14.0, 28.0855, 173.0)),
    ),
    Formula(
        breit_wigner,
        lambda e, m, w: (
            2
            * mp.sqrt(2)
            * m**2
            * w
            * mp.sqrt(m**2 + w**2)
            / (mp.pi * mp.sqrt(m**2 + m * mp.sqrt(m**2 + w**2)))
            / ((e - m) ** 2 * (e + m) ** 2 + (m * w) ** 2)
        ),
        ((88.0, 91.1876, 2.4952), (0.9, 0.77526, 0.1491)),
    ),
    Formula(
        fermi_dirac,
        lambda e, mu, t: (1 - mp.tanh((e - mu) / (2 * mp.mpf(8.617333262e-5) * t))) / 2,
        ((5.61, 5.53, 300.0), (7.0, 7.05, 1200.0)),
    ),
    Formula(
        thick_lens,
        lambda n, r1, r2, d: n * r1 * r2 / ((n - 1) * (n * (r2 - r1) + (n - 1) * d)),
        ((1.517, 0.21, -0.34, 0.012), (1.785, 0.05, 0.11, 0.004)),
    ),
    Formula(
        rutherford,
        lambda z1, z2, e, th: (z1 * z2 * mp.mpf(1.43996448) / e) ** 2 / 4 / (1 - mp.cos(th)) ** 2,
        ((2.0, 79.0, 5.49, 1.1), (1.0, 13.0, 2.0, 2.5)),
    ),
    Formula(
        stokes_settling,
        lambda p, f, r, v, g: 2 * (p - f) * g * r**2 / (9 * v),
        ((2650.0, 998.2, 2.5e-5, 1.002e-3, 9.80665), (1050.0, 1.2, 5e-6, 1.8e-5, 9.81)),
    ),
    Formula(
        swamee_jain,
        lambda e, d, re: mp.log(10) ** 2 / 4 / mp.log(e / (mp.mpf(3.7) * d) + mp.mpf(5.74) * re ** -mp.mpf(0.9)) ** 2,
        ((4.5e-5, 0.1, 8e4), (2.6e-4, 0.3, 2e6)),
    ),
    Formula(
        manning,
        lambda n, w, d, s: w * d * mp.exp(mp.mpf(2 / 3) * mp.log(w * d / (w + 2 * d))) * mp.sqrt(s) / n,
        ((0.013, 3.0, 1.2, 0.0015), (0.035, 12.0, 2.7, 2e-4)),
    ),
    Formula(
        redlich_kwong,
        lambda t, v, a, b: mp.mpf(GAS) * t / (v - b) - a / mp.sqrt(t) / (v**2 + v * b),
        ((350.0, 1.1e-3, 6.46, 2.97e-5), (250.0, 4e-4, 1.55, 2.68e-5)),
    ),
    Formula(
        antoine,
        lambda a, b, c, t: mp.exp(mp.log(10) * (a - b / (c + t))),
        ((8.07131, 1730.63, 233.426, 25.0), (7.02447, 1161.0, 224.0, 60.5)),
    ),
    Formula(
        inhibited_enzyme,
        lambda vm, s, km, i, ki, kii: vm / (km / s + km * i / (ki * s) + 1 + i / kii),
        ((1.7, 2.0, 0.8, 0.35, 0.5, 1.9), (120.0, 15.0, 22.0, 3.0, 4.5, 31.0)),
    ),
    Formula(
        driven_oscillator,
        lambda f, m, k, c, w: f / mp.sqrt(k**2 - 2 * k * m * w**2 + m**2 * w**4 + c**2 * w**2),
        ((1.5, 0.4, 35.0, 0.6, 7.5), (10.0, 2.0, 8.0, 1.1, 3.3)),
    ),
    Formula(
        kepler_period,
        lambda a, m1, m2: mp.sqrt(a**3 / (m1 + m2)),
        ((1.524, 1.0, 3.2e-7), (23.4, 2.06, 1.02)),
    ),
    Formula(
        saha,
        lambda t, e, n: (
            mp.log(mp.mpf(2.4146829e21)) + mp.mpf(1.5) * mp.log(t) - mp.log(n) - e / (mp.mpf(8.617333262e-5) * t)
        ),
        ((9000.0, 13.6, 1e20), (15000.0, 24.6, 1e22)),
    ),
)
