"""The configuration: `[tool.symdiff]` and `[[tool.symdiff.target]]` in pyproject.toml.

In: a folder to start from. Out: the targets with their options, defaults filled in, every key and type checked.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from symdiff.errors import BackendError, ConfigurationError, did_you_mean

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
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}", fix="mend that line of the file") from error
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}", fix="give this user the right to read it"
        ) from error
    table = _table(_table(data.get("tool", {}), "tool").get("symdiff", {}), "tool.symdiff")
    _known(table, _DEFAULT_KEYS, "[tool.symdiff]")
    folder = path.resolve().parent
    defaults = options_from(
        {key: value for key, value in table.items() if key != "target"}, Options(), "[tool.symdiff]"
    )
    entries = table.get("target", [])
    if not isinstance(entries, list):
        raise ConfigurationError(
            "tool.symdiff.target is not a list of tables", fix="write the heading as [[tool.symdiff.target]]"
        )
    targets = tuple(_target(entry, number, defaults, folder) for number, entry in enumerate(entries, 1))
    _distinct_outputs(targets)
    return Configuration(folder=folder, defaults=defaults, targets=targets)


def _target(entry: Any, number: int, defaults: Options, folder: Path) -> Target:
    where = f"[[tool.symdiff.target]] number {number}"
    table = _table(entry, where)
    _known(table, _TARGET_KEYS, where)
    for key in ("function", "output"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise ConfigurationError(f'{where} needs {key} = "…"', fix=_EXAMPLE[key])
    output = folder / table["output"]
    if not output.resolve().is_relative_to(folder):
        raise ConfigurationError(
            f"{where}: output {table['output']!r} lies outside the project {folder}", fix=_EXAMPLE["output"]
        )
    given = {key: value for key, value in table.items() if key not in ("function", "output")}
    if isinstance(given.get("shapes"), Mapping):  # TOML has no tuples: a list of lengths is a shape
        given["shapes"] = {name: _lengths(shape) for name, shape in given["shapes"].items()}
    options = options_from(given, defaults, where)
    return Target(
        function=table["function"],
        output=output,
        options=options,
        folder=folder,
        configured=True,
    )


def _lengths(shape: Any) -> Any:
    is_shape = isinstance(shape, list) and all(isinstance(length, int | str) for length in shape)
    return tuple(shape) if is_shape else shape


_EXAMPLE = {
    "function": 'function = "src/pkg/model.py:energy"',
    "output": 'output = "src/pkg/_energy_derivatives.py"',
}


def options_from(given: Mapping[str, Any], defaults: Options, where: str) -> Options:
    """The defaults with the given values put in, each checked."""
    _known(given, _OPTIONS, where)
    made: dict[str, Any] = {}
    for key, value in given.items():
        made[key] = _READERS[key](value, key, where)
    return replace(defaults, **made)


def _names(value: Any, key: str, where: str) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(item, str) and item for item in listed):
        raise _no_list(value, key, where, ("value", "grad") if key == "emit" else ("x", "y"))
    if isinstance(value, str) and "," in value:
        raise _no_list(value, key, where, [word.strip() for word in value.split(",") if word.strip()])
    return tuple(listed)


def _no_list(value: Any, key: str, where: str, instead: Sequence[str]) -> ConfigurationError:
    listed = ", ".join(f'"{name}"' for name in instead)
    return ConfigurationError(f"{where}: {key} is a list of names, not {value!r}", fix=f"{key} = [{listed}]")


def _emit(value: Any, key: str, where: str) -> tuple[str, ...]:
    names = _names(value, key, where)
    if not names:
        raise ConfigurationError(f"{where}: {key} is empty", fix='emit = ["value", "grad"]')
    return tuple(dict.fromkeys(_one_of(name, EMIT, key, where) for name in names))


def _one_of(value: Any, allowed: tuple[str, ...], key: str, where: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        error = BackendError if key == "backend" else ConfigurationError
        raise error(
            f"{where}: {key} cannot be {value!r}",
            why=f"{key} is one of {', '.join(allowed)}",
            fix=did_you_mean(str(value), allowed),
        )
    return value


def _text(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{where}: {key} is a text, not {value!r}", fix=f'{key} = "…"')
    return value


def _shapes(value: Any, key: str, where: str) -> Mapping[str, Any]:
    return dict(_table(value, f"{where}: {key}"))


def _static(value: Any, key: str, where: str) -> Mapping[str, Any] | tuple[str, ...]:
    return dict(value) if isinstance(value, Mapping) else _names(value, key, where)


def _verify(value: Any, key: str, where: str) -> Verify | None:
    if value is None or isinstance(value, Verify):
        return value
    if isinstance(value, bool):
        return Verify() if value else None
    table = _table(value, f"{where}: {key}")
    _known(table, ("at", "ulp"), f"{where}: {key}")
    at, ulp = table.get("at", []), table.get("ulp", Verify().ulp)
    if not isinstance(at, list | tuple) or not all(isinstance(point, Mapping) for point in at):
        raise ConfigurationError(f"{where}: verify.at is a list of points", fix="at = [{ x = 0.3, y = 1.1 }]")
    if isinstance(ulp, bool) or not isinstance(ulp, int | float) or not ulp > 0:
        raise ConfigurationError(f"{where}: verify.ulp is a number above 0, not {ulp!r}", fix="ulp = 16")
    return Verify(at=tuple(dict(point) for point in at), ulp=float(ulp))


_READERS: dict[str, Any] = {
    "wrt": lambda value, key, where: None if value is None else _names(value, key, where),
    "emit": _emit,
    "backend": lambda value, key, where: _one_of(value, BACKENDS, key, where),
    "simplify": lambda value, key, where: _one_of(value, SIMPLIFY, key, where),
    "shapes": _shapes,
    "static": _static,
    "name": lambda value, key, where: None if value is None else _text(value, key, where),
    "templates": lambda value, key, where: None if value is None else _text(value, key, where),
    "verify": _verify,
}


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{where} is a table, not {value!r}", fix=f"[{where}], and its keys in the next lines")
    return value


def _known(table: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in allowed:
            raise ConfigurationError(
                f"{where} has no key {key!r}", why=f"the keys are {', '.join(allowed)}", fix=did_you_mean(key, allowed)
            )


def _distinct_outputs(targets: tuple[Target, ...]) -> None:
    seen: dict[Path | None, str] = {}
    for target in targets:
        other = seen.setdefault(target.output, target.function)
        if other is not target.function:
            raise ConfigurationError(
                f"{other} and {target.function} would both be written to {target.output}",
                fix='output = "another_file.py" for one of them',
            )


def is_default(options: Options, key: str) -> bool:
    """Whether an option has the value it has when nothing is said."""
    return bool(getattr(options, key) == getattr(Options(), key))
