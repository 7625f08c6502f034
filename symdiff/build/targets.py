"""Targets: from `file.py:function` or `package.module:function` to the function.

In: the text of a target and the folder it is relative to. Out: the function, and the file it stands in. A file is
loaded by its path: the package around it is not imported, so that a package may import the module that is being
generated from one of its files.
"""

import importlib
import importlib.machinery
import importlib.util
import inspect
import operator
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from symdiff.errors import TargetError
from symdiff.errors.message import choices, closest, shown_path
from symdiff.origin import Line, Origin, is_internal

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
    is_place = (is_file_target(place) and "\0" not in place) or _is_dotted(place)
    if not is_place or not _is_dotted(name):
        raise TargetError(
            f"{target!r} is not a target",
            why="A target is file.py:function or package.module:function.",
            fix=_as_target(target),
        )
    return place, name


def _as_target(text: str) -> str:
    """What was meant by what is no target."""
    place, _, rest = text.partition(":")
    place = place if is_file_target(place) or _is_dotted(place) else "model.py"
    name = re.match(r"[^\W\d][\w.]*", rest)
    return f"{place}:{name[0]}" if name and _is_dotted(name[0]) else f"{place}:f, for the function f in it"


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
                    f"there is no file {place}",
                    why=f"It was looked for in {_shown_folder(folder)}.",
                    fix=_how_to_find(place, name, folder),
                )
            module = _load_file(path, target)
        else:
            if (folder / place).is_file():
                raise TargetError(
                    f"{place} is a file that is not Python",
                    why="The file of a target ends in .py.",
                    fix=f"{Path(place).stem}.py:{name}",
                )
            module = _import_module(place, target)
    function = _find(module, name, target)
    file = getattr(module, "__file__", None)
    found = Path(file).resolve() if file else None
    folders = (folder, _outermost(found)) if found is not None and is_file_target(place) else (folder,)
    return Loaded(function, name, found, folders)


def _shown_folder(folder: Path) -> str:
    return "the working directory" if folder.resolve() == Path.cwd() else str(folder)


def _how_to_find(place: str, name: str, folder: Path) -> str:
    """The file that was meant, in the folder of the one that is not there; else how a file is named."""
    file = Path(place)
    near = closest(file.name, (other.name for other in (folder / file).parent.glob("*.py")))
    if near:
        return f"{file.with_name(near).as_posix()}:{name}"
    return f"path/to/{file.name}:{name}, from the folder of pyproject.toml or from the working directory"


def _find(module: ModuleType, name: str, target: str) -> Any:
    place, _ = split_target(target)
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            known = [key for key, value in vars(found).items() if callable(value) and not key.startswith("_")]
            raise TargetError(
                f"there is no function {name} in {place}",
                why=choices("Its functions are", part, known) if known else "It has no functions.",
                fix=_named_anew(place, name, part, known),
            )
        found = getattr(found, part)
    if not callable(found) or isinstance(found, type):
        kind = "class" if isinstance(found, type) else type(found).__name__
        functions = [f"{place}:{key}" for key, value in vars(module).items() if inspect.isfunction(value)]
        raise TargetError(
            f"{name} in {place} is a {kind}, not a function",
            fix=f"{functions[0]}, or another of its functions" if functions else _using(name, place),
        )
    if _needs_instance(module, name):
        raise TargetError(
            f"{name} in {place} is a method, and there is no object to call it on", fix=_around_a_method(module, name)
        )
    return found


def _named_anew(place: str, name: str, part: str, known: Sequence[str]) -> str:
    """The target with the part that is not known replaced by the nearest one that is, or any."""
    if not known:
        return f"def {name.rpartition('.')[2]}(x):\n    return x * x"
    near = closest(part, known)
    parts = [near or known[0] if each == part else each for each in name.split(".")]
    return f"{place}:{'.'.join(parts)}{'' if near else ', or another of its functions'}"


def _using(name: str, place: str) -> str:
    return f"write a function that uses {name}, and name that: {place}:f"


