"""Linear algebra of complex matrices: the phases of vectors, eigenvalues that are real or complex, what is refused."""

from typing import Any

import numpy as np
import pytest

import symdiff as sd

RANDOM = np.random.default_rng(17)
MATRIX = RANDOM.normal(size=(4, 4)) + 1j * RANDOM.normal(size=(4, 4))
WITH_COMPLEX_EIGENVALUES = np.array([[1.0, 2.0, 0.5], [-3.0, 1.0, 0.2], [0.3, 0.1, 2.0]])
WITH_REAL_EIGENVALUES = np.array([[1.0, 0.2, 0.5], [0.3, 4.0, 0.2], [0.3, 0.1, 9.0]])


def along(function: Any, x: Any, direction: Any) -> Any:
    step = 1e-6
    return (function(x + step * direction) - function(x - step * direction)) / (2.0 * step)


def close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-7 * np.max(np.abs(expected)))


def random_like(value: Any) -> Any:
    real = RANDOM.normal(size=np.shape(value))
    return real + 1j * RANDOM.normal(size=np.shape(value)) if np.iscomplexobj(value) else real


VECTORS: dict[str, Any] = {
    "eigh, lower": lambda a: np.linalg.eigh(a)[1],
    "eigh, upper": lambda a: np.linalg.eigh(a, UPLO="U")[1],
    "eig": lambda a: np.linalg.eig(a)[1],
    "svd, u": lambda a: np.linalg.svd(a, full_matrices=False)[0],
    "svd, vh": lambda a: np.linalg.svd(a, full_matrices=False)[2],
    "svd, u of a tall matrix": lambda a: np.linalg.svd(a[:, :2], full_matrices=False)[0],
    "svd, vh of a tall matrix": lambda a: np.linalg.svd(a[:, :2], full_matrices=False)[2],
    "svd, u of a wide matrix": lambda a: np.linalg.svd(a[:2], full_matrices=False)[0],
    "svd, vh of a wide matrix": lambda a: np.linalg.svd(a[:2], full_matrices=False)[2],
    "slogdet": lambda a: np.linalg.slogdet(a)[0],
}


@pytest.mark.parametrize("name", VECTORS)
def test_what_has_a_phase_has_the_one_of_lapack(name: str) -> None:
    function = VECTORS[name]
    direction, cotangent = random_like(MATRIX), random_like(function(MATRIX))
    moved = sd.jvp(function)(MATRIX, direction)
    close(moved, along(function, MATRIX, direction))
    pulled = sd.vjp(function)(MATRIX, cotangent)
    close(np.sum(pulled * direction).real, np.sum(cotangent * moved).real)


@pytest.mark.parametrize("name", VECTORS)
def test_phases_twice(name: str) -> None:
    function = VECTORS[name]
    direction, cotangent = random_like(MATRIX), random_like(function(MATRIX))
    slope = sd.vjp(function)
    found = sd.jvp(lambda a: slope(a, cotangent))(MATRIX, direction)
    close(found, along(lambda a: slope(a, cotangent), MATRIX, direction))


def test_vectors_without_a_phase_do_no_harm() -> None:
    """The first rows of these eigenvectors have zeros; their sizes have a derivative all the same."""
    matrix = np.diag([1.0 + 0j, 3.0, 7.0, 4.0])

    def loss(a: Any) -> Any:
        values, vectors = np.linalg.eigh(a)
        return np.sum(values * np.abs(vectors[1]) ** 2)

    direction = random_like(matrix)
    found = np.sum(sd.grad(loss)(matrix) * direction).real
    close(found, along(loss, matrix, direction))


@pytest.mark.parametrize("matrix", [WITH_REAL_EIGENVALUES, WITH_COMPLEX_EIGENVALUES])
@pytest.mark.parametrize("position", [0, 1])
def test_eig_of_a_real_matrix_has_the_dtype_of_numpy(matrix: Any, position: int) -> None:
    def function(a: Any) -> Any:
        return np.linalg.eig(a)[position]

    slope = sd.jvp(function)
    direction = RANDOM.normal(size=(3, 3))
    found = slope(matrix, direction)
    assert np.iscomplexobj(found) == np.iscomplexobj(np.linalg.eigvals(matrix))
    close(found, along(function, matrix, direction))
    pulled = sd.vjp(function)(matrix, found)
    assert pulled.dtype == float
    close(np.sum(pulled * direction), np.sum(found * found).real)


def test_eigenvalues_of_one_function_are_real_or_complex() -> None:
    """Each call follows its own matrix; the guard is looked at again."""

    def spread(a: Any) -> Any:
        return np.sum(np.abs(np.linalg.eigvals(a)) ** 3)

    slope = sd.grad(spread)
    for matrix in (WITH_REAL_EIGENVALUES, WITH_COMPLEX_EIGENVALUES, 2.0 * WITH_REAL_EIGENVALUES):
        direction = RANDOM.normal(size=(3, 3))
        close(np.sum(slope(matrix) * direction), along(spread, matrix, direction))
    assert slope.mode == "guarded"


