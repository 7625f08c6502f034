"""Derivatives by a few parameters of functions of longer data: short code, whatever the number of data."""

import numpy as np

import symdiff as sd

TIMES = np.arange(1.0, 17.0)
MEASURED = 34780.0 * np.exp(-0.17 * TIMES)


def misfit(p: np.ndarray) -> float:
    return np.sum((p[0] * np.exp(p[1] / (45.0 + 5.0 * TIMES + p[2])) - MEASURED) ** 2)


def residuals(p: np.ndarray) -> np.ndarray:
    return p[0] * np.exp(p[1] / (45.0 + 5.0 * TIMES + p[2])) - MEASURED


def peaks(p: np.ndarray) -> float:
    t = np.arange(65) / 10
    rest = t - p[0] * np.exp(-t * p[4]) - p[1] * np.exp(-((t - p[2]) ** 2) * p[3])
    return rest @ rest


AT = np.array([0.02, 4000.0, 250.0])


def test_the_code_does_not_list_the_data() -> None:
    source = sd.generate(misfit, wrt="p", emit=["hess"], shapes={"p": (3,)}).text
    body = source[source.index("def misfit_hess") :]
    assert len(body.splitlines()) < 45 and "np.sum" in body


def test_values() -> None:
    model = np.exp(AT[1] / (45.0 + 5.0 * TIMES + AT[2]))
    jacobian = sd.jacobian(residuals)(AT)
    behind = 45.0 + 5.0 * TIMES + AT[2]
    by_hand = np.stack([model, AT[0] * model / behind, -AT[0] * model * AT[1] / behind**2], axis=1)
    assert np.allclose(jacobian, by_hand, rtol=1e-13)
    step = 1e-4 * np.abs(AT)
    gradient, hessian = sd.grad(misfit), sd.hessian(misfit)(AT)
    for at in range(3):
        moved = np.eye(3)[at] * step
        differences = (gradient(AT + moved) - gradient(AT - moved)) / (2 * step[at])
        assert np.allclose(hessian[at], differences, rtol=1e-5, atol=1e-5 * np.abs(hessian[at]).max())


def test_contractions_with_numbers_among_their_factors_are_proven() -> None:
    assert "of mpmath at" in sd.generate(peaks, wrt="p", emit=["hess"], shapes={"p": (5,)}).text
