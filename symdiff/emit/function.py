"""The text of one generated function.

In: a Program and a backend. Out: signature, docstring and body as lines ready to paste, with the imports, support
functions and constants they need.
"""

import builtins
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from symdiff.backends import backend_named
from symdiff.backends.base import Backend, Environment
from symdiff.emit.compose import compose
from symdiff.emit.constant_names import ModuleConstants, names_of_arrays
from symdiff.emit.docstring import docstring_lines
from symdiff.emit.names import MODULES, TYPES, Names, checked
from symdiff.emit.prepared import prepared as prepared_program
from symdiff.emit.primitives import import_path
from symdiff.emit.render import rendered
from symdiff.emit.results import returned, with_names
from symdiff.emit.signature import Objects, signature_lines, static_checks
from symdiff.emit.unpack import leaves_of, length_checks
from symdiff.ir.nodes import Call, Const, DType
from symdiff.ir.program import Program
from symdiff.ir.sizes import names_of_inputs

# The modules behind the names that head dotted names in generated code.
_UNTYPED = ("numexpr", "scipy")
_LONGEST_LITERAL = 1_000  # elements of a constant array that is written out in memory
_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True)
class FunctionText:
    """A generated function.

    lines: signature, docstring, body.
    imports: import lines.
    support: names of support functions that the body calls with a leading underscore.
    constants: definitions that stand before the function in the module, each one text.
    objects: classes and values of the user's that the text names and no literal can give.
    primitives: module and name of each primitive that is imported.
    """

    name: str
    lines: tuple[str, ...]
    imports: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    objects: tuple[tuple[str, Any], ...] = ()
    primitives: tuple[tuple[str, str], ...] = ()


def function_text(
    program: Program,
    backend_name: str,
    *,
    name: str | None = None,
    annotations: bool = True,
    taken: Collection[str] = (),
    in_memory: bool = False,
    prepared: bool = False,
    statement: str = "",
    returns: str = "",
    constants: ModuleConstants | None = None,
) -> FunctionText:
    """The function that computes the program, in the language of the backend.

    name: the program's by default.
    taken: further names of the module that the function must not hide.
    in_memory: whether the text may name objects of the running program where it has no literal for them.
    prepared: whether the caller sees to it that arguments are arrays of one floating type and of the right shapes.
    statement: paragraphs for the docstring.
    returns: what it says of the result; its shape, or how many parts it has, by default.
    constants: the names of constants in the module.

    Raises BackendError where the backend cannot express the program.
    """
    backend = backend_named(backend_name)
    writer = FunctionWriter(
        backend,
        prepared_program(program, backend),
        name or program.name,
        annotations,
        taken,
        in_memory=in_memory,
        prepared=prepared,
        constants=constants,
    )
    return writer.text(statement, returns)