def test_eigenvalues_are_holomorphic_and_vectors_are_not() -> None:
    matrix = MATRIX[:2, :2]
    trace = sd.holomorphic_grad(lambda a: np.sum(np.linalg.eigvals(a) ** 2))
    close(trace(matrix), 2.0 * matrix.T)
    for function in (
        lambda a: np.linalg.eig(a)[1][0, 0],
        lambda a: np.linalg.eigh(a)[1][1, 1],
        lambda a: np.linalg.pinv(a)[0, 0],
        lambda a: np.linalg.cholesky(a)[1, 0],
    ):
        with pytest.raises(sd.HolomorphicError, match="not complex-differentiable"):
            sd.holomorphic_grad(function)(matrix)


def test_real_if_close_is_real_where_it_is_close() -> None:
    z = np.array([1.0 + 1e-17j, 2.0])
    assert sd.jvp(np.real_if_close)(z, np.array([3.0j, 1.0 + 1.0j])).tolist() == [0.0, 1.0]
    turned = sd.jvp(lambda z: np.real_if_close(z) ** 2)
    np.testing.assert_allclose(turned(1j * z, 1j * z), -2.0 * z**2, rtol=1e-15)
    assert sd.grad(lambda x: np.sum(np.real_if_close(x) ** 2))(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]


@pytest.mark.parametrize("routine", ["qr", "lstsq"])
def test_routines_of_real_matrices_say_so(routine: str) -> None:
    with pytest.raises(sd.UnsupportedError, match=f"np.linalg.{routine} of complex numbers"):
        sd.grad(lambda a: np.sum(np.abs(getattr(np.linalg, routine)(*([a] * (2 if routine == "lstsq" else 1)))[0])))(
            MATRIX
        )


def test_sylvester_of_a_real_and_a_complex_matrix() -> None:
    """SciPy's own solution of such a mixture solves another equation."""
    linalg = pytest.importorskip("scipy.linalg")
    solve = sd.lambdify(lambda a: linalg.solve_sylvester(a, 1j * a.T, a), shapes={"a": (2, 2)})
    a = np.array([[1.0, 2.0], [0.5, 3.0]])
    close(a @ solve(a) + solve(a) @ (1j * a.T), a)


class TestSquareRootsOfRealMatrices:
    """SciPy's are real where there is a real one, complex where an eigenvalue is negative."""

    POSITIVE = np.array([[3.0, 0.5, 0.0], [0.5, 2.0, 0.3], [0.0, 0.3, 1.0]])
    INDEFINITE = np.array([[1.0, 2.0, 0.0], [2.0, -1.0, 0.3], [0.0, 0.3, 2.0]])

    @staticmethod
    def loss(a: Any) -> Any:
        import scipy.linalg

        return np.sum(np.abs(scipy.linalg.sqrtm(a)) ** 3)

    def test_a_call_follows_its_own_matrix(self) -> None:
        slope = sd.grad(self.loss)
        direction = RANDOM.normal(size=(3, 3))
        for matrix, mode in ((self.POSITIVE, "closed"), (self.INDEFINITE, "guarded"), (self.POSITIVE, "guarded")):
            found = slope(matrix)
            assert (found.dtype, slope.mode) == (float, mode)
            close(np.sum(found * direction), along(self.loss, matrix, direction))

    def test_twice(self) -> None:
        direction = RANDOM.normal(size=(3, 3))
        slope = sd.grad(self.loss)
        twice = sd.grad(lambda a: np.sum(sd.grad(self.loss)(a) * direction))
        for matrix in (self.INDEFINITE, self.POSITIVE):
            expected = along(lambda a: np.sum(slope(a) * direction), matrix, direction)
            close(np.sum(twice(matrix) * direction), expected)

    def test_complex_cotangents(self) -> None:
        linalg = pytest.importorskip("scipy.linalg")
        direction, cotangent = RANDOM.normal(size=(3, 3)), RANDOM.normal(size=(3, 3)) * (1.0 - 2j)
        moved = sd.jvp(linalg.sqrtm)(self.INDEFINITE, direction)
        pulled = sd.vjp(linalg.sqrtm)(self.INDEFINITE, cotangent)
        close(np.sum(pulled * direction), np.sum(moved * cotangent).real)

    @pytest.mark.parametrize("routine", ["sqrtm", "logm"])
    def test_a_closed_form_raises(self, routine: str) -> None:
        linalg = pytest.importorskip("scipy.linalg")
        closed = sd.lambdify(getattr(linalg, routine), shapes={"A": (3, 3)})
        close(closed(self.POSITIVE), getattr(linalg, routine)(self.POSITIVE))
        with pytest.raises(ValueError, match="no real logarithm or square root"):
            closed(self.INDEFINITE)


def test_functions_of_scipy_are_taken_as_they_are() -> None:
    special = pytest.importorskip("scipy.special")
    np.testing.assert_allclose(sd.grad(special.logsumexp)(np.zeros(4)), 0.25 * np.ones(4))
