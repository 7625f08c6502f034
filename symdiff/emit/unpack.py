"""Arguments taken apart: which expression reaches each leaf, and the name the leaf gets.

In: the parameters of a Program. Out: for each input its path (`params["w"]`, `p.x`, `v[0]`) and its name, and the
checks that a list, tuple or dict has the length it was traced with.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from symdiff.backends.base import Leaf
from symdiff.backends.layout import key_literal
from symdiff.emit.names import Names
from symdiff.emit.signature import raised
from symdiff.ir.program import Parameter, Program
from symdiff.ir.structure import Step, Structure


def leaves_of(program: Program, names: Names) -> list[Leaf]:
    """The inputs in order. A parameter that is a leaf keeps its name where the backend can use it."""
    inputs = iter(program.inputs)
    leaves: list[Leaf] = []
    for parameter in program.parameters:
        if parameter.structure is None:
            continue
        for steps in parameter.structure.paths():
            node = next(inputs)
            if steps:
                leaves.append(Leaf(node, path_text(parameter.name, steps), names.fresh(_wish(parameter.name, steps))))
            else:
                name = parameter.name if names.allows(parameter.name) else names.fresh(f"{parameter.name}_")
                leaves.append(Leaf(node, parameter.name, name))
    return leaves


def path_text(name: str, steps: Sequence[Step]) -> str:
    """`params["layers"][0].w`."""
    return name + "".join(f".{key}" if how == "attribute" else f"[{key_literal(key)}]" for how, key in steps)


def _wish(name: str, steps: Sequence[Step]) -> str:
    """The last key that is a name, with the numbers behind it: `w_0` of `params["w"][0]`."""
    parts: list[str] = [name]
    for _, key in steps:
        parts = [key] if isinstance(key, str) and key.isidentifier() else [*parts, str(key)]
    return "_".join(parts)


def length_checks(program: Program) -> list[str]:
    """Lines that refuse a list, tuple or dict of another length."""
    result: list[str] = []
    for parameter in program.parameters:
        for path, structure in parts_of(parameter):
            if structure.kind in ("list", "tuple", "dict"):
                count = len(structure.keys)
                result.append(f"    if len({path}) != {count}:")
                result += raised(f"{path} must have {count} elements", 8)
    return result


def parts_of(parameter: Parameter) -> Iterator[tuple[str, Structure]]:
    """A parameter's value and everything in it, with the expressions that reach them."""
    if parameter.structure is None:
        return
    waiting: list[tuple[tuple[Step, ...], Structure]] = [((), parameter.structure)]
    while waiting:
        steps, structure = waiting.pop()
        yield path_text(parameter.name, steps), structure
        how: Literal["item", "attribute"] = "attribute" if structure.kind in ("namedtuple", "dataclass") else "item"
        for key, part in reversed(list(zip(structure.keys, structure.parts, strict=True))):
            waiting.append(((*steps, (how, key)), part))
