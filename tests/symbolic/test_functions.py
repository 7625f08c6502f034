"""Compiled functions: what goes in, what comes out, what is refused and how."""

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff import symbolic
from symdiff.errors import ArgumentError, ConversionError, ShapeError, SymbolError, SymdiffError, UnsupportedError
from symdiff.symbolic import In, Symbol, function, matrix, row, scalar, shared, tensor, vector

ROOT = Path(__file__).parent.parent.parent
x, y = scalar("x"), scalar("y")
v, u, A = vector("v"), vector("u"), matrix("A")


class TestDeclarations:
    @pytest.mark.parametrize(
        ("word", "rank", "dtype"),
        [("dscalar", 0, "float64"), ("fvector", 1, "float32"), ("imatrix", 2, "int32"), ("ltensor3", 3, "int64")],
    )
    def test_prefixes(self, word: str, rank: int, dtype: str) -> None:
        symbol = getattr(symbolic, word)("a")
        assert (symbol.ndim, symbol.dtype, symbol.name) == (rank, dtype, "a")

    @pytest.mark.parametrize("word", ["scalars", "dmatrices", "irows", "fcols", "vectors", "tensor3s"])
    def test_plurals(self, word: str) -> None:
        several = getattr(symbolic, word)
        assert [symbol.name for symbol in several("a", "b")] == ["a", "b"]
        assert [symbol.name for symbol in several(3)] == [None] * 3

    def test_every_word_is_listed_and_made(self) -> None:
        words = [word for word in dir(symbolic) if word.endswith(("scalar", "matrices", "rows", "tensor4"))]
        assert len(words) > 20
        assert all(callable(getattr(symbolic, word)) for word in words)
        assert not hasattr(symbolic, "qmatrix")

    def test_lengths_that_are_known(self) -> None:
        assert row("r").pattern == (1, None)
        assert tensor("t", shape=(None, 3)).pattern == (None, 3)
        for wrong in ({"shape": (3, 3, 3)}, {"dtype": "complex128"}, {"dtype": "int"}):
            with pytest.raises(ArgumentError):
                matrix("m", **wrong)  # type: ignore[arg-type]


class TestOutputs:
    def test_one_a_list_a_dict_a_tuple_none(self) -> None:
        assert function([x], x * 2)(3) == 6.0
        assert function([x], [x, x * 2])(3) == [3.0, 6.0]
        assert function([x], {"b": x, "a": x * 2})(3) == {"a": 6.0, "b": 3.0}
        assert function([x], (x, [x + 1]))(3) == (3.0, [4.0])
        assert function([], [])() == []
        state = shared(1.0)
        assert function([], updates={state: state + 1})() is None
        assert state.get_value() == 2.0

    def test_constants_and_inputs_are_outputs(self) -> None:
        given = np.array([1.0, 2.0])
        constant, same = function([v], [5, v])(given)
        assert constant == 5.0
        assert not np.shares_memory(same, given)

    def test_each_output_has_memory_of_its_own(self) -> None:
        first, second, third = function([v], [v * 2, v * 2, v])([1.0, 2.0])
        first[0] = 99.0
        assert second.tolist() == [2.0, 4.0] and third.tolist() == [1.0, 2.0]


