"""The text of a whole module: header, docstring, imports, support functions, functions, `__all__`.

In: the texts of functions and the facts of the header. Out: the text of a module, put into a Jinja2 frame, sealed with
its own digest, checked against the allow-list.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from symdiff.emit.allow_list import check
from symdiff.emit.constant_names import names_in_use
from symdiff.emit.freshness import seal
from symdiff.emit.function import FunctionText
from symdiff.emit.header import Header
from symdiff.emit.names import checked
from symdiff.emit.sources import digest
from symdiff.emit.support import ARRAYS, support_blocks
from symdiff.errors import CheckError, ConfigurationError
from symdiff.errors.message import shown_path

_WIDTH = 88
_ALIASES = {"numpy": "np", "numexpr": "ne"}
_STANDARD_LIBRARY = ("cmath", "math", "typing", "collections")
_SUPPORT = {"numpy": ARRAYS, "numexpr": ARRAYS, "math": ("support_math",)}


def module_text(
    functions: Sequence[FunctionText],
    backend: str,
    header: Header,
    *,
    title: str,
    templates: Path | None = None,
    names: Collection[str] = (),
) -> str:
    """The module that holds the functions.

    title: the first line of the module's docstring.
    templates: a folder of the user's whose frames come before ours.
    names: the fields of the user's own classes, for the allow-list.
    """
    for function in functions:
        checked(function.name)
    wanted = list(dict.fromkeys(name for function in functions for name in function.support))
    support, support_imports = support_blocks(wanted, _SUPPORT[backend]) if wanted else ([], [])
    imports = sorted({module for function in functions for module in function.imports})
    lines = sorted({*map(import_line, imports), *support_imports})
    requires = sorted({_package(line) for line in lines} - {""})
    with _frames_of_the_users(backend, templates):
        text = (
            _environment(templates)
            .get_template(_frame(backend))
            .render(
                header=replace(header, requires=requires, template_digest=template_digest(backend, templates)).lines(),
                title=docstring(title),
                imports=_import_groups(lines),
                constants=list(dict.fromkeys(constant for function in functions for constant in function.constants)),
                support=support,
                functions=["\n".join(function.lines) for function in functions],
                exported=list_literal("__all__", sorted(function.name for function in functions)),
            )
        )
        sealed = seal(text)
        check(sealed, names=names, imports={path for function in functions for path in function.primitives})
    return sealed


def name_in_module(name: str) -> str:
    """The name of a function in a module: its own, or with an underscore where the module means something else by it.

    Raises ArgumentError for what is no identifier.

    >>> name_in_module("energy"), name_in_module("abs"), name_in_module("np"), name_in_module("_erf")
    ('energy', 'abs_', 'np_', '_erf_')
    """
    return f"{checked(name)}_" if name in names_in_use() else name


def docstring(text: str) -> str:
    """A docstring literal of one line, whatever the text says.

    >>> docstring('a \\"\\"\\" b')
    '\"\"\"a \\\\\"\\\\\"\\\\\" b\"\"\"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"') if '"' in text or "\\" in text else text
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in escaped)
    return f'"""{printable}"""'


def list_literal(name: str, items: Sequence[str]) -> list[str]:
    """The lines of `name = ["…"]`, broken as formatters break it.

    >>> list_literal("__all__", ["f", "f_grad"])
    ['__all__ = ["f", "f_grad"]']
    """
    quoted = [f'"{item}"' for item in items]
    line = f"{name} = [{', '.join(quoted)}]"
    return [line] if len(line) <= _WIDTH else [f"{name} = [", *(f"    {item}," for item in quoted), "]"]


def import_line(module: str) -> str:
    """How generated code imports a module: `numpy` as np, and the like; an import line is kept as it is."""
    if module.startswith(("import ", "from ")):
        return module
    if module in _ALIASES:
        return f"import {module} as {_ALIASES[module]}"
    parent, _, child = module.rpartition(".")
    return f"from {parent} import {child}" if parent else f"import {module}"


def _package(line: str) -> str:
    """The installed package that an import line needs; scipy by the part that is used."""
    words = line.split()
    module = words[1]
    if module.split(".")[0] in _STANDARD_LIBRARY or module == "__future__":
        return ""
    return f"{module}.{words[3]}" if module == "scipy" and words[0] == "from" else module.split(".")[0]


def _import_groups(lines: Sequence[str]) -> list[list[str]]:
    """Standard library, then the rest; `import` before `from`, as import sorters want it."""
    ordered = sorted(lines, key=lambda line: (line.startswith("from"), line.split()[1], line))
    standard = [line for line in ordered if not _package(line)]
    return [group for group in (standard, [line for line in ordered if line not in standard]) if group]


def template_digest(backend: str, templates: Path | None = None) -> str:
    """The digest of the frame and of the frames it extends."""
    environment = _environment(templates)
    sources: list[str] = []
    waiting: list[str] = [_frame(backend)]
    while waiting:
        source, _, _ = _loader_of(environment).get_source(environment, waiting.pop())
        sources.append(source)
        waiting += [name for name in meta.find_referenced_templates(environment.parse(source)) if name]
    return digest(*sources)


def templates_folder() -> Path:
    """Our frames: inside an installed package, or beside the package in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "_templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _frame(backend: str) -> str:
    return f"{backend}/module.py.jinja"


def _loader_of(environment: jinja2.Environment) -> jinja2.BaseLoader:
    assert environment.loader is not None
    return environment.loader


@contextmanager
def _frames_of_the_users(backend: str, templates: Path | None) -> Iterator[None]:
    """What goes wrong with a frame of the user's is told as such; with ours it is a defect."""
    try:
        yield
    except (jinja2.TemplateError, CheckError) as error:
        if templates is None:
            raise
        raise ConfigurationError(
            f"the frame {_frame(backend)} of {shown_path(str(templates))} makes no module",
            why=f"{_what_is_wrong(error)}.",
            fix='{% extends "module.py.jinja" %} in its first line, and a block of that frame that says something else',
        ) from error


def _what_is_wrong(error: jinja2.TemplateError | CheckError) -> str:
    if isinstance(error, CheckError):
        return f"A module holds what symdiff writes itself: {error.summary}"
    if isinstance(error, jinja2.TemplateNotFound):
        return f"There is no frame {error.name}"
    line = f"In line {error.lineno}: " if isinstance(error, jinja2.TemplateSyntaxError) else ""
    return f"{line}{error.message}"


@lru_cache(maxsize=8)
def _environment(templates: Path | None) -> jinja2.Environment:
    if templates is not None and not templates.is_dir():
        raise ConfigurationError(
            f"the folder of templates {shown_path(str(templates))} does not exist",
            why="Your own frames stand in it, by the name of the backend: numpy/module.py.jinja.",
            fix="make it, or leave `templates` out",
        )
    folders = [folder for folder in (templates, templates_folder()) if folder is not None]
    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders, encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=True,
    )
