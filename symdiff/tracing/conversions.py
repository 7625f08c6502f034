"""The refusals of a tracer that is asked for its number.

In: the node, and what it was asked to become. Out: a ConversionError with the fix that fits.
"""

import dis
import json

from symdiff.errors import ConversionError
from symdiff.ir.nodes import Input, Node
from symdiff.origin import Origin
from symdiff.tracing.alternatives import instead_of
from symdiff.tracing.describe import describe
from symdiff.tracing.frames import called_library, is_running, written_name

NO_DICT = "a traced number is not a dict"

_WISHES: dict[str, tuple[str, str]] = {
    "bool": ("a truth value", "[f(item) for item in items], without threads: only the one that traces can choose"),
    "float": ("a float", "call it as `float(x)` in the traced function itself, or pass the value as static"),
    "int": ("an int", "call it as `int(x)` in the traced function itself, or pass the value as static"),
    "index": ("an integer for an index, `range` or a repetition", ""),
    "complex": (
        "a complex number",
        "call it as `complex(x)` in the traced function itself, or pass the value as static",
    ),
    "array": ("a NumPy array", "use a function that symdiff knows (`symdiff explain SD104` lists them)"),
    "str": ("text", "leave the formatting to the caller of the function, or pass the value as static"),
    "mask": ("a mask that picks elements", "choose element by element: np.where(mask, a, b)"),
    "hash": ("a key of a dict or an element of a set", "choose with `if`, np.where or np.select"),
    "bytes": ("bytes", "leave pickling to the caller of the function"),
}

_INSTEAD_OF_GIVING_AWAY = {
    "index": "cut it off, int(x), which is constant in pieces; or differentiate by other arguments alone",
    "str": "leave the formatting to the caller of the function",
    "bytes": "leave pickling to the caller of the function",
}


_NUMBERS = frozenset({"float", "int", "complex"})


def cannot_convert(node: Node, how: str, origin: Origin | None) -> ConversionError:
    """The refusal to become a float, an int, an index, text, …"""
    instruction, _ = _instruction(origin)
    if how in _NUMBERS and instruction == "STORE_SUBSCR":  # lists and dicts ask for no number there
        return no_room_for_formulas(origin)
    if how in _NUMBERS and is_running("symdiff.tracing.texts"):  # "%.2f" % x
        how = "str"
    wish, fix = _WISHES[how]
    library = called_library() or ""
    asked_by = f"{library} asks for it. " if library else ""
    return ConversionError(
        f"a traced value was asked to become {wish}",
        origin=origin,
        label=_without_number(node),
        why=f"{asked_by}It depends on the arguments, and the closed form must hold for all of them.",
        fix=instead_of(library) or fix or _static_fix(node),
    )


def _without_number(node: Node) -> str:
    text = describe(node)
    return "has no number yet" if text == "…" else f"{text} has no number yet"


def no_room_for_formulas(origin: Origin | None) -> ConversionError:
    """The refusal of an assignment into an array of NumPy's that holds whole numbers, or was made by a method."""
    name = (written_name(origin) if origin is not None else "") or "y"
    return ConversionError(
        "a traced value is written into an array that holds plain numbers",
        origin=origin,
        why="An array of whole numbers would cut it off, and one that a method of NumPy's made takes no formulas.",
        fix=f"{name} = np.array({name}, dtype=float)  # before it; or an array of floats from the start: np.zeros(3)",
    )


def _instruction(origin: Origin | None) -> tuple[str, str]:
    """The name and the argument of the user's instruction; CPython's specialised ones end on one of their caches."""
    instructions = () if origin is None else dis.get_instructions(origin.code)
    before = [each for each in instructions if origin is not None and each.offset <= origin.offset]
    return (before[-1].opname, before[-1].argrepr) if before else ("", "")


def compared_with_text(node: Node, text: str, origin: Origin | None) -> ConversionError:
    """The refusal to say whether a traced number is a text: it never is, and the answer would be a constant."""
    names = sorted({leaf.name for leaf in _leaves(node)})
    name = names[0] if len(names) == 1 else "mode"
    return ConversionError(
        "a traced value is compared with text",
        origin=origin,
        label=f"{describe(node)} is taken for a number",
        why="No number is equal to text, so the closed form would have one of the sides alone.",
        fix=f'static={{"{name}": {json.dumps(text)}}}',
    )


def would_lose_a_derivative(node: Node, how: str, origin: Origin | None) -> ConversionError:
    """The refusal to give away the number of a value on the path of one input, where a derivative flows through it."""
    wish, _ = _WISHES[how]
    return ConversionError(
        f"a traced value was asked to become {wish}",
        origin=origin,
        label=f"{describe(node)} is differentiated",
        why="What is computed from its number would be a constant to symdiff, and the derivative through it lost.",
        fix=_INSTEAD_OF_GIVING_AWAY.get(
            how, "make the function that takes the number a primitive with a derivative of its own: sd.primitive(f)"
        ),
    )


def is_indexing(origin: Origin | None) -> bool:
    """Whether the user's instruction is `a[i]`: NumPy asks a key for an array, where an index is meant."""
    name, argument = _instruction(origin)
    return "SUBSCR" in name or argument == "[]"


def cannot_hash(node: Node, origin: Origin | None) -> ConversionError:
    """The refusal to be a key of a dict or an element of a set."""
    return ConversionError(
        "a traced value was used as a key of a dict or an element of a set",
        origin=origin,
        label=_without_number(node),
        why="Looking it up needs its number, which depends on the arguments.",
        fix="choose with `if`, np.where or np.select; or make the argument static: " + _static_fix(node),
    )


def traced_option(function: str, option: str, node: Node, origin: Origin | None) -> ConversionError:
    """The refusal of an option that decides what a function computes: an axis, a number of digits, a shift."""
    return ConversionError(
        f"`{option}` of {function} depends on the arguments",
        origin=origin,
        label=_without_number(node),
        why="It decides what is computed, so it must be known while the function is traced.",
        fix=_static_fix(node),
    )


def _static_fix(node: Node) -> str:
    names = sorted({leaf.name for leaf in _leaves(node)})
    listed = [f'"{name}"' for name in names[:3]] or ['"n"']
    given = ", ".join(f"{name}: 2" for name in listed)
    return f"static=[{', '.join(listed)}], or static={{{given}}} where no call gives a value"


def _leaves(node: Node) -> list[Input]:
    from symdiff.ir.program import topological

    return [found for found in topological([node]) if isinstance(found, Input)]
