"""What the writer of modules refuses: names, values and classes that no file can hold, and code that is not proven."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import symdiff as sd
from symdiff.cli import compare
from symdiff.cli.main import parser
from symdiff.emit.differences import Claim
from symdiff.emit.support import support_blocks, support_path
from symdiff.emit.verification import verify
from tests.errors.refusing import refused


def square(x: Any) -> Any:
    return x * x


@sd.primitive
def cubed(x):
    return x**3


@cubed.derivative
def cubed_slope(x):
    return 2.0 * x**2


@sd.primitive
def weighed(x, rule):
    return 2.0 * x


class Polar(NamedTuple):
    r: Any
    phi: Any


@refused("emit")
def folder_of_templates_that_is_not_there(folder: Path) -> object:
    return sd.generate(square, templates="frames")


@refused("emit")
def name_that_is_a_keyword(folder: Path) -> object:
    return sd.generate(square, name="lambda")


@refused("emit")
def parameter_with_a_name_of_pythons(folder: Path) -> object:
    def f(__x__):
        return __x__ * 2.0

    return sd.lambdify(f)


@refused("emit")
def primitive_inside_of_a_function(folder: Path) -> object:
    @sd.primitive
    def measured(x):
        return 2.0 * x

    @measured.derivative
    def slope(x):
        return 2.0

    return sd.generate(lambda x: measured(x))


@refused("emit")
def primitive_that_is_a_lambda(folder: Path) -> object:
    measured = sd.primitive(lambda x: 2.0 * x)
    measured.derivative(lambda x: 2.0)
    return sd.generate(lambda x: measured(x))


@refused("emit")
def branches_inside_of_branches(folder: Path) -> object:
    def f(x):
        y = x
        for step in range(90):
            y = np.where(np.sin(x) > step / 100.0, np.log(y) + np.sqrt(x), 0.0)
        return y

    return sd.lambdify(f, backend="math")


@refused("emit")
def thousands_of_branches(folder: Path) -> object:
    def f(x):
        y = x
        for step in range(600):
            y = np.where(x < -step, step * np.sin(x), y)
        return y

    return sd.lambdify(f, backend="math")


@refused("emit")
def result_of_a_class(folder: Path) -> object:
    return sd.generate(lambda x, y: Polar(np.hypot(x, y), np.arctan2(y, x)), emit="value")


@refused("emit")
def nowhere_finite(folder: Path) -> object:
    return sd.generate(lambda x: np.sqrt(-1.0 - x * x))


@refused("emit")
def point_with_another_name(folder: Path) -> object:
    return sd.generate(square, verify={"at": [{"y": 1.0}]})


@refused("emit")
def point_without_a_value(folder: Path) -> object:
    return sd.generate(lambda x, y: x * y, verify={"at": [{"x": 1.0}]})


@refused("emit")
def point_of_text(folder: Path) -> object:
    return sd.generate(square, verify={"at": [{"x": "one"}]})


@refused("emit")
def point_of_two_lengths(folder: Path) -> object:
    at = {"x": [1.0, 2.0], "y": [1.0, 2.0, 3.0]}
    return sd.generate(lambda x, y: np.sum(x * y), shapes={"x": "n", "y": "n"}, verify={"at": [at]})


@refused("emit")
def point_of_another_shape(folder: Path) -> object:
    return sd.generate(lambda x: np.sum(x * x), shapes={"x": 3}, verify={"at": [{"x": [1.0, 2.0]}]})


@refused("emit")
def point_at_infinity(folder: Path) -> object:
    return sd.generate(square, verify={"at": [{"x": float("inf")}]})


@refused("emit")
def static_object(folder: Path) -> object:
    return sd.generate(lambda x, rule: rule(x), static={"rule": np.sin})


@refused("emit")
def static_default(folder: Path) -> object:
    def f(x, rule=np.sin):
        return rule(x)

    return sd.generate(f, static="rule")


@refused("emit")
def support_function_of_no_file(folder: Path) -> object:
    return support_blocks(["logadexp"], ["support_numpy"])


@refused("emit")
def support_file_that_is_not_there(folder: Path) -> object:
    return support_path("support_torch")


@refused("emit")
def argument_of_a_primitive(folder: Path) -> object:
    return sd.generate(lambda x: weighed(x, np.sin), emit="value")


@refused("emit")
def rule_that_is_wrong(folder: Path) -> object:
    return sd.generate(lambda x: cubed(x))


@refused("emit")
def derivative_that_is_none(folder: Path) -> object:
    primal, other = sd.trace(square).program, sd.trace(lambda x: 3.0 * x).program
    return verify("def g(x):\n    return 2.0 * x\n", {"g": Claim("grad", primal, other, ("x",))}, at=[{"x": 2.0}])


@refused("emit")
def limit_that_no_code_keeps(folder: Path) -> object:
    at = {"x": 0.7}
    return sd.generate(lambda x: (x + 0.1) * (x + 0.3) * (x + 0.9), verify={"at": [at], "ulp": 1e-9})


@refused("emit")
def formula_that_overflows(folder: Path) -> object:
    at = {"x": 1e200}
    return sd.generate(lambda x: x * x * x / (x * x * x + 1.0), emit="value", simplify="none", verify={"at": [at]})


def framed(folder: Path, frame: str) -> object:
    (folder / "frames" / "numpy").mkdir(parents=True)
    (folder / "frames" / "numpy" / "module.py.jinja").write_text(frame, encoding="utf-8")
    return sd.generate(square, templates="frames")


@refused("emit")
def frame_that_does_not_parse(folder: Path) -> object:
    return framed(folder, "{% if %}\n")


@refused("emit")
def frame_that_names_what_is_not_there(folder: Path) -> object:
    return framed(folder, "{{ author.name }}\n")


@refused("emit")
def frame_of_a_frame_that_is_not_there(folder: Path) -> object:
    return framed(folder, '{% extends "frame.jinja" %}\n')


@refused("emit")
def frame_that_imports(folder: Path) -> object:
    return framed(folder, '{% extends "module.py.jinja" %}\n{% block imports %}\nimport os\n{% endblock %}\n')


@refused("emit")
def point_of_a_comparison(folder: Path) -> object:
    (folder / "model.py").write_text("def area(x, y):\n    return x * y\n", encoding="utf-8")
    return compare.run(parser().parse_args(["compare", "model.py:area", "--against", "fd", "--at", "x=1"]))
