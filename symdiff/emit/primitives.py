"""How generated code reaches a primitive: by the path that it is imported by.

In: a primitive. Out: the import line for it; or a refusal where another program could not import it.
"""

import sys
from typing import Any

from symdiff.errors import BackendError
from symdiff.origin import Origin


def import_path(primitive: Any, origin: Origin | None = None) -> tuple[str, str]:
    """The module of a primitive and its name there. Raises BackendError where no import leads to it.

    origin: where it is called.

    >>> from symdiff.tracing.primitive import Primitive
    >>> import math
    >>> import_path(Primitive(math.erf))
    ('math', 'erf')
    """
    module, name = primitive.__module__, primitive.__qualname__
    if module not in (None, "__main__") and name.isidentifier():
        found = getattr(sys.modules.get(module), name, None)
        if found is primitive or found is primitive.function:
            return module, name
    raise BackendError(
        f"the primitive {primitive.name} cannot be imported by a generated module",
        origin=origin,
        why=_reason(module, name),
        fix="define it in a module of its own, or inline its body: @sd.primitive(inline=True)"
        if "<lambda>" not in name
        else "give it a name with def, in a module of its own",
    )


def _reason(module: str | None, name: str) -> str:
    if "<lambda>" in name:
        return "It is a lambda: no import leads to it."
    if "<locals>" in name:
        return "It is defined inside a function: no import leads to it."
    if module == "__main__":
        return "It is defined in __main__, which is another module in every program."
    return f"{module}.{name} is another object, or nothing."