class TestArguments:
    def test_defaults_and_names(self) -> None:
        f = function([x, In(y, value=1), In(scalar(), value=2, name="by_name")], x + y, on_unused_input="ignore")
        assert f(33) == 34.0 and f(33, 2) == 35.0 and f(33, 0, 1) == 33.0 and f(33, by_name=1) == 34.0
        assert f(y=0, x=33) == 33.0

    def test_arrays_are_never_modified_nor_kept(self) -> None:
        given = np.array([1.0, 2.0])
        given.flags.writeable = False
        assert function([v], v + 1)(given).tolist() == [2.0, 3.0]

    @pytest.mark.parametrize(
        "given",
        [
            [1, 2],
            (1.0, 2.0),
            np.array([1, 2]),
            np.array([1.0, 9.0, 2.0])[::2],
            np.float32([1, 2]),
            np.array([1, 2], ">f8"),
        ],
        ids=["list", "tuple", "int", "strided", "float32", "big endian"],
    )
    def test_what_arrays_may_be(self, given: Any) -> None:
        assert function([v, u], v * u)(given, [2.0, 2.0]).tolist() == [2.0, 4.0]

    def test_float32_stays(self) -> None:
        assert function([v], v * 2)(np.float32([1, 2])).dtype == np.float32

    def test_a_function_is_traced_anew_for_other_shapes(self) -> None:
        f = function([A, v], A @ v)
        assert f([[1.0, 2.0]], [3.0, 4.0]).tolist() == [11.0]
        assert f([[1.0], [2.0]], [3.0]).tolist() == [3.0, 6.0]
        assert f(np.ones((0, 2)), [3.0, 4.0]).shape == (0,)

    def test_a_length_of_one_broadcasts_as_in_numpy(self) -> None:
        slope_v, slope_u = function([v, u], symbolic.grad((v * u).sum(), [v, u]))([2.0], [3.0, 4.0])
        assert slope_v.tolist() == [7.0] and slope_u.tolist() == [2.0, 2.0]

    def test_whole_numbers_are_computed_as_reals(self) -> None:
        k = symbolic.iscalar("k")
        assert function([k], k / 2)(3) == 1.5
        assert function([k], k * k)(2**40) == 2.0**80
        with pytest.raises(ArgumentError, match=r"the argument k has dtype float64, and k is declared as int32"):
            function([k], k)(1.5)

    REFUSED: tuple[tuple[Any, type[SymdiffError], str], ...] = (
        (([1.0], 2.0), ShapeError, r"the argument x has shape \(1,\), and x is a scalar"),
        ((1.0, [[1.0]]), ShapeError, r"the argument v has shape \(1, 1\), and v is a vector"),
        ((1.0,), ArgumentError, "f misses its argument v"),
        ((1.0, [1.0], 2.0), ArgumentError, "f takes 2 arguments, and got 3"),
        ((1.0, [[1.0], [1.0, 2.0]]), ArgumentError, "the argument v is a ragged list"),
        ((1.0, ["a"]), ArgumentError, "the argument v is not real"),
        ((1j, [1.0]), ArgumentError, "the argument x is not real"),
        ((None, [1.0]), ArgumentError, "the argument x is not real"),
        ((1.0, x), ConversionError, "a symbol was asked to become a NumPy array"),
    )

    @pytest.mark.parametrize(("args", "error", "message"), REFUSED, ids=[message for *_, message in REFUSED])
    def test_what_does_not_fit_is_refused_by_name(self, args: Any, error: type[SymdiffError], message: str) -> None:
        f = function([x, v], x * v)
        for _ in range(2):  # nothing is kept of the first time
            with pytest.raises(error, match=message):
                f(*args)
        assert f(2.0, [1.0]).tolist() == [2.0]

    def test_keywords_that_do_not_fit(self) -> None:
        f = function([x, v], x * v)
        with pytest.raises(ArgumentError, match="'z' is not an input of f"):
            f(1.0, z=[1.0])
        with pytest.raises(ArgumentError, match="'x' is given twice to f"):
            f(1.0, x=1.0)

    def test_rows_have_one_row(self) -> None:
        with pytest.raises(ShapeError, match=r"the argument r has shape \(2, 1\), and r is a row of shape \(1, None\)"):
            function([r := row("r")], r * 2)([[1.0], [2.0]])