def _around_a_method(module: ModuleType, name: str) -> str:
    """A function that makes the object of a method."""
    owner, _, method = name.rpartition(".")
    parameters = [*inspect.signature(_attribute(module, name)).parameters][1:]
    needed = [
        each
        for each in inspect.signature(_attribute(module, owner)).parameters.values()
        if each.default is each.empty and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    given = ", ".join(parameters)
    return f"def {method}({given}):\n    return {owner}({'…' if needed else ''}).{method}({given})"


def _needs_instance(module: ModuleType, name: str) -> bool:
    """Whether the name is that of a plain method, seen through its class."""
    path, _, method = name.rpartition(".")
    owner = _attribute(module, path) if path else module
    return isinstance(owner, type) and inspect.isfunction(inspect.getattr_static(owner, method))


def _attribute(module: ModuleType, name: str) -> Any:
    return operator.attrgetter(name)(module)


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
        what = error.msg if isinstance(error, SyntaxError) else error
        runs = not isinstance(error, SyntaxError | ModuleNotFoundError)
        raise TargetError(
            f"{place} cannot be imported: {type(error).__name__}: {what}".removesuffix(": "),
            origin=_place_of_failure(error),
            why="What stands outside of functions runs when it is loaded." if runs else "",
            fix=_how_to_import(error),
        ) from error


def _how_to_import(error: BaseException) -> str:
    """What to do about the line that fails; about a module that is not found: it is not where symdiff runs."""
    if isinstance(error, SyntaxError):
        file = shown_path(error.filename or "model.py")
        return f"mend the marked line; {sys.executable} -m py_compile {file} tells when it is right"
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return 'mend the marked line, or put it under `if __name__ == "__main__":`'
    name = error.name.partition(".")[0]
    return f"{sys.executable} -m pip install {name}\nor PYTHONPATH=FOLDER symdiff …, for a module of your own in FOLDER"


def _place_of_failure(error: BaseException) -> Origin | Line | None:
    """The user's line that failed."""
    if isinstance(error, SyntaxError) and error.lineno:
        text, start = (error.text or "").rstrip("\n"), max(0, (error.offset or 1) - 1)
        column = len(text[:start].encode())
        return Line(error.filename or "<unknown>", error.lineno, "<module>", text, (column, column + 1))
    trace, found = error.__traceback__, None
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if not filename.startswith("<") and "importlib" not in filename and Path(filename) != Path(__file__):
            found = Origin(trace.tb_frame.f_code, trace.tb_lasti)
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
    place, _ = split_target(target)
    asked = _Asked(output.resolve(), place)
    for name in asked.imported:  # by the caller, before: nobody would be asked for it again
        del sys.modules[name]
    sys.meta_path.insert(0, asked)
    try:
        yield
    except TargetError as error:
        if asked.is_wanted():
            raise _circular(target, output, folder, asked.origin) from error
        raise
    else:
        if asked.is_wanted():  # the module may do without: the file would be found the next time
            raise _circular(target, output, folder, asked.origin)
    finally:
        sys.meta_path.remove(asked)
        sys.modules.update(asked.imported)


class _Asked(MetaPathFinder):
    """The first finder of modules: it finds none, and notes who asks for the one of a file."""

    def __init__(self, file: Path, place: str) -> None:
        self._file = file
        self._place = place  # asked for by us
        self._name = ""
        self.origin: Origin | None = None
        self.imported = {name: module for name, module in sys.modules.items() if self._is_it(module)}

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Find nothing."""
        if fullname.rpartition(".")[2] == self._file.stem and fullname != self._place:
            folders = sys.path if path is None else path
            if any(Path(folder).resolve() == self._file.parent for folder in folders):
                self._name, self.origin = fullname, _importing_line()

    def is_wanted(self) -> bool:
        """Whether the file was asked for, and no other was found under its name."""
        return bool(self._name) and (self._name not in sys.modules or self._is_it(sys.modules[self._name]))

    def _is_it(self, module: ModuleType) -> bool:
        file = getattr(module, "__file__", None)
        return isinstance(file, str) and Path(file).name == self._file.name and Path(file).resolve() == self._file


def _importing_line() -> Origin | None:
    """The user's instruction that imports."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return None if frame is None or is_internal(frame.f_code.co_filename) else Origin(frame.f_code, frame.f_lasti)


def _circular(target: str, output: Path, folder: Path, origin: Origin | None) -> TargetError:
    place, name = split_target(target)
    fix = (
        "move the import into the function that needs it, or the function to a file of its own"
        if is_file_target(place)
        else f"{_file_of_module(place, folder)}:{name}, the file, so that its package is not imported"
    )
    return TargetError(
        f"{place} imports {output.name}, the file that is generated from it",
        origin=origin,
        why="What it is would depend on whether the file exists, and how it was made.",
        fix=fix,
    )


def _file_of_module(name: str, folder: Path) -> str:
    """Where the file of a module is, as far as that is usual."""
    file = Path(*name.split(".")).with_suffix(".py")
    found = (place for place in (file, "src" / file) if (folder / place).is_file())
    return next(found, "path/to" / file).as_posix()


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
