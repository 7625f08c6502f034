"""The tracer agrees with plain Python, on every function of the corpus and every path through it."""

from typing import Any

import numpy as np
import pytest

from symdiff.ir.check import check
from symdiff.ir.evaluate import evaluate
from symdiff.ir.structure import structure_of
from symdiff.tracing import trace_function
from tests.tracing import elements_corpus, numpy_corpus, python_corpus, tables_corpus  # noqa: F401 (they fill CASES)
from tests.tracing.corpus import CASES, Case


def assert_same(found: Any, expected: Any) -> None:
    """Same structure, same shapes, same numbers."""
    structure = structure_of(expected)
    assert structure_of(found) == structure
    for got, wanted in zip(structure.flatten(found), structure.flatten(expected), strict=True):
        assert np.shape(got) == np.shape(wanted)
        np.testing.assert_allclose(np.asarray(got, float), np.asarray(wanted, float), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_traced_function_computes_what_the_function_computes(case: Case) -> None:
    program = check(trace_function(case.function, args=case.calls[0]))
    for arguments in case.calls:
        assert_same(evaluate(program, *arguments), case.function(*arguments))


def test_disagreement_is_noticed() -> None:
    with pytest.raises(AssertionError):
        assert_same([1.0, 2.0], [1.0, 2.0 + 1e-9])
    with pytest.raises(AssertionError):
        assert_same((1.0,), [1.0])
