"""Targets: from `file.py:function` or `package.module:function` to the function.

In: the text of a target and the folder it is relative to. Out: the function, and the file it stands in. A file is
loaded by its path: the package around it is not imported, so that a package may import the module that is being
generated from one of its files.
"""

import importlib
import importlib.machinery
import importlib.util
import inspect
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from symdiff.errors import TargetError, did_you_mean

_ROOT = "_symdiff_target"


@dataclass(frozen=True)
class Loaded:
    """A function, how its module names it, and the file it stands in."""

    function: Any
    qualified_name: str
    path: Path | None
    folders: tuple[Path, ...] = ()

    @contextmanager
    def importable(self) -> Iterator[None]:
        """The path of imports as it was for the module: a function may import when it is called, so when traced."""
        with ExitStack() as stack:
            for folder in self.folders:
                stack.enter_context(_importable(folder))
            yield


def split_target(target: str) -> tuple[str, str]:
    """The file or module, and the name in it.

    >>> split_target("src/model.py:energy")
    ('src/model.py', 'energy')
    """
    place, _, name = target.rpartition(":")
    is_place = is_file_target(place) or _is_dotted(place)
    if not is_place or not _is_dotted(name):
        raise TargetError(
            f"{target!r} is not a target",
            why="A target is file.py:function or package.module:function.",
            fix="symdiff generate model.py:f",
        )
    return place, name


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def is_file_target(place: str) -> bool:
    return place.endswith(".py")


def load_target(target: str, folder: Path, output: Path | None = None) -> Loaded:
    """The function that a target names. Raises TargetError, also where its module imports `output`."""
    place, name = split_target(target)
    with _watched(target, output, folder), _importable(folder):
        if is_file_target(place):
            path = (folder / place).resolve()
            if not path.is_file():
                raise TargetError(
                    f"there is no file {place}{_looked_in(folder)}",
                    fix="path/to/model.py:function, from the folder of pyproject.toml or from the working directory",
                )
            module = _load_file(path, target)
        else:
            module = _import_module(place, target)
    function = _find(module, name, target)
    file = getattr(module, "__file__", None)
    found = Path(file).resolve() if file else None
    folders = (folder, _outermost(found)) if found is not None and is_file_target(place) else (folder,)
    return Loaded(function, name, found, folders)


def _looked_in(folder: Path) -> str:
    return "" if folder.resolve() == Path.cwd() else f" in {folder}"


def _find(module: ModuleType, name: str, target: str) -> Any:
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            callables = [key for key, value in vars(found).items() if callable(value) and not key.startswith("_")]
            raise TargetError(
                f"there is no function {name} in {split_target(target)[0]}",
                why=f"its functions are {', '.join(callables)}" if callables else "",
                fix=did_you_mean(part, callables),
            )
        found = getattr(found, part)
    if not callable(found) or isinstance(found, type):
        kind = "class" if isinstance(found, type) else type(found).__name__
        raise TargetError(
            f"{name} in {split_target(target)[0]} is a {kind}, not a function",
            fix="name a function of it: model.py:function",
        )
    if _needs_instance(module, name):
        owner, _, method = name.rpartition(".")
        raise TargetError(
            f"{name} in {split_target(target)[0]} is a method, and there is no object to call it on",
            fix=f"def {method}(…):\n    return {owner}(…).{method}(…)",
        )
    return found


def _needs_instance(module: ModuleType, name: str) -> bool:
    """Whether the name is that of a plain method, seen through its class."""
    *path, method = name.split(".")
    owner: Any = module
    for part in path:
        owner = getattr(owner, part)
    return isinstance(owner, type) and inspect.isfunction(inspect.getattr_static(owner, method))


def _load_file(path: Path, target: str) -> ModuleType:
    """The module of a file, under a name of its own, with its packages as empty shells for relative imports."""
    packages = _packages_of(path)
    outermost = _outermost(path)
    for name in [name for name in sys.modules if name.split(".")[0] == _ROOT]:
        del sys.modules[name]
    shells = [_ROOT, *packages]
    for depth in range(len(shells)):
        shell = ModuleType(".".join(shells[: depth + 1]))
        shell.__path__ = [str(outermost.joinpath(*shells[1 : depth + 1]))] if depth else []
        sys.modules[shell.__name__] = shell
    name = ".".join([*shells, path.stem])
    specification = importlib.util.spec_from_file_location(name, path, loader=_FreshLoader(name, str(path)))
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    with _importable(outermost), _importing(target):
        specification.loader.exec_module(module)
    return module


