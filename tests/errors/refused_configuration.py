"""What symdiff refuses in the options of a module: in pyproject.toml, on the command line, in a call."""

from pathlib import Path
from unittest import mock

import symdiff as sd
from tests.errors.refusing import TARGET, command, generated, refused


def energy(x: float, y: float) -> float:
    return x * x + y


@refused("build")
def configuration_that_is_not_toml(folder: Path) -> object:
    return generated(folder, "[tool.symdiff]\nbackend = numpy\n")


@refused("build")
def configuration_that_is_not_utf8(folder: Path) -> object:
    (folder / "pyproject.toml").write_bytes(b"[tool.symdiff]\nbackend = '\xff'\n")
    return command(folder, "generate")


@refused("build")
def configuration_that_cannot_be_read(folder: Path) -> object:
    (folder / "pyproject.toml").write_text(TARGET)
    with mock.patch.object(Path, "read_text", side_effect=PermissionError(13, "Permission denied")):
        return command(folder, "generate", model="")


@refused("build")
def tool_that_is_no_table(folder: Path) -> object:
    return generated(folder, "tool = 3\n")


@refused("build")
def symdiff_that_is_no_table(folder: Path) -> object:
    return generated(folder, "[tool]\nsymdiff = true\n")


@refused("build")
def unknown_default(folder: Path) -> object:
    return generated(folder, '[project]\nname = "pkg"\n\n[tool.symdiff]\nbackand = "math"\n')


@refused("build")
def default_that_is_for_targets(folder: Path) -> object:
    return generated(folder, '[tool.symdiff]\nwrt = ["x"]\n')


@refused("build")
def unknown_key_of_the_second_target(folder: Path) -> object:
    return generated(folder, f'{TARGET}{TARGET.replace("_d", "_e")}emitt = ["grad", "hess"]\n')


@refused("build")
def key_like_no_other(folder: Path) -> object:
    return generated(folder, f"{TARGET}colour = 'red'\n")


@refused("build")
def one_table_for_the_targets(folder: Path) -> object:
    return generated(folder, TARGET.replace("[[", "[").replace("]]", "]"))


@refused("build")
def target_that_is_no_table(folder: Path) -> object:
    return generated(folder, '[tool.symdiff]\ntarget = ["model.py:energy"]\n')


@refused("build")
def target_without_a_function(folder: Path) -> object:
    return generated(folder, '[[tool.symdiff.target]]\noutput = "energy_d.py"\n')


@refused("build")
def output_that_is_no_text(folder: Path) -> object:
    return generated(folder, '[[tool.symdiff.target]]\nfunction = "model.py:energy"\noutput = ["energy_d.py"]\n')


@refused("build")
def output_outside_of_the_project(folder: Path) -> object:
    return generated(folder, '[[tool.symdiff.target]]\nfunction = "model.py:energy"\noutput = "../energy_d.py"\n')


@refused("build")
def one_output_for_two_targets(folder: Path) -> object:
    return generated(folder, f"{TARGET}{TARGET.replace(':energy', ':force')}")


@refused("build")
def names_that_are_no_texts(folder: Path) -> object:
    return generated(folder, f"{TARGET}wrt = [0, 1]\n")


@refused("build")
def names_in_one_text(folder: Path) -> object:
    return generated(folder, f'{TARGET}wrt = "x, y"\n')


@refused("build")
def number_of_what_is_emitted(folder: Path) -> object:
    return generated(folder, f"{TARGET}emit = 3\n")


@refused("build")
def nothing_to_emit(folder: Path) -> object:
    return generated(folder, f"{TARGET}emit = []\n")


@refused("build")
def nothing_to_differentiate_by(folder: Path) -> object:
    return generated(folder, f"{TARGET}wrt = []\n")


@refused("build")
def output_with_a_null(folder: Path) -> object:
    return generated(folder, '[[tool.symdiff.target]]\nfunction = "model.py:energy"\noutput = "energy\\u0000.py"\n')


@refused("build")
def emitted_over_several_lines(folder: Path) -> object:
    return generated(folder, f'{TARGET}emit = [\n    "value",\n    "gradient",\n]\n')


@refused("build")
def emitted_by_the_command(folder: Path) -> object:
    return command(folder, "generate model.py:energy --emit value,hesse")


@refused("build")
def emitted_by_a_call(folder: Path) -> object:
    return sd.generate(energy, emit="hesse")


@refused("build")
def unknown_backend(folder: Path) -> object:
    return generated(folder, f'[tool.symdiff]\nbackend = "nunpy"\n{TARGET}')


@refused("build")
def backend_like_no_other(folder: Path) -> object:
    return command(folder, "generate model.py:energy --backend fortran")


@refused("build")
def unknown_simplification(folder: Path) -> object:
    return generated(folder, f'{TARGET}simplify = "fully"\n')


@refused("build")
def name_that_is_no_text(folder: Path) -> object:
    return generated(folder, f"{TARGET}name = 3\n")


@refused("build")
def templates_without_a_name(folder: Path) -> object:
    return command(folder, "generate model.py:energy --templates ''")


@refused("build")
def shapes_that_are_no_table(folder: Path) -> object:
    return generated(folder, f"{TARGET}shapes = 3\n")


@refused("build")
def verification_that_is_no_table(folder: Path) -> object:
    return generated(folder, f'{TARGET}verify = "yes"\n')


@refused("build")
def unknown_key_of_the_verification(folder: Path) -> object:
    return generated(folder, f"{TARGET}verify = {{ ulps = 8 }}\n")


@refused("build")
def one_point_for_the_points(folder: Path) -> object:
    return generated(folder, f"{TARGET}verify = {{ at = {{ x = 0.3, y = 1.1 }} }}\n")


@refused("build")
def limit_of_zero(folder: Path) -> object:
    return generated(folder, f"{TARGET}verify = {{ at = [{{ x = 0.3, y = 1.1 }}], ulp = 0 }}\n")


@refused("build")
def limit_of_zero_by_the_command(folder: Path) -> object:
    return command(folder, "generate model.py:energy --ulp 0")


@refused("build")
def limit_of_zero_by_a_call(folder: Path) -> object:
    return sd.generate(energy, verify={"ulp": 0})


@refused("build")
def nothing_to_generate(folder: Path) -> object:
    return generated(folder, '[project]\nname = "pkg"\n')


@refused("build")
def one_output_named_for_all_targets(folder: Path) -> object:
    return command(folder, "generate -o out.py", pyproject=f"{TARGET}{TARGET.replace('energy', 'force')}")


@refused("build")
def parameter_that_a_target_has_not(folder: Path) -> object:
    return generated(folder, f'{TARGET}wrt = ["x", "z"]\n')