class FunctionWriter:
    """The parts of a function, made in the order in which they depend on each other."""

    def __init__(
        self,
        backend: Backend,
        program: Program,
        name: str,
        annotations: bool,
        taken: Collection[str],
        *,
        in_memory: bool = False,
        prepared: bool = False,
        constants: ModuleConstants | None = None,
    ) -> None:
        self.backend = backend
        self.program = program
        self.name = checked(name)
        self.annotations = annotations
        users = {checked(parameter.name) for parameter in program.parameters} | {self.name, *taken}
        self.users = users
        self.names = Names(users | _BUILTINS | set(MODULES) | set(TYPES), pattern=backend.name_pattern)
        hidden = sorted(word for word in users if word in _BUILTINS or word in MODULES or word.startswith("_"))
        self.renamed = {word: self.names.fresh(word) for word in hidden}
        self.leaves = leaves_of(program, self.names)
        sizes = {name: self.names.fresh(name.text) for name in names_of_inputs(program)}
        self.environment = Environment(self.renamed, *self.sample())
        self.environment.sizes = sizes
        self.environment.annotates = annotations
        self.constants: list[str] = []
        self.shared = constants or ModuleConstants(self.name)
        self.environment.numbers = self.shared.numbers
        self.in_memory = in_memory
        self.objects = Objects(self.names if in_memory else None, program)
        self.prepared = prepared
        self.environment.value_text = self.objects.text

    def sample(self) -> tuple[str, DType]:
        """The name and dtype of an input that shows the precision of a call, a real one if there is one."""
        chosen = next((leaf for leaf in self.leaves if leaf.node.dtype == "real"), next(iter(self.leaves), None))
        return ("", "real") if chosen is None else (chosen.name, chosen.node.dtype)

    def text(self, statement: str = "", returns: str = "") -> FunctionText:
        self.name_arrays()
        body = self.body()
        literal = partial(_literal, self.backend, self.environment)
        annotate = partial(self.backend.annotation, self.program) if self.annotations else None
        result = self.backend.result_annotation(self.program)
        signature = signature_lines(self.name, self.program.parameters, annotate, result, literal, self.objects)
        docstring = docstring_lines(self.name, self.program, statement, returns)
        bound, paths = self.primitives()
        return FunctionText(
            self.name,
            (*signature, *docstring, *body),
            imports=(*self.imports("\n".join(signature)), *paths),
            support=tuple(sorted(self.environment.support)),
            constants=(*self.aliases(), *self.numbers(), *self.constants),
            objects=(*self.objects.bound.items(), *bound),
            primitives=tuple(paths.values()),
        )

    def primitives(self) -> tuple[list[tuple[str, Any]], dict[str, tuple[str, str]]]:
        """The primitives that the text calls: objects in memory, import lines with their paths in a file."""
        named = self.environment.primitives.items()
        if self.in_memory:
            return [(name, primitive) for primitive, name in named], {}
        called = {node.primitive: node.origin for node in self.program.all_nodes() if isinstance(node, Call)}
        paths = {name: import_path(primitive, called[primitive]) for primitive, name in named}
        return [], {f"from {module} import {own} as {name}": (module, own) for name, (module, own) in paths.items()}

    def numbers(self) -> list[str]:
        """The definitions of the numbers that the text calls by name."""
        used = self.environment.used_numbers
        return [f"{name} = {self.backend.literal(value, self.environment).code}" for value, name in used.items()]

    def name_arrays(self) -> None:
        """Constant arrays stand before the function; those that the user's function has read keep their names."""
        nodes = dict.fromkeys(self.program.all_nodes())
        arrays = [node for node in nodes if isinstance(node, Const) and node.shape]
        names = {} if self.in_memory else names_of_arrays(arrays, self.program.constants, self.users)
        for node in arrays:
            name = names.get(node) or self.shared.array_name(node)
            self.environment.arrays[node] = name
            if self.in_memory and node.size > _LONGEST_LITERAL:
                self.objects.bound[name] = self.backend.array_object(node)
                continue
            self.constants.append("\n".join(self.backend.array_lines(name, node, self.environment)))

    def body(self) -> list[str]:
        guard = self.backend.guard(self.program, self.environment)
        statements = self.statements(8 if guard else 4)  # first: they tell which sizes are read
        return [*self.checks(), *self.preparation(), *([f"    {guard}"] if guard else []), *statements]

    def preparation(self) -> list[str]:
        """From the arguments to the inputs."""
        if self.prepared:
            return [f"    {leaf.name} = {leaf.path}" for leaf in self.leaves if leaf.name != leaf.path]
        return self.backend.prepare(self.program, self.leaves, self.environment)

    def checks(self) -> list[str]:
        """Refusals of arguments that the function was not generated for."""
        return [*static_checks(self.program.name, self.program.parameters, self.objects), *length_checks(self.program)]

    def statements(self, indent: int) -> list[str]:
        """From the inputs to the return."""
        inputs = {leaf.node: leaf.name for leaf in self.leaves}
        composed = compose(self.program, self.backend, self.environment, self.names, inputs, indent)
        finished = self.backend.finish(self.program, composed.results, self.leaves, self.environment)
        named, results = with_names(self.program, finished, indent, self.names)
        return [*rendered([*composed.statements, *named], indent), *returned(self.program, results, indent)]

    def imports(self, signature: str) -> list[str]:
        """The import lines for the modules that the text uses, under the names by which it knows them."""
        packages = {module.partition(".")[0] for module in self.environment.modules}
        found = (
            {
                line
                for word, line in TYPES.items()
                if word in self.environment.heads or re.search(rf"\b{word}\b", signature)
            }
            if self.annotations
            else set()
        )
        for head in self.environment.heads:
            module = MODULES.get(head)
            alias = self.renamed.get(head, head)
            if module is not None and not (module == alias and module in packages):
                found.add(import_line(module, alias))
        return sorted(found | {import_line(module, module) for module in self.environment.modules})

    def aliases(self) -> list[str]:
        """Other names for builtins and support functions whose own name is hidden in the function."""
        used = [head for head in self.environment.heads if head in self.renamed and head not in MODULES]
        return [f"{self.renamed[head]} = {head}" for head in sorted(used)]


def _literal(backend: Backend, environment: Environment, value: float) -> str:
    return backend.literal(value, environment).code


def import_line(module: str, alias: str) -> str:
    """The line that imports a module; type checkers are told where it has no types."""
    line = f"import {module}" if alias == module else f"import {module} as {alias}"
    return f"{line}  # type: ignore[import-untyped]" if module.partition(".")[0] in _UNTYPED else line
