"""`symdiff demo`: the main job on a real function, from plain Python to a proven module.

In: nothing. Out: the function, the module of its value and Greeks, and its gradient beside other methods.
"""

import argparse
import inspect
import time

from symdiff.build.configuration import Options
from symdiff.build.generate import generate, wrt_of
from symdiff.cli import call_price as example
from symdiff.cli.compare import print_comparison
from symdiff.cli.tables import console, print_code
from symdiff.compare.report import compare
from symdiff.tracing import trace_function

_WRT = ("S", "sigma")
_POINT = {"S": 105.0, "K": 100.0, "T": 0.5, "r": 0.03, "sigma": 0.2}


def run(arguments: argparse.Namespace) -> int:
    """Show each step and its product."""
    _title("1. A plain Python function: what a call option costs")
    print_code(inspect.getsource(example.normal_cdf) + "\n\n" + inspect.getsource(example.call_price))

    _title("2. Traced, differentiated, simplified, written, run and checked against mpmath")
    start = time.perf_counter()
    module = generate(example.call_price, wrt=_WRT, emit=("value_and_grad",), backend="math")
    seconds = time.perf_counter() - start
    print_code(module.text)

    at = ", ".join(f"{name} = {value:g}" for name, value in _POINT.items())
    _title(f"3. Delta and vega at {at}")
    program = trace_function(example.call_price)
    methods = ("fd", "complex-step", "autograd", "jax", "mpmath")
    print_comparison(compare(example.call_price, program, wrt_of(program, Options(wrt=_WRT)), _POINT, methods))

    _title(f"The module took {seconds:.2f} s. It needs nothing but Python, and it is yours.")
    print("Next: symdiff generate model.py:your_function -o your_derivatives.py")
    return 0


def _title(text: str) -> None:
    console().print(f"\n[bold]{text}[/bold]\n")
