"""What large functions leave behind: the parts of their texts are freed when the text is there."""

import gc

import pytest

from symdiff.backends.base import Text
from symdiff.emit.function import function_text
from symdiff.emit.statements import Assign
from tests.random_programs import scalar_program


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "math"])
def test_no_part_of_a_text_waits_for_the_garbage_collector(backend: str) -> None:
    program = scalar_program(7)
    gc.collect()
    before = sum(isinstance(each, Text | Assign) for each in gc.get_objects())
    gc.disable()
    try:
        function_text(program, backend)
        after = sum(isinstance(each, Text | Assign) for each in gc.get_objects())
    finally:
        gc.enable()
    assert after == before
