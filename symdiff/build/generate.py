"""From a function to a module of its derivatives: trace, differentiate, simplify, write, prove.

In: a function or a target, and options. Out: a GeneratedModule. One road for the Python call, the command and the
build hooks, so that they cannot disagree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from symdiff.algebra.passes import simplify as simplify_program
from symdiff.build.configuration import Options, Target, options_from
from symdiff.build.forms import chosen
from symdiff.build.provenance import Provenance, provenance_of
from symdiff.build.returned import returned
from symdiff.build.said import Call, told_of
from symdiff.build.statement import statement
from symdiff.build.targets import load_target
from symdiff.build.writing import read_existing, require_other_file, require_place, require_writable, write
from symdiff.calculus.calls import expanded
from symdiff.calculus.derivatives import KINDS, forms, is_twice
from symdiff.calculus.selection import require_parameters
from symdiff.emit import freshness
from symdiff.emit.constant_names import ModuleConstants, names_of_numbers
from symdiff.emit.differences import Claim
from symdiff.emit.function import function_text
from symdiff.emit.header import Header
from symdiff.emit.module import module_text, name_in_module
from symdiff.emit.sampling import points
from symdiff.emit.verification import Accuracy, verify
from symdiff.errors import ArgumentError, VerificationError, short_traceback
from symdiff.ir.collector import rarely_collected
from symdiff.ir.program import Program
from symdiff.ir.structure import Structure
from symdiff.tracing import trace_function


@dataclass(frozen=True)
class GeneratedModule:
    """The text of a module, and the file it belongs in.

    state: how the file compared with the text before it was written: absent, fresh, stale, edited or foreign.
    sources: the files that it is made from, which it is never written over.
    """

    text: str
    path: Path | None = None
    state: freshness.State = "absent"
    accuracy: Accuracy | None = None
    sources: frozenset[Path] = frozenset()

    @short_traceback
    def save(self, path: str | Path | None = None, *, force: bool = False) -> Path:
        """Write the module, whole or not at all; a file that already says the same is not touched.

        Raises OutputFileError for a file that symdiff did not write or that was edited since, unless `force`; and for
        one that the function, or a helper of it, stands in.
        """
        target = Path(path) if path is not None else self.path
        if target is None:
            raise ArgumentError("there is no path to save to", fix='save("derivatives.py")')
        require_other_file(target, self.sources)
        if require_writable(target, self.text, force=force) != "fresh":
            write(target, self.text)
        return target

    def __repr__(self) -> str:
        place = "" if self.path is None else f" {self.path}"
        proof = "" if self.accuracy is None else f", {self.accuracy}"
        return f"<symdiff module{place}: {len(self.text.splitlines())} lines{proof}>"

    def __str__(self) -> str:
        return self.text


@short_traceback
def generate(
    function: Callable[..., Any] | str,
    *,
    wrt: str | Sequence[str] | None = None,
    emit: str | Sequence[str] = ("value", "grad"),
    backend: str = "numpy",
    output: str | Path | None = None,
    shapes: Mapping[str, Any] | None = None,
    simplify: str = "full",
    static: Sequence[str] | Mapping[str, Any] = (),
    name: str | None = None,
    templates: str | Path | None = None,
    verify: bool | Mapping[str, Any] = True,
    force: bool = False,
) -> GeneratedModule:
    """The standalone module of a function and its derivatives; written to `output` where that is given.

    function: a function, or a target: `file.py:function` or `package.module:function`.
    wrt: the parameters to differentiate by, all traced ones by default.
    emit: of value, grad, value_and_grad, hess, jac, jvp, vjp, hvp; the functions are called f, f_grad, f_hess ….
    backend: numpy, numexpr or math.
    shapes: of array parameters, `{"x": 3}`, or `{"X": "n d"}` for code that holds for every n and d.
    simplify: none, fast or full.
    static: parameters that keep their value, `{"n": 3}`.
    name: of the function in the module, its own by default.
    templates: a folder with frames of your own.
    verify: points and limit, `{"at": [{"x": 0.3}], "ulp": 8}`; False leaves out the proof.
    force: overwrite a file that symdiff did not write.

    Raises TraceError, VerificationError, OutputFileError and the others of `symdiff explain`; nothing is written then.

    >>> import symdiff as sd
    >>> def cube(x):
    ...     return x * x * x
    >>> print(sd.generate(cube, backend="math").text)  # doctest: +ELLIPSIS
    # @generated by symdiff, do not edit.
    ...
    """
    given = {
        "wrt": wrt,
        "emit": emit,
        "backend": backend,
        "shapes": shapes or {},
        "simplify": simplify,
        "static": static,
        "name": name,
        "templates": None if templates is None else str(templates),
        "verify": verify,
    }
    options = options_from(given, Options(), Call("generate"))
    path = None if output is None else Path(output)
    if path is not None:
        require_place(path)
    if isinstance(function, str):
        module = generate_target(Target(function=function, output=path, options=options, folder=Path.cwd()))
    else:
        module = _module(function, provenance_of(function, path, options), options, path)
    if path is not None:
        module.save(force=force)
    return module


def generate_target(target: Target) -> GeneratedModule:
    """The module of a target, made in memory; nothing is written."""
    with told_of(target.where):
        return _generated(target)


def _generated(target: Target) -> GeneratedModule:
    if target.output is not None:
        require_place(target.output)
    loaded = load_target(target.function, target.folder, target.output)
    if target.output is not None and loaded.path is not None:
        require_other_file(target.output, [loaded.path])
    provenance = provenance_of(
        loaded.function, target.output, target.options, target=target, path=loaded.path, name=loaded.qualified_name
    )
    name = loaded.qualified_name.rpartition(".")[2]
    with loaded.importable():
        return _module(loaded.function, provenance, target.options, target.output, folder=target.folder, name=name)


@rarely_collected()
def module_of(program: Program, claim: Claim, backend: str = "numpy") -> GeneratedModule:
    """The module of one Program under its own name, proven to be what is claimed.

    Where no point is found at which it is finite, the header says so.
    """
    options = options_from({"backend": backend, "emit": ["value"]}, Options(), Call("source"))
    provenance = provenance_of(None, None, options, program=program)
    name = name_in_module(program.name)
    assembly = _Assembly({name: program}, {name: claim}, provenance, options)
    try:
        points(claim.primal, 1)
    except VerificationError as error:
        text = freshness.with_accuracy(assembly.unproven, f"not verified: {error.summary}")
        return GeneratedModule(text, sources=assembly.sources)
    return assembly.finished(None)


def derived_programs(program: Program, options: Options) -> tuple[dict[str, Program], dict[str, Claim]]:
    """Every function that is asked for, by the name it gets, and what each claims to be (before simplification)."""
    wrt = wrt_of(program, options)
    base = options.name or program.name
    level: Any = options.simplify
    local: Any = "none" if level == "none" else "fast"
    tidied = partial(simplify_program, level=local)
    stable = tidied(program)
    functions: dict[str, Program] = {}
    claims: dict[str, Claim] = {}
    for kind in options.emit:
        name = name_in_module(base if kind == "value" else f"{base}_{kind}")
        derived = forms(stable, kind, wrt, tidied)
        found = [simplify_program(expanded(form), level=level) for form in derived]
        functions[name] = chosen(found, options.backend)
        is_raw = stable is program and not is_twice(kind)  # nothing was simplified before it was differentiated
        raw = derived[0] if is_raw else KINDS[kind](program, wrt)
        claims[name] = Claim(kind, expanded(program), expanded(raw), wrt)
    return functions, claims


def wrt_of(program: Program, options: Options) -> tuple[str, ...]:
    """The parameters to differentiate by: those asked for, or all traced ones."""
    if options.wrt is not None:
        require_parameters(program, options.wrt)
        return options.wrt
    return tuple(parameter.name for parameter in program.parameters if parameter.leaf_count)


@rarely_collected()
def _module(
    function: Callable[..., Any],
    provenance: Callable[[Program], Provenance],
    options: Options,
    output: Path | None,
    folder: Path | None = None,
    name: str = "",
) -> GeneratedModule:
    program = trace_function(function, shapes=options.shapes or None, static=options.static)
    if name:  # what a target says; a lambda or a decorator's wrapper has another name
        program = replace(program, name=name)
    functions, claims = derived_programs(program, options)
    return _Assembly(functions, claims, provenance, options, program, folder).finished(output)


class _Assembly:
    """Functions on their way to a module."""

    def __init__(
        self,
        functions: Mapping[str, Program],
        claims: Mapping[str, Claim],
        provenance: Callable[[Program], Provenance],
        options: Options,
        primal: Program | None = None,
        folder: Path | None = None,
    ) -> None:
        self.claims = claims
        self.options = options
        self.sources = frozenset(
            Path(code.co_filename).resolve() for program in functions.values() for code in program.codes
        )
        first = primal if primal is not None else next(iter(functions.values()))
        origin = provenance(first)
        header = Header(
            source=origin.source,
            helpers=origin.helpers,
            source_digest=origin.source_digest,
            options_digest=origin.options_digest,
            template_digest="",
            command=origin.command,
            constants=first.constants,
        )
        taken = {parameter.name for program in functions.values() for parameter in program.parameters} | {*functions}
        numbers = {} if options.backend == "numexpr" else names_of_numbers(first.constants, first.codes, taken)
        constants = ModuleConstants(first.name, numbers)
        self.unproven = module_text(
            [
                function_text(
                    program,
                    options.backend,
                    name=name,
                    statement=statement(claims[name]),
                    returns=returned(claims[name], "a list" if options.backend == "math" else "an array"),
                    constants=constants,
                )
                for name, program in functions.items()
            ],
            options.backend,
            header,
            title=f"{first.name} and its derivatives." if len(functions) > 1 else f"{next(iter(functions))}.",
            templates=None if options.templates is None else (folder or Path.cwd()) / options.templates,
            names={field for program in functions.values() for field in _fields(program)},
        )

    def finished(self, output: Path | None) -> GeneratedModule:
        """The module, proven where that is asked for, and compared with the file that stands there."""
        if output is not None:
            require_other_file(output, self.sources)
        accuracy = None
        wanted = self.options.verify
        if wanted is not None:
            accuracy = verify(self.unproven, self.claims, at=wanted.at, limit=wanted.ulp)
        text = self.unproven if accuracy is None else freshness.with_accuracy(self.unproven, str(accuracy))
        if output is None:
            return GeneratedModule(text, accuracy=accuracy, sources=self.sources)
        existing = read_existing(output)
        if existing is not None and accuracy is not None:
            text = _with_recorded_accuracy(text, existing)
        return GeneratedModule(text, output, freshness.state(existing, text), accuracy, self.sources)


def _with_recorded_accuracy(text: str, existing: str) -> str:
    """The text with the accuracy that the file records, where that is all they differ in.

    It is what was found when the file was written, perhaps by a machine whose libraries round otherwise; here and now
    the code has passed the same limit.
    """
    recorded = freshness.stated(existing, "accuracy")
    if recorded is None or not Accuracy.is_stated(recorded):
        return text
    again = freshness.with_accuracy(text, recorded)
    return again if freshness.state(existing, again) == "fresh" else text


def _fields(program: Program) -> set[str]:
    """The attributes of the user's classes that generated code may read."""
    structures = [parameter.structure for parameter in program.parameters if parameter.structure is not None]
    waiting: list[Structure] = [*structures, program.structure]
    found: set[str] = set()
    while waiting:
        structure = waiting.pop()
        if structure.kind in ("namedtuple", "dataclass"):
            found |= set(structure.keys)
        waiting += structure.parts
    return found
