"""Where a generated module comes from: what its header says of the source, the options and the command.

In: a function, the file to write, the options. Out: a Provenance, made of relative paths and digests only, so that it
is the same on every machine.
"""

import inspect
import json
import linecache
import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

from symdiff.build.configuration import Options, Target, find_project, is_default
from symdiff.emit.header import constant_text
from symdiff.emit.sources import digest, source_digest, traced_functions
from symdiff.ir.program import Program


@dataclass(frozen=True)
class Provenance:
    """The facts of the header that do not depend on the generated code."""

    source: str
    helpers: tuple[str, ...]
    source_digest: str
    options_digest: str
    command: str


def provenance_of(
    function: Any,
    output: Path | None,
    options: Options,
    *,
    target: Target | None = None,
    path: Path | None = None,
    name: str = "",
    program: Program | None = None,
) -> Callable[[Program], Provenance]:
    """The provenance, once the function is traced. Cached source lines of a file that changed are forgotten now.

    path, name: of the function, where a target names them.
    """
    linecache.checkcache()
    code = getattr(inspect.unwrap(function), "__code__", None) if function is not None else None
    if program is not None and program.codes:
        code = program.codes[0]
    file = path or _file_of(code)
    root = _root(output, file)
    qualified = name or (code.co_qualname if code is not None else "")

    def facts(traced: Program) -> Provenance:
        shown = qualified or traced.name
        return Provenance(
            source=f"{_relative(file, root)}:{shown}" if file is not None else f"{shown} (no source file)",
            helpers=tuple(_helper(code, root) for code in traced_functions(traced.codes)[1:]),
            source_digest=source_digest(traced),
            options_digest=digest(_options_text(options)),
            command="" if program is not None else _command(shown, file, root, output, options, target),
        )

    return facts


def _file_of(code: CodeType | None) -> Path | None:
    """The file of a function; None for one made in a REPL, a notebook or by `exec`."""
    if code is None:
        return None
    path = Path(code.co_filename)
    return path.resolve() if path.is_file() else None


def _root(output: Path | None, file: Path | None) -> Path:
    """The folder that paths are relative to: the project's, or else the one that the file is in."""
    near = output.resolve().parent if output is not None else file.parent if file is not None else Path.cwd()
    project = find_project(near)
    if project is not None and (file is None or file.is_relative_to(project.parent)):
        return project.parent
    return near


def _relative(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()


def _helper(code: CodeType, root: Path) -> str:
    """A traced helper: its file within the project, or the file's name outside it, where paths differ by machine."""
    file = _file_of(code)
    if file is None:
        return code.co_qualname
    return f"{_relative(file, root) if file.is_relative_to(root) else file.name}:{code.co_qualname}"


def _options_text(options: Options) -> str:
    """The options in a form that is the same wherever they come from."""
    verify = options.verify
    return json.dumps(
        {
            "wrt": options.wrt,
            "emit": options.emit,
            "backend": options.backend,
            "simplify": options.simplify,
            "shapes": {name: _plain(shape) for name, shape in options.shapes.items()},
            "static": _plain(options.static),
            "name": options.name,
            "verify": None if verify is None else {"at": [_plain(point) for point in verify.at], "ulp": verify.ulp},
        },
        sort_keys=True,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else constant_text(value)


def _command(
    name: str, file: Path | None, root: Path, output: Path | None, options: Options, target: Target | None
) -> str:
    """The command that makes the module again, to be run in the project's folder; empty where no command can."""
    if target is not None and target.configured:
        words = ["symdiff", "generate", target.function]
        return shlex.join(words)
    if target is not None and not target.function.rpartition(":")[0].endswith(".py"):
        place = target.function
    elif file is not None and "<" not in name:
        place = f"{_relative(file, root)}:{name}"
    else:
        return ""
    flags = _flags(options)
    if flags is None:
        return ""
    destination = [] if output is None else ["-o", _relative(output.resolve(), root)]
    return shlex.join(["symdiff", "generate", place, *flags, *destination])


def _flags(options: Options) -> list[str] | None:
    """The flags for what differs from the defaults; None where flags cannot say it."""
    verify = options.verify
    if options.templates is not None or (verify is not None and verify.at):
        return None
    flags: list[str] = []
    if options.wrt is not None:
        flags += ["--wrt", ",".join(options.wrt)]
    if not is_default(options, "emit"):
        flags += ["--emit", ",".join(options.emit)]
    for key in ("backend", "simplify", "name"):
        if not is_default(options, key):
            flags += [f"--{key}", getattr(options, key)]
    for name, shape in options.shapes.items():
        stated = _shape_text(shape)
        if stated is None:
            return None
        flags += ["--shapes", f"{name}={stated}"]
    static = options.static
    for name in static:
        value = static[name] if isinstance(static, Mapping) else None
        if value is not None and not isinstance(value, bool | int | float | str):
            return None
        flags += ["--static", f"{name}={value}" if isinstance(static, Mapping) else name]
    if verify is None:
        flags.append("--no-verify")
    elif not is_default(options, "verify"):
        flags += ["--ulp", f"{verify.ulp:g}"]
    return flags


def _shape_text(shape: Any) -> str | None:
    """`2x3`, or `n 3`; None for the shapes of a nested parameter."""
    if not isinstance(shape, tuple):
        return None if isinstance(shape, list | Mapping) else str(shape)
    if any(isinstance(part, list | tuple | Mapping) or " " in str(part) for part in shape):
        return None
    return ("x" if all(isinstance(length, int) for length in shape) else " ").join(map(str, shape))
