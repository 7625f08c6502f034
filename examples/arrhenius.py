"""Rate laws: Arrhenius's law with a Michaelis–Menten step, its sensitivities, and an error estimate from them.

In: a rate law with named parameters in a dict. Out: the derivative by every parameter in the same dict, and the
standard deviation of the rate that follows from the standard deviations of the parameters.
"""

import math

import symdiff as sd

GAS_CONSTANT = 8.31446261815324  # J/(mol K)


def arrhenius(T: float, A: float, Ea: float) -> float:
    """Rate constant at temperature T, with prefactor A and activation energy Ea (J/mol)."""
    return A * math.exp(-Ea / (GAS_CONSTANT * T))


def enzyme_rate(T: float, S: float, law: dict[str, float]) -> float:
    """Michaelis–Menten rate at substrate concentration S, the turnover following Arrhenius's law."""
    turnover = arrhenius(T, law["A"], law["Ea"])
    return turnover * law["E"] * S / (law["Km"] + S)


SENSITIVITY = sd.value_and_grad(enzyme_rate, argnum="law")
TEMPERATURE_SLOPE = sd.derivative(arrhenius, wrt="T")


def rate_with_error(T: float, S: float, law: dict[str, float], deviation: dict[str, float]) -> tuple[float, float]:
    """The rate and its standard deviation, to first order, for independent parameters."""
    rate, slopes = SENSITIVITY(T, S, law)
    return rate, math.sqrt(sum((slopes[name] * deviation[name]) ** 2 for name in slopes))


def activation_energy(T: float, A: float, Ea: float) -> float:
    """R T² (dk/dT) / k, which is Ea again: a check that reads off any other rate law too."""
    return GAS_CONSTANT * T**2 * TEMPERATURE_SLOPE(T, A, Ea) / arrhenius(T, A, Ea)


def main() -> None:
    """Print rates with their errors, and the activation energy read off the derivative."""
    law = {"A": 2.0e11, "Ea": 55_000.0, "E": 1e-6, "Km": 2.5e-4}
    deviation = {"A": 1.0e10, "Ea": 300.0, "E": 2e-8, "Km": 2e-5}
    for T in (290.0, 300.0, 310.0):
        rate, error = rate_with_error(T, 1e-3, law, deviation)
        print(f"{T:.0f} K: rate {rate:.4e} ± {error:.1e} mol/(l s)")
    print(f"activation energy {activation_energy(300.0, law['A'], law['Ea']):.6f} J/mol")


if __name__ == "__main__":
    main()