class TestWiring:
    def test_missing_unused_and_double_inputs(self) -> None:
        with pytest.raises(SymbolError, match="the outputs need y, which is not among the inputs"):
            function([x], x + y)
        with pytest.raises(SymbolError, match="the input y is not used by any output or update"):
            function([x, y], x)
        with pytest.raises(SymbolError, match="x is 2 times among the inputs"):
            function([x, x], x)
        with pytest.warns(UserWarning, match="the input y is not used"):
            function([x, y], x, on_unused_input="warn")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert function([x, y], x, on_unused_input="ignore")(1.0, 2.0) == 1.0

    def test_inputs_that_cannot_be(self) -> None:
        with pytest.raises(SymbolError, match="the shared variable w cannot be an input"):
            function([shared(0.0, name="w")], x)
        with pytest.raises(SymbolError, match="is an expression"):
            function([x + 1], x)
        for wrong in (x, ["x"], [1.0]):
            with pytest.raises(ArgumentError):
                function(wrong, x)  # type: ignore[arg-type]
        with pytest.raises(ArgumentError):
            function([x], "x")
        with pytest.raises(ArgumentError):
            function([x], x, on_unused_input="no")  # type: ignore[arg-type]

    def test_an_error_shows_the_line_that_wrote_the_expression(self) -> None:
        product = v * A[0]
        f = function([v, A], product)
        with pytest.raises(ShapeError, match="do not broadcast") as caught:
            f([1.0, 2.0], [[1.0, 2.0, 3.0]])
        assert "product = v * A[0]" in str(caught.value)
        with pytest.raises(SymdiffError) as refused:
            np.unwrap(v)
        assert isinstance(refused.value, UnsupportedError) and "np.unwrap(v)" in str(refused.value)


class TestGivens:
    def test_another_expression_in_the_place_of_a_symbol(self) -> None:
        assert function([y], x + x, givens={x: y * 10})(2.0) == 40.0
        assert function([], x + 1, givens=[(x, 2.0)])() == 3.0
        s = x + y
        assert function([x, y], s * x, givens={s: s + 1})(2.0, 3.0) == 12.0  # not replaced in its own replacement

    def test_shared_variables_are_replaced(self) -> None:
        state = shared(5.0, name="state")
        assert function([x], state * 2, givens={state: x})(1.0) == 2.0
        assert state.get_value() == 5.0

    def test_ranks_must_be_the_same(self) -> None:
        with pytest.raises(ShapeError, match=r"x is a scalar, and what is given in its place has shape \(2,\)"):
            function([v], x + 1, givens={x: v})([1.0, 2.0])
        with pytest.raises(ArgumentError, match="givens takes pairs"):
            function([x], x, givens=[x])


class TestEval:
    def test_it_is_compiled_once(self) -> None:
        z = x + y
        assert z.eval({x: 16.3, y: 12.1}) == 28.4
        (evaluator,) = z._evaluators.values()
        assert z.eval({x: 1.0, y: 2.0}) == 3.0
        assert list(z._evaluators.values()) == [evaluator]

    def test_without_inputs(self) -> None:
        assert (shared(2.0) * 3).eval() == 6.0


class TestRefusals:
    @pytest.mark.parametrize(
        "use",
        [bool, float, int, len, list, lambda s: s in s, lambda s: np.array([s, s]), lambda s: s.__setitem__(0, 1.0)],
        ids=["bool", "float", "int", "len", "list", "in", "np.array", "assignment"],
    )
    def test_a_symbol_is_no_number(self, use: Any) -> None:
        with pytest.raises(ConversionError, match="a symbol was asked to become"):
            use(v)

    def test_ranks_of_expressions(self) -> None:
        assert [A.ndim, (A + 1).ndim, (A @ v).ndim, A[0].ndim, A[:, None].ndim, A.sum().ndim] == [2, 2, 1, 1, 3, 0]
        assert (shared(np.ones((7, 3))) @ A).ndim == 2
        with pytest.raises(ShapeError, match="the rank of the expression is not known"):
            _ = np.squeeze(A).ndim  # that of a matrix of one row is 1