class _FreshLoader(importlib.machinery.SourceFileLoader):
    """Compiles what stands in the file now: cached bytecode is trusted by the second, which is too coarse here."""

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


def _outermost(path: Path) -> Path:
    """The folder that a file's package, or the file itself, is imported from."""
    return path.parents[len(_packages_of(path))]


def _packages_of(path: Path) -> list[str]:
    """The packages around a file, outermost first."""
    names: list[str] = []
    folder = path.parent
    while (folder / "__init__.py").is_file():
        names.insert(0, folder.name)
        folder = folder.parent
    return names


def _import_module(name: str, target: str) -> ModuleType:
    with _importing(target):
        return importlib.import_module(name)


@contextmanager
def _importing(target: str) -> Iterator[None]:
    """Whatever goes wrong in the user's module becomes a TargetError that keeps the cause."""
    try:
        yield
    except TargetError:
        raise
    except (Exception, SystemExit) as error:
        place = split_target(target)[0]
        raise TargetError(
            f"{place} cannot be imported: {type(error).__name__}: {error}",
            why=_last_place(error, place),
            fix=_how_to_import(error),
        ) from error


def _how_to_import(error: BaseException) -> str:
    """What to do about a module that is not found: it is not where symdiff runs."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return ""
    name = error.name.partition(".")[0]
    return f"{sys.executable} -m pip install {name}, where symdiff runs; or PYTHONPATH=FOLDER, for a module of your own"


def _last_place(error: BaseException, place: str) -> str:
    """The user's line that failed."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{error.filename}, line {error.lineno}"
    trace, found = error.__traceback__, ""
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if not filename.startswith("<") and "importlib" not in filename and Path(filename) != Path(__file__):
            found = f"{filename}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return found


@contextmanager
def _watched(target: str, output: Path | None, folder: Path) -> Iterator[None]:
    """Refuse a module that imports the file it is the source of: without the file it could not be loaded again.

    A target that is that file itself imports nothing; it is refused where files are written.
    """
    if output is None:
        yield
        return
    before = set(sys.modules)
    written = output.resolve()
    missed = _Missed(written)
    sys.meta_path.append(missed)
    try:
        yield
    except TargetError as error:
        cause = error.__cause__
        missing = getattr(cause, "name", None) if isinstance(cause, ImportError) else None
        if missing and (missing.split(".")[-1] == written.stem or _names_output(cause, written.stem)):
            raise _circular(target, written) from error
        raise
    finally:
        sys.meta_path.remove(missed)
    if missed.asked_for:  # and done without: it would be found the next time
        raise _circular(target, written)
    place, _ = split_target(target)
    if is_file_target(place) and (folder / place).resolve() == written:
        return
    for name in set(sys.modules) - before - {place}:
        file = getattr(sys.modules.get(name), "__file__", None)
        if file and Path(file).resolve() == written:
            raise _circular(target, written)


class _Missed(MetaPathFinder):
    """The last finder of modules: it hears of those that no other has found, and notes whether a file is among them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.asked_for = False

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Find nothing."""
        if fullname.rpartition(".")[2] == self._file.stem:
            folders = sys.path if path is None else path
            self.asked_for |= any(Path(folder).resolve() == self._file.parent for folder in folders)


def _names_output(error: BaseException | None, stem: str) -> bool:
    """`from package import output` names the package, and the module only in its message."""
    return getattr(error, "name_from", None) == stem or f"'{stem}'" in str(error)


def _circular(target: str, output: Path) -> TargetError:
    place, name = split_target(target)
    fix = (
        "move the import into the function that needs it, or the function to a file of its own"
        if is_file_target(place)
        else f"name the file instead of the module, so that the package is not imported: path/to/file.py:{name}"
    )
    return TargetError(
        f"{place} imports {output.name}, the file that is generated from it",
        why="What it is would depend on whether the file exists, and how it was made.",
        fix=fix,
    )


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """The folder first on the path of imports, as it is for a script in it."""
    entry = str(folder.resolve())
    sys.path.insert(0, entry)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        if entry in sys.path:
            sys.path.remove(entry)
