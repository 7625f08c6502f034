"""Calls of `refused_*.py` mended as their messages say: each runs. A function has the name of the one that it mends."""

from pathlib import Path
from typing import Any

import numpy as np
from scipy.integrate import odeint

import symdiff as sd
from symdiff.cli.compare import run
from symdiff.cli.main import main, parser
from tests.errors.refused_backends import MANY_AXES, Pair, gap, halves
from tests.errors.refused_emit import framed, square
from tests.errors.refused_teach import energy
from tests.errors.refusing import Refused

MENDED: dict[tuple[str, str], Refused] = {}


def mended(function: Refused) -> Refused:
    room, _, name = function.__name__.partition("__")
    MENDED[room, name] = function
    return function


@mended
def backends__backend_with_a_letter_too_many(folder: Path) -> object:
    return sd.lambdify(square, backend="numpy")


@mended
def backends__open_lengths_in_plain_python(folder: Path) -> object:
    sd.lambdify(lambda x: np.sum(x * x), backend="numpy", shapes={"x": "n"})
    return sd.lambdify(lambda x: np.sum(x * x), backend="math", shapes={"x": 3})


@mended
def backends__eigenvalues_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda a: np.linalg.eigvalsh(a), backend="numpy", shapes={"a": (3, 3)})


@mended
def backends__differential_equations_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda k: odeint(lambda y, t: -k * y, 1.0, [0.0, 1.0])[-1, 0], backend="numpy")


@mended
def backends__large_arrays_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda x: np.outer(x, x), backend="numpy", shapes={"x": 200})


@mended
def backends__primitive_of_arrays_in_plain_python(folder: Path) -> object:
    return sd.lambdify(lambda x: np.sum(halves(x)), backend="numpy", shapes={"x": 3})


@mended
def backends__more_axes_than_letters(folder: Path) -> object:
    return sd.lambdify(lambda a: np.diagonal(a.reshape(*a.shape[:2], -1)), shapes={"a": f"n n {MANY_AXES}"})


@mended
def backends__class_for_a_primitive(folder: Path) -> object:
    @sd.primitive
    def difference(first: Any, second: Any) -> Any:
        return gap.function(Pair(first, second))

    return sd.lambdify(lambda x, y: difference(x, y))


@mended
def emit__folder_of_templates_that_is_not_there(folder: Path) -> object:
    (folder / "frames").mkdir()
    return sd.generate(square, templates="frames")


@mended
def emit__frame_that_imports(folder: Path) -> object:
    return framed(
        folder, '{% extends "module.py.jinja" %}\n{% block exported %}\n__all__ = ["square"]\n{% endblock %}\n'
    )


@mended
def emit__name_that_is_a_keyword(folder: Path) -> object:
    return sd.generate(square, name="lambda_")


@mended
def emit__primitive_inside_of_a_function(folder: Path) -> object:
    @sd.primitive(inline=True)
    def measured(x):
        return 2.0 * x

    @measured.derivative
    def slope(x):
        return 2.0

    return sd.generate(lambda x: measured(x))


@mended
def emit__thousands_of_branches(folder: Path) -> object:
    def f(x):
        y = x
        for step in range(600):
            y = np.where(x < -step, step * np.sin(x), y)
        return y

    return sd.lambdify(f, backend="numpy")


@mended
def emit__result_of_a_class(folder: Path) -> object:
    return sd.generate(lambda x, y: (np.hypot(x, y), np.arctan2(y, x)), emit="value")


@mended
def emit__point_with_another_name(folder: Path) -> object:
    return sd.generate(square, verify={"at": [{"x": 0.5}]})


@mended
def emit__point_without_a_value(folder: Path) -> object:
    (folder / "model.py").write_text("def area(x, y):\n    return x * y\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        '[[tool.symdiff.target]]\nfunction = "model.py:area"\noutput = "area_d.py"\n'
        "verify = { at = [{ x = 0.5, y = 0.5 }] }\n",
        encoding="utf-8",
    )
    assert main(["generate"]) == 0
    return sd.generate(lambda x, y: x * y, verify={"at": [{"x": 0.5, "y": 0.5}]})


@mended
def emit__point_of_another_shape(folder: Path) -> object:
    return sd.generate(lambda x: np.sum(x * x), shapes={"x": 3}, verify={"at": [{"x": [0.5, 0.5, 0.5]}]})


@mended
def emit__static_object(folder: Path) -> object:
    def f(x, rule):
        return rule(x)

    rule = np.sin
    return sd.generate(lambda x: f(x, rule=rule))


@mended
def emit__limit_that_no_code_keeps(folder: Path) -> object:
    return sd.generate(lambda x: (x + 0.1) * (x + 0.3) * (x + 0.9), verify={"ulp": 1})


@mended
def emit__formula_that_overflows(folder: Path) -> object:
    at = {"x": 2.0}
    return sd.generate(lambda x: x * x * x / (x * x * x + 1.0), emit="value", simplify="none", verify={"at": [at]})


@mended
def emit__point_of_a_comparison(folder: Path) -> object:
    (folder / "model.py").write_text("def area(x, y):\n    return x * y\n", encoding="utf-8")
    return run(parser().parse_args(["compare", "model.py:area", "--against", "fd", "--at", "x=0.5,y=0.5"]))


@mended
def runtime__closed_form_of_what_was_asked_to_follow(folder: Path) -> object:
    return sd.grad(lambda x: x * x).source()


@mended
def runtime__closed_form_of_a_path(folder: Path) -> object:
    def shortest(x):
        total = 0.0
        for _ in range(8):
            total = total + np.where(x > 1.0, x / 2.0, 0.0)
            x = np.where(x > 1.0, x / 2.0, x)
        return total

    return sd.grad(shortest).source()


@mended
def compare__method_with_another_name(folder: Path) -> object:
    (folder / "model.py").write_text("def square(x):\n    return x * x\n", encoding="utf-8")
    return run(parser().parse_args(["compare", "model.py:square", "--against", "autograd"]))


@mended
def teach__picture_of_another_kind(folder: Path) -> object:
    return sd.draw(energy).save("energy.svg")


@mended
def teach__too_many_routes(folder: Path) -> object:
    def doubled(x):
        y = x
        for _ in range(20):
            y = y + np.sin(y)
        return y

    return sd.tape(doubled)(0.5).gradient("x")


@mended
def teach__step_with_another_name(folder: Path) -> object:
    return sd.tape(energy)(1.0, 2.0)["speed"]


@mended
def teach__routes_to_an_array(folder: Path) -> object:
    return sd.tape(lambda x: np.sum(np.sin(x)))(np.ones(3)).routes("x")


@mended
def teach__routes_from_a_truth_value(folder: Path) -> object:
    return sd.tape(lambda x: np.where(x > 0.0, x, 0.0))(1.0).routes("x")


@mended
def teach__formula_of_a_large_array(folder: Path) -> object:
    def total(x):
        waves = np.sin(x) * x
        return np.sum(waves)

    return sd.tape(total)(np.ones(3))["waves"].expr
