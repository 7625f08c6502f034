"""Functions without a closed form: of a number of steps that an input decides, of a slice between two of them, …

In: values of the inputs and of the shared variables. Out: the results, on the path that these values take. A path is
kept with what was decided on it, and is right for all calls that decide the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from symdiff.ir.program import Guard
from symdiff.runtime.guarded import GuardedTrace, GuardedTraces, guard_program
from symdiff.symbolic.execution import Execution, Kind, executable
from symdiff.symbolic.specialise import Specialised


class Paths:
    """The paths that calls with values of the same kinds have taken.

    follow: gives the Program of the path that values take, with its guards.
    run: what is called for such a Program.
    """

    def __init__(
        self,
        follow: Callable[[Sequence[Any]], Specialised],
        run: Callable[[Specialised], Execution],
        kinds: Sequence[Kind],
    ) -> None:
        self._follow = follow
        self._run = run
        self._kinds = kinds
        self._traces = GuardedTraces()

    @property
    def guards(self) -> Sequence[Guard]:
        """What was decided on the path that was taken last."""
        latest = self._traces.latest
        return () if latest is None else latest.guards

    def __call__(self, values: list[Any]) -> Any:
        found = self._traces.find(tuple(values), {})
        if found is None:
            found = self._traced(values)
            self._traces.keep(found)
        return found.function(*values)

    def _traced(self, values: Sequence[Any]) -> GuardedTrace:
        found = self._follow(values)
        program, count = found.program, len(self._kinds)
        asked = replace(guard_program(program), parameters=program.parameters[:count], inputs=program.inputs[:count])
        results, decisions = self._run(found), executable(asked, self._kinds)
        return GuardedTrace(
            program.guards, lambda *given: decisions(list(given)), lambda *given: results(list(given)), ()
        )
