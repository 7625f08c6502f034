"""Price of a European call and its Greeks.

In: the Black–Scholes formula as one would write it. Out: every Greek, for one option and for a whole strip of strikes.
"""

import math
from typing import Any

import numpy as np

import symdiff as sd


def normal_cdf(x: float) -> float:
    """The distribution function of the standard normal law; erfc keeps its accuracy far to the left."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def call_price(S: float, K: float, T: float, r: float, sigma: float) -> float:
    """The price of a call on spot S with strike K, T years to expiry, rate r, volatility sigma."""
    spread = sigma * math.sqrt(T)
    d1 = (math.log(S / K) + (r + 0.5 * sigma**2) * T) / spread
    d2 = d1 - spread
    return S * normal_cdf(d1) - K * math.exp(-r * T) * normal_cdf(d2)


def greeks(S: float, K: float, T: float, r: float, sigma: float) -> dict[str, float]:
    """First order by one reverse sweep, second order from the Hessian in spot and volatility."""
    by_spot, by_time, by_rate, by_volatility = FIRST_ORDER(S, K, T, r, sigma)
    (gamma, vanna), (_, vomma) = SECOND_ORDER(S, K, T, r, sigma)
    return {
        "delta": by_spot,
        "theta": -by_time,
        "rho": by_rate,
        "vega": by_volatility,
        "gamma": gamma,
        "vanna": vanna,
        "vomma": vomma,
    }


FIRST_ORDER = sd.grad(call_price, argnum=("S", "T", "r", "sigma"))
SECOND_ORDER = sd.hessian(call_price, argnum=("S", "sigma"))
DELTA = sd.derivative(call_price, wrt="S")


def deltas(strikes: Any) -> Any:
    """Deltas of a strip of options: the same derivative, called with an array."""
    return DELTA(100.0, strikes, 0.5, 0.03, 0.25)


def main() -> None:
    """Print the Greeks of an option at the money, and the deltas of a strip."""
    option = {"S": 100.0, "K": 100.0, "T": 0.5, "r": 0.03, "sigma": 0.25}
    print(f"price {call_price(**option):12.6f}")
    for name, value in greeks(**option).items():
        print(f"{name} {value:12.6f}")
    strikes = np.linspace(80.0, 120.0, 5)
    for strike, delta in zip(strikes, deltas(strikes), strict=True):
        print(f"strike {strike:6.1f}  delta {delta:.6f}")


if __name__ == "__main__":
    main()
