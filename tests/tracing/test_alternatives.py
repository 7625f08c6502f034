"""What to write in place of what is refused: only of functions that are refused, each under its own name."""

import importlib

import pytest

from symdiff.tracing import replacements  # noqa: F401 (its import enters all rules)
from symdiff.tracing.alternatives import INSTEAD
from symdiff.tracing.rules import rule_of


@pytest.mark.parametrize("name", INSTEAD)
def test_what_has_an_alternative_exists_and_has_no_rule(name: str) -> None:
    module, _, function = name.rpartition(".")
    if module.startswith("scipy"):
        pytest.importorskip("scipy")
    target = getattr(importlib.import_module(module), function)
    assert rule_of(target) is None, "symdiff traces it: no alternative is needed"
