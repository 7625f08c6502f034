"""What symdiff refuses of the words that are typed in."""

from pathlib import Path

from tests.errors.refusing import command, refused


@refused("cli")
def shape_without_a_name(folder: Path) -> object:
    return command(folder, "generate model.py:energy --shapes 3")


@refused("cli")
def static_parameters_with_and_without_values(folder: Path) -> object:
    return command(folder, "generate model.py:energy --static x=3 --static y")


@refused("cli")
def point_without_values(folder: Path) -> object:
    return command(folder, "compare model.py:energy --at 0.3,1.1")


@refused("cli")
def point_of_words(folder: Path) -> object:
    return command(folder, "compare model.py:energy --at x=near,y=far")


@refused("cli")
def nothing_to_check(folder: Path) -> object:
    return command(folder, "generate model.py:energy --check")


@refused("cli")
def unknown_form_to_show(folder: Path) -> object:
    return command(folder, "show model.py:energy --emit grda")


@refused("cli")
def form_like_no_other(folder: Path) -> object:
    return command(folder, "show model.py:energy --emit pictures")


@refused("cli")
def array_to_compare(folder: Path) -> object:
    model = "import numpy as np\n\n\ndef waves(x):\n    return np.sin(x)\n"
    return command(folder, "compare model.py:waves --shapes x=3", model=model)


@refused("cli")
def method_to_compare_with_like_no_other(folder: Path) -> object:
    return command(folder, "compare model.py:energy --against wolfram")


@refused("cli")
def unknown_code(folder: Path) -> object:
    return command(folder, "explain SD1O1")
