"""Linear algebra as emitted: the calls a person would write, with names, and the results that are needed."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd

A = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])


def lines_of(function: Any, **shapes: Any) -> list[str]:
    """The lines that compute, without the line of the user's that each names."""
    source = sd.trace(function, shapes=shapes).source()
    text = source[source.rindex("\ndef ") :]
    return [line.split("  #")[0].strip() for line in text.splitlines() if "np.linalg" in line or "scipy" in line]


def eigen(a: Any) -> Any:
    w, v = np.linalg.eigh(a)
    return v @ np.exp(w)


def values_only(a: Any) -> Any:
    return np.sum(np.linalg.eigh(a)[0])


def logarithm(a: Any) -> Any:
    return 2.0 * np.linalg.slogdet(a).logabsdet


def singular(a: Any) -> Any:
    return np.max(np.linalg.svd(a)[1])


def two_names(eigenvalues: Any, a: Any) -> Any:
    return np.linalg.eigh(a).eigenvalues + np.linalg.eigh(a, UPLO="U").eigenvectors[0] * eigenvalues


CALLS = {
    eigen: ["w, v = np.linalg.eigh(a)"],
    values_only: ["eigenvalues = np.linalg.eigvalsh(a)"],
    logarithm: ["_, logdet = np.linalg.slogdet(a)"],
    singular: ["s = np.linalg.svdvals(a)"],
}


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_results_are_unpacked_to_names(function: Any) -> None:
    assert lines_of(function, a=(3, 3)) == CALLS[function]
    found = sd.trace(function, shapes={"a": (3, 3)})(A)
    np.testing.assert_allclose(found, function(A), rtol=1e-13)


def test_names_do_not_collide() -> None:
    lines = lines_of(two_names, eigenvalues=(), a=(3, 3))
    assert lines[0] == "eigenvalues_1 = np.linalg.eigvalsh(a)"
    assert lines[1] == '_, eigenvectors = np.linalg.eigh(a, UPLO="U")'


def test_float32_stays_and_arguments_are_not_touched() -> None:
    def solution(a: Any, b: Any) -> Any:
        return np.linalg.solve(a, b) + np.linalg.cholesky(a)[0]

    a, b = A.astype(np.float32), np.ones(3, np.float32)
    a.flags.writeable = b.flags.writeable = False
    assert sd.trace(solution, shapes={"a": (3, 3), "b": (3,)})(a, b).dtype == np.float32


def test_whole_arrays_are_refused_by_plain_python() -> None:
    with pytest.raises(sd.BackendError, match="math"):
        sd.trace(eigen, shapes={"a": (3, 3)}).source("math")


def test_numexpr_computes_around_it() -> None:
    source = sd.trace(eigen, shapes={"a": (3, 3)}).source("numexpr")
    assert "w, v = np.linalg.eigh(a)" in source
    namespace: dict[str, Any] = {}
    exec(compile(source, "<test>", "exec"), namespace)
    np.testing.assert_allclose(namespace["eigen"](A), eigen(A), rtol=1e-13)


def test_scipy_is_imported_only_where_it_is_needed() -> None:
    import scipy.linalg as sl

    source = sd.trace(lambda a: sl.expm(a), shapes={"a": (3, 3)}).source()
    assert "import scipy.linalg" in source
    assert "import scipy" not in sd.trace(lambda a: sl.inv(a), shapes={"a": (3, 3)}).source()


def test_symbolic_lengths() -> None:
    def likelihood(a: Any, b: Any) -> Any:
        s = a @ a.T + np.eye(a.shape[0])
        values = np.linalg.eigvalsh(s)
        return b @ np.linalg.solve(s, b) + np.linalg.slogdet(s)[1] + np.sum(values**2) + np.linalg.cholesky(s)[0, 0]

    gradient = sd.grad(likelihood, shapes={"a": "n d", "b": "n"})
    for n, d in ((2, 3), (4, 2)):
        a, b = np.random.default_rng(n).normal(size=(n, d)), np.ones(n)
        np.testing.assert_allclose(gradient(a, b), sd.grad(likelihood)(a, b), rtol=1e-9)
