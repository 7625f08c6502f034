"""Targets and files that are mended as the messages say."""

from pathlib import Path

import symdiff as sd
from symdiff.build.hooks import refresh
from tests.errors.refusing import MODEL, TARGET, command, generated, mended


@mended("build")
def target_with_a_call(folder: Path) -> object:
    (folder / "model.py").write_text(MODEL, encoding="utf-8")
    return not sd.generate("model.py:energy").text


@mended("build")
def file_that_is_not_there(folder: Path) -> object:
    return command(folder, "generate model.py:energy")


@mended("build")
def function_that_is_not_there(folder: Path) -> object:
    return command(folder, "generate model.py:energy")


@mended("build")
def file_without_functions(folder: Path) -> object:
    return command(folder, "generate model.py:energy", model="def energy(x):\n    return x * x\n")


@mended("build")
def number_for_a_function(folder: Path) -> object:
    return command(folder, "generate model.py:energy")


@mended("build")
def class_in_a_file_without_functions(folder: Path) -> object:
    text = "class Unit:\n    size = 1.0\n\n\ndef f(x):\n    return x * Unit().size\n"
    return command(folder, "generate model.py:f", model=text)


@mended("build")
def method_without_an_object(folder: Path) -> object:
    text = f"{MODEL}\n\ndef pull(x):\n    return Spring().pull(x)\n"
    return command(folder, "generate model.py:pull", model=text)


@mended("build")
def module_that_exits(folder: Path) -> object:
    text = f'{MODEL}\nif __name__ == "__main__":\n    raise SystemExit\n'
    return command(folder, "generate model.py:energy", model=text)


@mended("build")
def module_that_imports_what_is_made_of_it(folder: Path) -> object:
    text = f"{MODEL}\n\ndef slope(x, y):\n    from energy_d import energy_grad\n\n    return energy_grad(x, y)\n"
    return command(folder, "generate", model=text, pyproject=TARGET)


@mended("build")
def package_that_imports_its_output(folder: Path) -> object:
    package = folder / "springs"
    package.mkdir()
    (package / "__init__.py").write_text("from springs.energy_d import energy_grad\n", encoding="utf-8")
    (package / "model.py").write_text(MODEL, encoding="utf-8")
    return generated(folder, TARGET.replace("model.py:", "springs/model.py:").replace("energy_d", "springs/energy_d"))


@mended("build")
def module_without_a_path(folder: Path) -> object:
    return sd.generate(lambda x: x * x).save("derivatives.py") != Path("derivatives.py")


@mended("build")
def stale_file_in_a_build(folder: Path) -> object:
    generated(folder, TARGET)
    (folder / "model.py").write_text(MODEL.replace("x**2", "x**3"), encoding="utf-8")
    command(folder, "generate", model=MODEL.replace("x**2", "x**3"))
    return refresh(folder, only_check=True) != []


@mended("build")
def output_that_is_no_name(folder: Path) -> object:
    return not sd.generate(lambda x: x * x, output="derivatives.py").text


@mended("build")
def output_that_is_a_folder(folder: Path) -> object:
    (folder / "made").mkdir()
    return command(folder, "generate model.py:energy -o made/derivatives.py")


@mended("build")
def output_in_a_folder_that_is_not_there(folder: Path) -> object:
    (folder / "made here").mkdir(parents=True)
    return command(folder, "generate model.py:energy -o 'made here/energy_d.py'")


@mended("build")
def output_that_is_no_module(folder: Path) -> object:
    return command(folder, "generate model.py:energy -o energy_d.py")


@mended("build")
def output_over_its_source(folder: Path) -> object:
    return generated(folder, TARGET.replace("energy_d.py", "model_derivatives.py"))


@mended("build")
def output_over_an_edited_file(folder: Path) -> object:
    (folder / "energy_d.py").write_text("UNIT = 1.0\n", encoding="utf-8")
    return command(folder, "generate --force", pyproject=TARGET)


@mended("cli")
def shape_without_a_name(folder: Path) -> object:
    return command(folder, "generate model.py:energy --backend numpy --shapes x=3 --emit jac")


@mended("cli")
def static_parameters_with_and_without_values(folder: Path) -> object:
    return command(folder, "generate model.py:energy --wrt x --static y=3")


@mended("cli")
def point_without_values(folder: Path) -> object:
    return command(folder, "compare model.py:energy --at x=1,y=2")


@mended("cli")
def point_of_words(folder: Path) -> object:
    return command(folder, "compare model.py:energy --at x=0.3,y=1.1")


@mended("cli")
def nothing_to_check(folder: Path) -> object:
    command(folder, "generate model.py:energy -o energy_derivatives.py")
    return command(folder, "generate model.py:energy --check -o energy_derivatives.py")


@mended("cli")
def unknown_form_to_show(folder: Path) -> object:
    return command(folder, "show model.py:energy --emit grad")
