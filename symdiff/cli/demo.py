"""`symdiff demo`: the main job on a real function, from plain Python to a proven module.

In: nothing. Out: the function, the module of its value and gradient, and that gradient beside other methods'.
"""

import argparse
import tempfile
import time
from pathlib import Path

from symdiff.build.configuration import Options, Target
from symdiff.build.generate import generate_target
from symdiff.build.targets import load_target
from symdiff.cli.compare import print_comparison
from symdiff.cli.exit_codes import FINE
from symdiff.cli.tables import console, print_code
from symdiff.compare.report import compare
from symdiff.tracing import trace_function

MODEL = '''\
import math


def normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def call_price(S, K=100.0, T=0.5, r=0.03, sigma=0.2):
    """The price of a European call (Black and Scholes, 1973)."""
    d1 = (math.log(S / K) + (r + sigma**2 / 2) * T) / (sigma * math.sqrt(T))
    d2 = d1 - sigma * math.sqrt(T)
    return S * normal_cdf(d1) - K * math.exp(-r * T) * normal_cdf(d2)
'''
_WRT = ("S", "sigma")
_POINT = {"S": 105.0, "K": 100.0, "T": 0.5, "r": 0.03, "sigma": 0.2}
_METHODS = ("fd", "complex-step", "autograd", "jax", "mpmath")


def run(arguments: argparse.Namespace) -> int:
    """Show each step and its product."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.py").write_text(MODEL, encoding="utf-8")
        _title("1. model.py: plain Python")
        print_code(MODEL)
        _show_module(folder)
        _show_comparison(folder)
    print("\nNext: symdiff generate model.py:your_function -o your_derivatives.py")
    return FINE


def _show_module(folder: Path) -> None:
    options = Options(wrt=_WRT, emit=("value_and_grad",), backend="math")
    target = Target(function="model.py:call_price", output=folder / "greeks.py", options=options, folder=folder)
    start = time.perf_counter()
    module = generate_target(target)
    seconds = time.perf_counter() - start
    _title(f"2. Traced, differentiated, simplified, written, run and compared with mpmath, in {seconds:.2f} s")
    print_code(module.text)


def _show_comparison(folder: Path) -> None:
    at = ", ".join(f"{name} = {value:g}" for name, value in _POINT.items())
    _title(f"3. Its derivatives (delta and vega) at {at}, beside other methods'")
    function = load_target("model.py:call_price", folder).function
    print_comparison(compare(function, trace_function(function), _WRT, _POINT, _METHODS, "math"))


def _title(text: str) -> None:
    console().print(f"\n[bold]{text}[/bold]\n")
