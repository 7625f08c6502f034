"""The table: every row by its name."""

from types import ModuleType

from symdiff.ops import elementary, piecewise
from symdiff.ops.row import Op


def _rows(*modules: ModuleType) -> dict[str, Op]:
    found = (value for module in modules for value in vars(module).values() if isinstance(value, Op))
    return {op.name: op for op in found}


OPS: dict[str, Op] = _rows(elementary, piecewise)
