"""`[tool.symdiff]`: what it says, what may override it, and what is wrong with it."""

from pathlib import Path

import pytest

from symdiff.build.configuration import (
    Options,
    Verify,
    find_project,
    load_configuration,
    options_from,
    read_configuration,
)
from symdiff.build.said import Call
from symdiff.build.selection import selected_targets
from symdiff.errors import ArgumentError, BackendError, ConfigurationError, SymdiffError, TargetError

GOOD = """
[tool.symdiff]
backend = "numexpr"
simplify = "fast"
[[tool.symdiff.target]]
function = "src/pkg/model.py:energy"
wrt = ["x", "y"]
emit = ["value", "grad", "hess"]
output = "src/pkg/_energy_derivatives.py"
shapes = { x = 3, A = [2, 2] }
static = { n = 3 }
verify = { at = [{ x = 0.3, y = 1.1 }], ulp = 8 }
[[tool.symdiff.target]]
function = "pkg.model:force"
backend = "math"
output = "force.py"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_is_read(tmp_path: Path) -> None:
    configuration = read_configuration(written(tmp_path, GOOD))
    first, second = configuration.targets
    assert first.function == "src/pkg/model.py:energy"
    assert first.output == tmp_path / "src/pkg/_energy_derivatives.py"
    assert first.options == Options(
        wrt=("x", "y"),
        emit=("value", "grad", "hess"),
        backend="numexpr",
        simplify="fast",
        shapes={"x": 3, "A": (2, 2)},
        static={"n": 3},
        verify=Verify(at=({"x": 0.3, "y": 1.1},), ulp=8.0),
    )
    assert second.options == Options(backend="math", simplify="fast")


def test_it_is_found_above(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    inner = tmp_path / "src" / "pkg"
    inner.mkdir(parents=True)
    assert find_project(inner) == path
    assert len(load_configuration(inner).targets) == 2


def test_a_project_without_us_has_no_targets(tmp_path: Path) -> None:
    written(tmp_path, "[project]\nname = 'x'\n")
    assert load_configuration(tmp_path).targets == ()


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("[tool.symdiff]\nbackand = 'numpy'", ConfigurationError, "did you mean `backend`?"),
        ("[tool.symdiff]\nwrt = ['x']", ConfigurationError, "has no key 'wrt'"),
        ("[tool.symdiff]\nbackend = 'nunpy'", BackendError, "did you mean `numpy`?"),
        ("[tool.symdiff]\nsimplify = 'ful'", ConfigurationError, "did you mean `full`?"),
        ("[tool.symdiff]\nsimplify = 3", ConfigurationError, "simplify cannot be 3"),
        ("[tool]\nsymdiff = 3", ConfigurationError, "tool.symdiff is a table"),
        ("[tool.symdiff.target]\nfunction = 'a.py:f'", ConfigurationError, "not a list of tables"),
        ("[[tool.symdiff.target]]\nfunction = 'a.py:f'", ConfigurationError, "needs output"),
        ("[[tool.symdiff.target]]\noutput = 'a.py'", ConfigurationError, "needs function"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nemmit=['grad']", ConfigurationError, "`emit`?"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nemit=['grd']", ConfigurationError, "`grad`?"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nemit=[]", ConfigurationError, "emit is empty"),
        ("[tool.symdiff]\nemit='value, grad'", ConfigurationError, 'emit = ["value", "grad"]'),
        (
            "[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nwrt='x,y'",
            ConfigurationError,
            'wrt = ["x", "y"]',
        ),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nwrt=[1]", ConfigurationError, "list of names"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nshapes=3", ConfigurationError, "is a table"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nverify={ult=1}", ConfigurationError, "`ulp`?"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nverify={ulp=0}", ConfigurationError, "above 0"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nverify={at=3}", ConfigurationError, "of points"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='../b.py'", ConfigurationError, "outside the project"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='/tmp/b.py'", ConfigurationError, "outside the project"),
        ("[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\nemit=[3]", ConfigurationError, '"value", "grad"'),
        (2 * "[[tool.symdiff.target]]\nfunction='a.py:f'\noutput='b.py'\n", ConfigurationError, "both be written"),
        ("[tool.symdiff", ConfigurationError, "not valid TOML"),
    ],
)
def test_mistakes_are_named(text: str, error: type[SymdiffError], message: str, tmp_path: Path) -> None:
    with pytest.raises(error) as caught:
        read_configuration(written(tmp_path, text))
    assert message in caught.value.report()


def test_flags_override(tmp_path: Path) -> None:
    configuration = read_configuration(written(tmp_path, GOOD))
    (target,) = selected_targets(configuration, ["src/pkg/model.py:energy"], {"backend": "math"}, None, tmp_path)
    assert target.options.backend == "math"
    assert target.options.wrt == ("x", "y")
    assert not target.configured


def test_a_target_is_known_however_its_path_is_written(tmp_path: Path) -> None:
    configuration = read_configuration(written(tmp_path, GOOD))
    inner = tmp_path / "src" / "pkg"
    (target,) = selected_targets(configuration, ["../pkg/model.py:energy"], {}, None, inner)
    assert target == configuration.targets[0]


def test_what_is_not_configured_is_a_target_of_its_own(tmp_path: Path) -> None:
    configuration = read_configuration(written(tmp_path, GOOD))
    (target,) = selected_targets(configuration, ["other.py:f"], {}, Path("f_d.py"), tmp_path)
    assert (target.function, target.output, target.options.backend) == ("other.py:f", Path("f_d.py"), "numexpr")


def test_the_limit_overrides_and_the_points_stay(tmp_path: Path) -> None:
    configuration = read_configuration(written(tmp_path, GOOD))
    (target,) = selected_targets(configuration, ["src/pkg/model.py:energy"], {"verify": {"ulp": 2}}, None, tmp_path)
    assert target.options.verify == Verify(at=({"x": 0.3, "y": 1.1},), ulp=2.0)


def test_one_file_for_several_targets_is_refused(tmp_path: Path) -> None:
    configuration = read_configuration(written(tmp_path, GOOD))
    with pytest.raises(ArgumentError, match="there are 2 targets"):
        selected_targets(configuration, [], {}, Path("f_d.py"), tmp_path)


def test_nothing_to_do_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nothing to generate"):
        selected_targets(load_configuration(tmp_path), [], {}, None, tmp_path)


@pytest.mark.parametrize(
    "name", ["model.py", "model.py:", ":f", "model.py:1f", "model.py:f()", "model.py:__import__('os')"]
)
def test_what_is_no_target(name: str, tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="is not a target"):
        selected_targets(load_configuration(tmp_path), [name], {}, None, tmp_path)


def test_python_arguments_are_checked_alike() -> None:
    with pytest.raises(ConfigurationError, match="generate: emit cannot be 'gradient'"):
        options_from({"emit": ["gradient"]}, Options(), Call("generate"))
