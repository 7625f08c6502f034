"""What symdiff refuses of targets, and of the files that it writes."""

from pathlib import Path
from unittest import mock

import symdiff as sd
from symdiff.build.hooks import refresh
from tests.errors.refusing import MODEL, TARGET, command, generated, refused


@refused("build")
def target_without_a_name(folder: Path) -> object:
    return command(folder, "generate model.py")


@refused("build")
def target_with_a_call(folder: Path) -> object:
    return sd.generate("model.py:energy(1.0)")


@refused("build")
def target_with_a_null(folder: Path) -> object:
    return generated(folder, TARGET.replace("model.py", "model\\u0000.py"))


@refused("build")
def file_that_is_not_python(folder: Path) -> object:
    (folder / "model.txt").write_text(MODEL, encoding="utf-8")
    return command(folder, "generate model.txt:energy")


@refused("build")
def file_that_is_not_there(folder: Path) -> object:
    return command(folder, "generate modle.py:energy")


@refused("build")
def file_like_no_other(folder: Path) -> object:
    return command(folder, "generate src/physics.py:energy")


@refused("build")
def file_of_a_target_that_is_not_there(folder: Path) -> object:
    return generated(folder, TARGET.replace("model.py", "modell.py"))


@refused("build")
def function_that_is_not_there(folder: Path) -> object:
    return command(folder, "generate model.py:enrgy")


@refused("build")
def function_like_no_other(folder: Path) -> object:
    return command(folder, "generate model.py:pressure")


@refused("build")
def file_without_functions(folder: Path) -> object:
    return command(folder, "generate model.py:energy", model="UNIT = 1.0\n")


@refused("build")
def method_that_is_not_there(folder: Path) -> object:
    return command(folder, "generate model.py:Spring.puls")


@refused("build")
def number_for_a_function(folder: Path) -> object:
    return command(folder, "generate model.py:UNIT")


@refused("build")
def class_in_a_file_without_functions(folder: Path) -> object:
    return command(folder, "generate model.py:Unit", model="class Unit:\n    size = 1.0\n")


@refused("build")
def method_without_an_object(folder: Path) -> object:
    return command(folder, "generate model.py:Spring.pull")


@refused("build")
def module_that_is_not_installed(folder: Path) -> object:
    return command(folder, "generate no_such_package.model:energy")


@refused("build")
def library_that_is_not_installed(folder: Path) -> object:
    return command(folder, "generate model.py:energy", model=f"import no_such_library\n{MODEL}")


@refused("build")
def module_that_does_not_compile(folder: Path) -> object:
    return command(folder, "generate model.py:energy", model="def energy(x):\n    return x +\n")


@refused("build")
def module_that_fails(folder: Path) -> object:
    return command(folder, "generate model.py:energy", model=f'PRICES = {{}}\nPLUM = PRICES["plum"]\n{MODEL}')


@refused("build")
def module_that_exits(folder: Path) -> object:
    return command(folder, "generate model.py:energy", model=f"{MODEL}\nraise SystemExit\n")


@refused("build")
def module_that_imports_what_is_made_of_it(folder: Path) -> object:
    return generated_from(folder, "from energy_d import energy_grad")


@refused("build")
def module_that_imports_its_output_where_it_exists(folder: Path) -> object:
    (folder / "energy_d.py").write_text("energy_grad = None\n", encoding="utf-8")
    return generated_from(folder, "import energy_d")


@refused("build")
def module_that_does_without_its_output(folder: Path) -> object:
    return generated_from(folder, "try:\n    import energy_d\nexcept ImportError:\n    energy_d = None")


@refused("build")
def package_that_imports_its_output(folder: Path) -> object:
    package = folder / "springs"
    package.mkdir()
    (package / "__init__.py").write_text("from springs.energy_d import energy_grad\n", encoding="utf-8")
    (package / "model.py").write_text(MODEL, encoding="utf-8")
    return generated(
        folder, TARGET.replace("model.py:", "springs.model:").replace("energy_d.py", "springs/energy_d.py")
    )


def generated_from(folder: Path, imports: str) -> object:
    return command(folder, "generate", model=f"{imports}\n{MODEL}", pyproject=TARGET)


@refused("build")
def module_without_a_path(folder: Path) -> object:
    return sd.generate(lambda x: x * x).save()


@refused("build")
def stale_file_in_a_build(folder: Path) -> object:
    generated(folder, TARGET)
    (folder / "model.py").write_text(MODEL.replace("x**2", "x**3"), encoding="utf-8")
    return refresh(folder, only_check=True)


@refused("build")
def output_that_is_no_name(folder: Path) -> object:
    return sd.generate(lambda x: x * x, output="square\0.py")


@refused("build")
def output_with_a_long_name(folder: Path) -> object:
    return generated(folder, TARGET.replace("energy_d", 30 * "energy_d_"))


@refused("build")
def output_that_is_a_folder(folder: Path) -> object:
    (folder / "made").mkdir()
    return command(folder, "generate model.py:energy -o made")


@refused("build")
def output_in_a_folder_that_is_not_there(folder: Path) -> object:
    return command(folder, "generate model.py:energy -o 'made here/energy_d.py'")


@refused("build")
def output_that_is_no_module(folder: Path) -> object:
    return command(folder, "generate model.py:energy -o energy_d.txt")


@refused("build")
def output_over_its_source(folder: Path) -> object:
    return generated(folder, TARGET.replace("energy_d.py", "model.py"))


@refused("build")
def output_over_another_file(folder: Path) -> object:
    (folder / "energy_d.py").write_text("energy_dx = None\n", encoding="utf-8")
    return generated(folder, TARGET)


@refused("build")
def output_over_an_edited_file(folder: Path) -> object:
    generated(folder, TARGET)
    path = folder / "energy_d.py"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nUNIT = 1.0\n", encoding="utf-8")
    return generated(folder, TARGET)


@refused("build")
def output_that_cannot_be_read(folder: Path) -> object:
    with mock.patch.object(Path, "read_bytes", side_effect=PermissionError(13, "Permission denied")):
        return command(folder, "generate model.py:energy -o energy_d.py")


@refused("build")
def output_that_cannot_be_written(folder: Path) -> object:
    with mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")):
        return command(folder, "generate model.py:energy -o energy_d.py")
