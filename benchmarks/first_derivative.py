"""Time to the first derivative: from a plain function to the first value of its derivative, package already imported.

In: a function of ten operations. Out: a table of milliseconds, each from fresh interpreters; exit code 1 where symdiff
takes more than 10 ms.

Run: python benchmarks/first_derivative.py
"""

import math
import statistics
import sys

from measure import in_fresh_interpreters, installed, show

LIMIT = 0.010
EXPECTED = 2.606650833825411

# Ten operations: a product, a quotient, three sums, a square, a negation, sin, exp, sqrt.
FUNCTION = "def f(x): return {m}.sin(x) ** 2 / (1.0 + {m}.exp(-x)) + x * {m}.sqrt(2.0 + x)"

PROGRAM = """
import json, time
start = time.perf_counter()
{imports}
imported = time.perf_counter()
{function}
before = time.perf_counter()
{derive}
value = float(df(0.7))
first = time.perf_counter()
df(0.8)
print(json.dumps({{"import": imported - start, "first": first - before, "value": value}}))
"""


def programs() -> dict[str, str]:
    """A program for each package that is installed here."""
    found = {
        "symdiff": ("import math\nfrom symdiff import derivative", "math", "df = derivative(f)"),
        "sympy diff + lambdify": (
            "import sympy",
            "sympy",
            "x = sympy.Symbol('x')\ndf = sympy.lambdify(x, sympy.diff(f(x), x), modules='math', cse=True)",
        ),
    }
    if installed("autograd"):
        found["autograd"] = ("import autograd\nimport autograd.numpy as np", "np", "df = autograd.grad(f)")
    if installed("jax"):
        imports = "import jax\nimport jax.numpy as np\njax.config.update('jax_enable_x64', True)"
        found["jax eager"] = (imports, "np", "df = jax.grad(f)")
        found["jax jit"] = (imports, "np", "df = jax.jit(jax.grad(f))")
    return {
        name: PROGRAM.format(imports=imports, function=FUNCTION.format(m=library), derive=derive)
        for name, (imports, library, derive) in found.items()
    }


def main() -> int:
    """Measure, check the values, print; 1 where symdiff is over the limit."""
    found = in_fresh_interpreters(programs())
    for name, runs in found.items():
        assert all(math.isclose(run["value"], EXPECTED, rel_tol=1e-12) for run in runs), f"{name}: {runs[0]['value']!r}"
    rows = [
        (name, *(f"{statistics.median(run[figure] for run in runs) * 1e3:.1f} ms" for figure in ("first", "import")))
        for name, runs in found.items()
    ]
    show("from a function of ten operations to its derivative's first value", ("", "first value", "import"), rows)
    print(f"\nlimit: {LIMIT * 1e3:.0f} ms to the first value")
    return int(statistics.median(run["first"] for run in found["symdiff"]) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
