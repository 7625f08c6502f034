"""The function that `symdiff demo` differentiates: the price of a European call, after Black and Scholes (1973)."""

import math


def normal_cdf(x: float) -> float:
    """The distribution function of the standard normal distribution."""
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def call_price(S: float, K: float = 100.0, T: float = 0.5, r: float = 0.03, sigma: float = 0.2) -> float:  # noqa: N803
    """What the right to buy at K in T years is worth today.

    S: price of the share. r: interest, a year. sigma: volatility, per square root of a year.
    """
    d1 = (math.log(S / K) + (r + sigma**2 / 2.0) * T) / (sigma * math.sqrt(T))
    d2 = d1 - sigma * math.sqrt(T)
    return S * normal_cdf(d1) - K * math.exp(-r * T) * normal_cdf(d2)
