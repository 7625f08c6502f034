"""How a call of a primitive is written in Python.

In: a Call node, the texts of its arguments. Out: `_returned(_f(x), (3,), "f")`, which looks at the shape; for numbers
`_real(np.frompyfunc(_f, 1, 1)(x))`, which takes arrays too, and in `math` code `float(_f(x))`.
"""

from collections.abc import Iterator, Sequence

from symdiff.backends.base import Environment, Text, compound
from symdiff.backends.layout import key_literal, quoted
from symdiff.errors import BackendError
from symdiff.ir.nodes import Call
from symdiff.ir.structure import Structure


def array_call(node: Call, args: Sequence[Text], environment: Environment) -> Text:
    """The call in array code. A function of numbers is called for each element where it gets arrays."""
    name = environment.primitive(node.primitive)
    listed = ", ".join(_arguments(node, args, environment))
    positional, keywords = node.arguments.structure.parts
    if node.parts:
        shapes = ", ".join(environment.shape(shape) for shape, _ in node.parts)
        check = environment.supported("all_returned")
        places = [place for place, (_, dtype) in enumerate(node.parts) if dtype == "complex"]
        others = f", ({', '.join(map(str, places))},)" if places else ""
        return compound(f"{check}({name}({listed}), ({shapes},), {quoted(node.primitive.name)}{others})", args)
    is_scalar = not node.shape and not any(arg.shape for arg in node.args)
    if not is_scalar or keywords.parts or any(part.kind != "leaf" for part in positional.parts):
        check, shape = environment.supported("returned"), environment.shape(node.shape)
        kind = ", is_complex=True" if node.dtype == "complex" else ""
        return compound(f"{check}({name}({listed}), {shape}, {quoted(node.primitive.name)}{kind})", args)
    np = environment.head("np")
    each = f"{np}.frompyfunc({name}, {len(positional.parts)}, 1)({listed})"
    if node.dtype in ("bool", "complex"):
        dtype = "bool_" if node.dtype == "bool" else "complex128"
        return compound(f"{np}.asarray({each}, dtype={np}.{dtype})", args)
    return compound(f"{environment.supported('real')}({each})", args)


def scalar_call(node: Call, args: Sequence[Text], environment: Environment) -> Text:
    """The call in `math` code."""
    kind = environment.head({"bool": "bool", "complex": "complex"}.get(node.dtype, "float"))
    name = environment.primitive(node.primitive)
    return compound(f"{kind}({name}({', '.join(_arguments(node, args, environment))}))", args)


def _arguments(node: Call, args: Sequence[Text], environment: Environment) -> Iterator[str]:
    """The arguments as they stand between the brackets."""
    arguments = node.arguments
    texts: dict[int, str] = {position: text.code for position, text in zip(arguments.positions, args, strict=True)}
    for position, value in arguments.static:
        try:
            texts[position] = environment.value_text(f"an argument of {node.primitive.name}", value)
        except BackendError as error:
            error.origin = node.origin
            raise
    leaves = iter([texts[position] for position in range(len(texts))])
    positional, keywords = arguments.structure.parts
    for part in positional.parts:
        yield _nested(part, leaves, node)
    for key, part in zip(keywords.keys, keywords.parts, strict=True):
        yield f"{key}={_nested(part, leaves, node)}"


def _nested(structure: Structure, leaves: Iterator[str], node: Call) -> str:
    if structure.kind == "leaf":
        return next(leaves)
    parts = [_nested(part, leaves, node) for part in structure.parts]
    if structure.kind == "list":
        return f"[{', '.join(parts)}]"
    if structure.kind == "tuple":
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    if structure.kind == "dict":
        pairs = zip(structure.keys, parts, strict=True)
        return "{" + ", ".join(f"{key_literal(key)}: {part}" for key, part in pairs) + "}"
    kind = structure.python_type.__name__ if structure.python_type else structure.kind
    raise BackendError(
        f"the primitive {node.primitive.name} is called with a {kind}, a class that generated code cannot reach",
        origin=node.origin,
        why="A generated module imports nothing of yours but the primitives themselves.",
        fix=f"pass its fields one by one, {node.primitive.name}({', '.join(map(str, structure.keys))}), or in a tuple",
    )
