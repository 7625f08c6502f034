"""How a point is written: what a message tells the user to paste.

In: a Program. Out: the option that names a point, in Python and in pyproject.toml.
"""

import math

from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import LEAF

_MOST = 6  # elements that are written out


def point_option(program: Program, number: str = "0.5") -> str:
    """The option `verify` with a point that has a value for each parameter.

    >>> from symdiff.tracing import trace_function
    >>> print(point_option(trace_function(lambda x, y: x[0] * y, shapes={"x": 2})))
    verify={"at": [{"x": [0.5, 0.5], "y": 0.5}]}
    in pyproject.toml: verify = { at = [{ x = [0.5, 0.5], y = 0.5 }] }
    """
    values = {
        parameter.name: _value(program, parameter, number)
        for parameter in program.parameters
        if parameter.structure is not None
    }
    in_python = ", ".join(f'"{name}": {value}' for name, value in values.items())
    in_toml = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f'verify={{"at": [{{{in_python}}}]}}\nin pyproject.toml: verify = {{ at = [{{ {in_toml} }}] }}'


def _value(program: Program, parameter: Parameter, number: str) -> str:
    """Nested lists of the number; dots for what is large or no array."""
    if parameter.structure != LEAF:
        return "…"
    (leaf,) = program.leaves_of(parameter.name)
    lengths = [length for length in leaf.shape if isinstance(length, int)]
    if len(lengths) < leaf.ndim or not 0 < math.prod(lengths) <= _MOST:
        return "…"
    text = number
    for length in reversed(lengths):
        text = f"[{', '.join([text] * length)}]"
    return text
