"""Golden modules of arrays of any length: fresh, short, right at every size, and clear about shapes that do not fit."""

import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symdiff import api
from symdiff.build.configuration import Options, Target, load_configuration
from symdiff.build.generate import generate, generate_target
from symdiff.cli.main import main
from symdiff.errors import BackendError, ConfigurationError, ExpressionError
from tests.build import open_functions

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"
SOURCE = "tests/build/open_functions.py"

CASES: dict[str, Options] = {
    "logistic": Options(wrt=("w",), emit=("value_and_grad", "hess", "hvp")),
    "network": Options(
        wrt=("params",),
        emit=("value_and_grad",),
        shapes={"params": [("d h", "h"), ("h k", "k")], "X": "n d", "y": "n k"},
    ),
    "rough": Options(wrt=("n", "x"), emit=("value", "grad"), shapes={"x": "n"}),
}
NAMES = [(case, backend) for case in CASES for backend in ("numpy", "numexpr")]
SIZES = [(1, 1), (3, 2), (4, 5)]


def target_of(case: str, backend: str) -> Target:
    options = replace(CASES[case], backend=backend)
    return Target(
        function=f"{SOURCE}:{case}", output=GOLDEN / f"open_{case}_{backend}.py", options=options, folder=ROOT
    )


@pytest.mark.parametrize(("case", "backend"), NAMES)
def test_modules_are_fresh(case: str, backend: str, request: pytest.FixtureRequest) -> None:
    module = generate_target(target_of(case, backend))
    if request.config.getoption("--update-golden"):
        assert module.path is not None
        module.path.write_text(module.text, encoding="utf-8")  # `save` leaves what is fresh, after a merge as well
        return
    assert module.path is not None
    assert module.path.exists(), "pytest --update-golden writes it"
    assert module.text.splitlines()[:-1] == module.path.read_text(encoding="utf-8").splitlines()[:-1]


def arguments(case: str, n: int, d: int, seed: int = 0) -> list[Any]:
    draw = np.random.default_rng(seed).standard_normal
    if case == "logistic":
        return [draw(d), draw((n, d)), np.sign(draw(n))]
    if case == "network":
        return [[(draw((d, 3)), draw(3)), (draw((3, 2)), draw(2))], draw((n, d)), np.eye(2)[np.arange(n) % 2]]
    return [0.7, draw(n)]


