"""The configuration: `[tool.symdiff]` and `[[tool.symdiff.target]]` in pyproject.toml.

In: a folder to start from. Out: the targets with their options, defaults filled in, every key and type checked.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from symdiff.build.said import Call, CommandLine, Table, line_of_mistake
from symdiff.errors import BackendError, ConfigurationError
from symdiff.errors.message import choices, closest, shown_path

BACKENDS = ("numpy", "numexpr", "math")
SIMPLIFY = ("none", "fast", "full")
EMIT = ("value", "grad", "value_and_grad", "hess", "jac", "jvp", "vjp", "hvp")


@dataclass(frozen=True, kw_only=True)
class Verify:
    """How the written code is proven: at these points (or at sampled ones), within this many ULP."""

    at: tuple[Mapping[str, Any], ...] = ()
    ulp: float = 16.0


@dataclass(frozen=True, kw_only=True)
class Options:
    """What may be asked of a generated module; the names are those of the configuration and of the flags.

    wrt None means all traced parameters.
    """

    wrt: tuple[str, ...] | None = None
    emit: tuple[str, ...] = ("value", "grad")
    backend: str = "numpy"
    simplify: str = "full"
    shapes: Mapping[str, Any] = field(default_factory=dict)
    static: Mapping[str, Any] | tuple[str, ...] = ()
    name: str | None = None
    templates: str | None = None
    verify: Verify | None = field(default_factory=Verify)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A function to generate from: `file.py:function` or `package.module:function`, and the file to write."""

    function: str
    output: Path | None = None
    options: Options = field(default_factory=Options)
    folder: Path = field(default_factory=Path)
    configured: bool = False
    where: Table | None = None  # in pyproject.toml


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The folder of pyproject.toml, the defaults, the targets."""

    folder: Path
    defaults: Options = field(default_factory=Options)
    targets: tuple[Target, ...] = ()


_OPTIONS = tuple(item.name for item in fields(Options))
_TARGET_KEYS = ("function", "output", *_OPTIONS)
_DEFAULT_KEYS = ("backend", "simplify", "emit", "templates", "verify", "target")


def find_project(start: Path) -> Path | None:
    """The nearest pyproject.toml, in the folder or above it."""
    folder = start.resolve()
    candidates = (parent / "pyproject.toml" for parent in (folder, *folder.parents))
    return next((path for path in candidates if path.is_file()), None)


def load_configuration(start: Path) -> Configuration:
    """What the nearest pyproject.toml says; nothing but the defaults where there is none."""
    path = find_project(start)
    return Configuration(folder=start.resolve()) if path is None else read_configuration(path)


def read_configuration(path: Path) -> Configuration:
    """What this pyproject.toml says. Raises ConfigurationError for an unknown key or a value of the wrong type."""
    data = _read(path)
    tool = Table("tool", path, ("tool",))
    where = Table("[tool.symdiff]", path, ("tool", "symdiff"))
    table = _table(_table(data.get("tool", {}), tool, _HEADING).get("symdiff", {}), tool.inside("symdiff"), _HEADING)
    _known(table, _DEFAULT_KEYS, where)
    folder = path.resolve().parent
    defaults = options_from({key: value for key, value in table.items() if key != "target"}, Options(), where)
    entries = table.get("target", [])
    if not isinstance(entries, list):
        raise ConfigurationError(
            "tool.symdiff.target is not a list of tables", origin=where.line("target"), fix="[[tool.symdiff.target]]"
        )
    targets = tuple(_target(entry, number, defaults, path) for number, entry in enumerate(entries))
    _distinct_outputs(targets)
    return Configuration(folder=folder, defaults=defaults, targets=targets)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{shown_path(str(path))} is not valid TOML",
            origin=line_of_mistake(path, str(error)),
            why=f"{error}.",
            fix='write key = "text", key = 3, key = ["a", "b"], or [table]',
        ) from error
    except UnicodeDecodeError as error:
        number = error.object[: error.start].count(b"\n") + 1
        raise ConfigurationError(
            f"line {number} of {shown_path(str(path))} is not UTF-8", fix="save the file as UTF-8"
        ) from error
    except OSError as error:
        raise ConfigurationError(
            f"{shown_path(str(path))} cannot be read: {error.strerror}", fix="give this user the right to read it"
        ) from error


def _target(entry: Any, number: int, defaults: Options, path: Path) -> Target:
    folder = path.resolve().parent
    where = Table(f"[[tool.symdiff.target]] number {number + 1}", path, ("tool", "symdiff", "target", number))
    table = _table(entry, where, _whole(entry))
    _known(table, _TARGET_KEYS, where)
    for key in ("function", "output"):
        if not isinstance(table.get(key), str) or not table[key] or "\0" in table[key]:
            origin = where.line(key) or where.line()
            lines = dict(zip(("function", "output"), _whole(table.get("function")).splitlines()[1:], strict=True))
            raise ConfigurationError(f'{where} needs {key} = "…"', origin=origin, fix=lines[key])
    output = folder / table["output"]
    if not output.resolve().is_relative_to(folder):
        raise ConfigurationError(
            f"{where}: output {where.shown(table['output'])} lies outside the project",
            origin=where.line("output"),
            why="The project is the folder of pyproject.toml, which paths are relative to.",
            fix=where.option("output", output.name),
        )
    given = {key: value for key, value in table.items() if key not in ("function", "output")}
    if isinstance(given.get("shapes"), Mapping):  # TOML has no tuples: a list of lengths is a shape
        given["shapes"] = {name: _lengths(shape) for name, shape in given["shapes"].items()}
    options = options_from(given, defaults, where)
    return Target(
        function=table["function"], output=output, options=options, folder=folder, configured=True, where=where
    )


def _lengths(shape: Any) -> Any:
    is_shape = isinstance(shape, list) and all(isinstance(length, int | str) for length in shape)
    return tuple(shape) if is_shape else shape


_HEADING = "[tool.symdiff]"


def _whole(function: object) -> str:
    """A target of this function, or of another, as it is written: the module is put beside the file of the function."""
    named = function.replace("\0", "") if isinstance(function, str) and ":" in function else "model.py:energy"
    place, _, name = named.rpartition(":")
    output = Path(place if place.endswith(".py") else "model.py").with_name(f"{name}_derivatives.py").as_posix()
    return f'[[tool.symdiff.target]]\nfunction = "{named}"\noutput = "{output}"'


def options_from(given: Mapping[str, Any], defaults: Options, where: Call) -> Options:
    """The defaults with the given values put in, each checked."""
    _known(given, _OPTIONS, where)
    made: dict[str, Any] = {}
    for key, value in given.items():
        made[key] = _READERS[key](value, key, where)
    return replace(defaults, **made)


def _names(value: Any, key: str, where: Call) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(item, str) and item for item in listed):
        raise _no_list(value, key, where, ["value", "grad"] if key == "emit" else ["x", "y"])
    if isinstance(value, str) and "," in value:
        raise _no_list(value, key, where, [word.strip() for word in value.split(",") if word.strip()])
    return tuple(listed)


def _no_list(value: Any, key: str, where: Call, instead: Sequence[str]) -> ConfigurationError:
    return ConfigurationError(
        f"{where}: {key} is a list of names, not {where.shown(value)}",
        origin=where.line(key),
        fix=where.option(key, instead),
    )


def _some_names(value: Any, key: str, where: Call, instead: Sequence[str]) -> tuple[str, ...]:
    names = _names(value, key, where)
    if not names:
        raise ConfigurationError(f"{where}: {key} is empty", origin=where.line(key), fix=where.option(key, instead))
    return names


def _emit(value: Any, key: str, where: Call) -> tuple[str, ...]:
    names = _some_names(value, key, where, ["value", "grad"])
    mended = [name if name in EMIT else closest(name, EMIT) or "grad" for name in names]
    for name in names:
        _require_one_of(name, EMIT, key, where, where.option(key, mended))
    return tuple(dict.fromkeys(names))


def _one_of(value: Any, allowed: tuple[str, ...], key: str, where: Call) -> str:
    mended = closest(str(value), allowed) or getattr(Options(), key)
    return _require_one_of(value, allowed, key, where, where.option(key, mended))


def _require_one_of(value: Any, allowed: tuple[str, ...], key: str, where: Call, fix: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        error = BackendError if key == "backend" else ConfigurationError
        raise error(
            f"{where}: {key} cannot be {where.shown(value)}",
            origin=where.line(key),
            why=choices("It is one of", str(value), allowed),
            fix=fix,
        )
    return value


def _text(value: Any, key: str, where: Call) -> str:
    if not isinstance(value, str) or not value:
        example = "energy" if key == "name" else "templates"
        raise ConfigurationError(
            f"{where}: {key} is a text, not {where.shown(value)}",
            origin=where.line(key),
            fix=where.option(key, example),
        )
    return value


def _shapes(value: Any, key: str, where: Call) -> Mapping[str, Any]:
    return dict(_table(value, where.inside(key), where.option(key, {"x": 3})))


def _static(value: Any, key: str, where: Call) -> Mapping[str, Any] | tuple[str, ...]:
    return dict(value) if isinstance(value, Mapping) else _names(value, key, where)


def _verify(value: Any, key: str, where: Call) -> Verify | None:
    if value is None or isinstance(value, Verify):
        return value
    if isinstance(value, bool):
        return Verify() if value else None
    table = _table(value, where.inside(key), where.option(key, {"ulp": 16}))
    _known(table, ("at", "ulp"), where.inside(key))
    at, ulp = table.get("at", []), table.get("ulp", Verify().ulp)
    if not isinstance(at, list | tuple) or not all(isinstance(point, Mapping) for point in at):
        raise ConfigurationError(
            f"{where}: verify.at is a list of points, not {where.shown(at)}",
            origin=where.line(key, "at"),
            fix=where.option(key, {"at": [{"x": 0.3, "y": 1.1}]}),
        )
    if isinstance(ulp, bool) or not isinstance(ulp, int | float) or not ulp > 0:
        raise ConfigurationError(
            f"{where}: verify.ulp is a number above 0, not {where.shown(ulp)}",
            origin=where.line(key, "ulp"),
            fix=where.option("ulp", 16) if isinstance(where, CommandLine) else where.option(key, {**table, "ulp": 16}),
        )
    return Verify(at=tuple(dict(point) for point in at), ulp=float(ulp))


_READERS: dict[str, Any] = {
    "wrt": lambda value, key, where: None if value is None else _some_names(value, key, where, ["x", "y"]),
    "emit": _emit,
    "backend": lambda value, key, where: _one_of(value, BACKENDS, key, where),
    "simplify": lambda value, key, where: _one_of(value, SIMPLIFY, key, where),
    "shapes": _shapes,
    "static": _static,
    "name": lambda value, key, where: None if value is None else _text(value, key, where),
    "templates": lambda value, key, where: None if value is None else _text(value, key, where),
    "verify": _verify,
}


def _table(value: Any, where: Call, fix: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{where} is a table, not {where.shown(value)}", origin=where.line(), fix=fix)
    return value


def _known(table: Mapping[str, Any], allowed: tuple[str, ...], where: Call) -> None:
    for key, value in table.items():
        if key not in allowed:
            mended = closest(key, allowed)
            raise ConfigurationError(
                f"{where} has no key {key!r}",
                origin=where.line(key),
                why=choices("Its keys are", key, allowed),
                fix=where.option(mended, value) if mended else _moved(key, value, where),
            )


def _moved(key: str, value: Any, where: Call) -> str:
    """Where a key belongs that a table does not have."""
    belongs = key in _TARGET_KEYS and isinstance(where, Table) and len(where.keys) == 2
    return f"under [[tool.symdiff.target]]: {where.option(key, value)}" if belongs else f"leave {key} out"


def _distinct_outputs(targets: tuple[Target, ...]) -> None:
    seen: dict[Path | None, str] = {}
    for target in targets:
        other = seen.setdefault(target.output, target.function)
        if other is not target.function and target.output is not None and target.where is not None:
            name = target.function.rpartition(":")[2].replace(".", "_")
            raise ConfigurationError(
                f"{other} and {target.function} would both be written to {target.output.name}",
                origin=target.where.line("output"),
                fix=target.where.option("output", f"{target.output.stem}_{name}.py"),
            )


def is_default(options: Options, key: str) -> bool:
    """Whether an option has the value it has when nothing is said."""
    return bool(getattr(options, key) == getattr(Options(), key))