class TestInsideATrace:
    def test_a_function_is_differentiated_like_any_other(self) -> None:
        cube = function([x], x**3)
        assert sd.derivative(cube)(2.0) == 12.0
        weights = shared(np.array([1.0, 10.0]))
        dot = function([v], (weights * v).sum())
        assert sd.grad(lambda t: dot(t) ** 2)(np.array([1.0, 1.0])).tolist() == [22.0, 220.0]

    def test_updates_are_refused(self) -> None:
        count = shared(0)
        with pytest.raises(ArgumentError, match="updates shared variables"):
            sd.derivative(function([x], x, updates={count: count + 1}))


class TestClosedForm:
    def test_expression_and_source(self) -> None:
        f = function([x, y], np.sin(x) * y)
        assert str(f.expr) == "y*sin(x)"
        namespace: dict[str, Any] = {}
        exec(f.source(), namespace)
        assert namespace["f"](0.5, 2.0) == f(0.5, 2.0)

    def test_shared_variables_are_parameters_of_the_module(self, tmp_path: Path) -> None:
        w = shared(np.array([1.0, 2.0]), name="w")
        train = function([v], (w * v).sum(), updates={w: w - 0.1 * v})
        train([1.0, 1.0])
        path = train.save(tmp_path / "train.py")
        namespace: dict[str, Any] = {}
        exec(path.read_text("utf-8"), namespace)
        cost, news = namespace["train"]([1.0, 1.0], w=[1.0, 2.0])
        assert cost == 3.0 and news["w"].tolist() == [0.9, 1.9]

    def test_lengths_with_names_stay_open(self) -> None:
        X, t = matrix("X", shape=("n", "d")), vector("t", shape=("n",))
        weights = vector("weights", shape=("d",))
        slope = symbolic.grad(((X @ weights - t) ** 2).sum(), weights)
        f = function([X, weights, t], slope)
        namespace: dict[str, Any] = {}
        exec(f.source(), namespace)
        for n, d in ((3, 2), (1, 4)):
            given = np.ones((n, d)), np.arange(float(d)), np.arange(float(n))
            assert namespace["f"](*given).tolist() == f(*given).tolist()
        with pytest.raises(ShapeError, match="the length n is 3 in the argument X and 2 in the argument t"):
            f(np.ones((3, 2)), np.ones(2), np.ones(2))

    def test_names_that_python_does_not_take(self) -> None:
        f = function([scalar("lambda"), scalar("2 x"), scalar("np")], [], on_unused_input="ignore")
        assert [parameter.name for parameter in f.program.parameters] == ["lambda_", "x2_x", "np"]
        g = function([a := scalar("a"), b := scalar("a")], a - b)
        assert g(5.0, 2.0) == 3.0 and g(5.0, a_2=1.0) == 4.0

    def test_the_source_is_the_same_under_every_hash_seed(self) -> None:
        program = (
            "import numpy as np\n"
            "from symdiff.symbolic import *\n"
            "x, y = matrix('x', shape=(4, 3)), vector('y', shape=(4,))\n"
            "w, b = shared(np.ones(3), name='w'), shared(0.0, name='b')\n"
            "p = 1 / (1 + np.exp(-(x @ w) - b))\n"
            "cost = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()\n"
            "gw, gb = grad(cost, [w, b])\n"
            "train = function([x, y], cost, updates=[(w, w - gw), (b, b - gb)])\n"
            "print(train.source())"
        )
        found = [
            subprocess.run(
                [sys.executable, "-c", program],
                cwd=ROOT,
                env={"PYTHONHASHSEED": seed, "PATH": ""},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        ]
        assert found[0] == found[1] and "def train(x: Any, y: Any, *, w: Any, b: Any) -> Any:" in found[0]


def test_symbols_do_not_hold_on_to_arrays_of_the_user() -> None:
    scale = np.array([1.0, 2.0])
    scaled = v * scale
    scale[:] = 0.0
    assert function([v], scaled)([1.0, 1.0]).tolist() == [1.0, 2.0]


def test_a_long_chain_is_no_recursion() -> None:
    chain: Symbol = x
    for _ in range(2_000):
        chain = chain * 0.999 + 0.001
    assert function([x], chain, simplify="none")(1.0) == pytest.approx(1.0)
