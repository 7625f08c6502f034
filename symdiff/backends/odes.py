"""How a system of differential equations is solved in NumPy code.

In: an Ode, the texts of its initial state and times. Out: a call of SciPy's solver with the slope function by its name.
"""

from collections.abc import Sequence

from symdiff.backends.base import Environment, Text, compound
from symdiff.ir.nodes import Ode


def ode_text(node: Ode, args: Sequence[Text], environment: Environment) -> Text:
    """`scipy.integrate.odeint(slope, y0, t)`, with the options that differ from the solver's own."""
    environment.modules["scipy.integrate"] = None
    given = [environment.functions[node], args[0].code, args[1].code]
    given += [f"{name}={value!r}" for name, value in node.options]
    return compound(f"{environment.head('scipy')}.integrate.odeint({', '.join(given)})", args[:2])