@pytest.mark.parametrize(("case", "backend"), NAMES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_modules_are_right_at_every_size(case: str, backend: str, size: tuple[int, int]) -> None:
    """What is generated for all sizes gives what is traced for this one."""
    module = runpy.run_path(str(GOLDEN / f"open_{case}_{backend}.py"))
    function = getattr(open_functions, case)
    given = arguments(case, *size)
    wrt = CASES[case].wrt
    for kind in CASES[case].emit:
        derive = {"grad": api.grad, "value_and_grad": api.value_and_grad, "hess": api.hessian, "hvp": api.hvp}
        extra = [arguments(case, *size, seed=1)[0]] if kind == "hvp" else []
        expected = (
            function(*given)
            if kind == "value"
            else derive[kind](function, wrt if len(wrt) > 1 else wrt[0])(*given, *extra)
        )
        name = case if kind == "value" else f"{case}_{kind}"
        found = module[name](*given, **({"vector": extra[0]} if extra else {}))
        np.testing.assert_allclose(flat(found), flat(expected), rtol=1e-9, atol=1e-12)


def flat(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return np.concatenate([flat(part) for part in value])
    return np.ravel(value)


def test_a_function_is_short_whatever_the_sizes() -> None:
    """784-128-10 and any other: the same lines, fewer than sixty."""
    fixed = {"params": [((784, 128), (128,)), ((128, 10), (10,))], "X": (32, 784), "y": (32, 10)}
    for shapes in (CASES["network"].shapes, fixed):
        made = generate(open_functions.network, wrt=["params"], emit=["value_and_grad"], shapes=shapes, verify=False)
        text = made.text
        function = text[text.index("def network_value_and_grad") :]
        assert len(function.splitlines()) < 60


@pytest.mark.parametrize("backend", ["numpy", "numexpr"])
def test_shapes_that_do_not_fit_are_refused_with_both_arguments(backend: str) -> None:
    logistic = runpy.run_path(str(GOLDEN / f"open_logistic_{backend}.py"))["logistic_value_and_grad"]
    for given, message in [
        ((np.ones(2), np.ones((3, 4)), np.ones(3)), r"X has shape \(3, 4\), .* \(n, 2\) with d of w"),
        ((np.ones(2), np.ones((3, 2)), np.ones(4)), r"y has shape \(4,\), .* \(3,\) with n of X"),
        ((np.ones(2), np.ones(2), np.ones(4)), r"X has shape \(2,\), .* \(n, 2\) with d of w"),
        ((1.0, np.ones((3, 2)), np.ones(3)), r"w has shape \(\), .* \(d,\)"),
    ]:
        with pytest.raises(ValueError, match=message):
            logistic(*given)


def test_no_rows_and_single_precision_work_as_in_numpy() -> None:
    module = runpy.run_path(str(GOLDEN / "open_logistic_numpy.py"))
    hessian = module["logistic_hess"](np.ones(2), np.ones((0, 2)), np.ones(0))
    assert hessian.shape == (2, 2)
    single = [array.astype(np.float32) for array in arguments("logistic", 3, 2)]
    value, gradient = module["logistic_value_and_grad"](*single)
    assert value.dtype == gradient.dtype == np.float32


def test_what_needs_numbers_is_refused() -> None:
    with pytest.raises(BackendError, match="a length stays open"):
        generate_target(target_of("rough", "math"))
    with pytest.raises(ExpressionError, match="open lengths"):
        _ = api.trace(open_functions.rough, shapes={"x": "n"}).expr


def test_shapes_are_stated_in_the_configuration_and_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "model.py").write_text("def f(w, X):\n    return (X @ w).sum() / len(X)\n")
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.symdiff.target]]\nfunction = "model.py:f"\noutput = "made.py"\nshapes = { w = "d", X = ["n", "d"] }\n'
    )
    monkeypatch.chdir(tmp_path)
    (target,) = load_configuration(tmp_path).targets
    configured = generate_target(target)
    assert main(["generate", "model.py:f", "--shapes", "w=d", "--shapes", "X=n d", "-o", "again.py"]) == 0
    again = (tmp_path / "again.py").read_text()
    assert again[again.index("def f(") :] == configured.text[configured.text.index("def f(") :]
    assert "--shapes 'X=n d'" in again
    made = runpy.run_path(str(tmp_path / "again.py"))
    np.testing.assert_allclose(made["f_grad"](np.ones(2), np.ones((3, 2)))[0], [1.0, 1.0])
    capsys.readouterr()


def test_given_points_must_have_shapes_that_fit() -> None:
    point = {"w": [0.5, 1.0], "X": [[1.0, 2.0]], "y": [1.0, 1.0]}
    with pytest.raises(ConfigurationError, match=r"y has shape \(2,\), expected \(n,\) with n = 1 of X"):
        api_generate(point)
    assert "given point" in str(api_generate(point | {"y": [1.0]}).accuracy)


def api_generate(point: dict[str, Any]) -> Any:
    return generate(open_functions.logistic, wrt=["w"], verify={"at": [point]})


def test_a_compiled_derivative_serves_every_size_that_was_stated() -> None:
    slopes = api.grad(open_functions.logistic, shapes={"w": "d", "X": "n d", "y": "n"})
    for n, d in SIZES:
        given = arguments("logistic", n, d)
        np.testing.assert_allclose(slopes(*given), api.grad(open_functions.logistic)(*given), rtol=1e-12)
    assert len(slopes._kept) == 1


@pytest.mark.parametrize(
    ("stated", "fitting", "others"),
    [
        ("n n", (3, 3), [(3, 2), (3,)]),
        ("n n+1", (3, 4), [(3, 3), (3, 4, 1)]),
        ("2*n+1 n", (7, 3), [(6, 3), (7, 2)]),
        ("2*n+1 3", (7, 3), [(6, 3), (7, 2), (7,)]),
        ("n n 2", (3, 3, 2), [(3, 3, 3), (3, 2, 2)]),
    ],
)
def test_lengths_of_one_argument_may_hang_on_each_other(
    stated: str, fitting: tuple[int, ...], others: list[tuple[int, ...]]
) -> None:
    def total(A: Any) -> Any:
        return np.sum(A * A) * A.shape[0]

    module: dict[str, Any] = {}
    exec(generate(total, shapes={"A": stated}, emit=["value", "grad"]).text, module)
    array = np.arange(float(np.prod(fitting))).reshape(fitting)
    assert module["total"](array) == total(array)
    np.testing.assert_allclose(module["total_grad"](array), 2.0 * array * fitting[0])
    for shape in others:
        with pytest.raises(ValueError, match="A has shape"):
            module["total"](np.ones(shape))
