"""What is noted of a function while it is traced: what it reads and runs besides its arguments, what it writes to.

In: each reading, each function, each write. Out: the code objects, the constants by name and the readings by which a
trace is found to be old; places that are written to and not read are among neither.
"""

from collections.abc import Callable, Hashable, Iterable
from types import CodeType, FunctionType
from typing import Any

from symdiff.tracing.classes import defines_classes
from symdiff.tracing.contents import note_constant
from symdiff.tracing.forking import refuse
from symdiff.tracing.handlers import ends_blocks, has_handlers
from symdiff.tracing.purity import Memory, Place, holder_of, outside_write, outside_writes
from symdiff.tracing.readings import Definition, Finding, Reading


class Notes:
    """What one attempt to trace a function has come to know.

    codes: the code objects of the user's functions, in order of first use.
    memory: what outlives the call, as the function reads and writes it.
    has_handlers: whether a function that was read catches exceptions.
    ends_blocks: whether one says what the end of a `with` does with exceptions.
    has_objects: whether one may have objects which change when they are looked at, as their classes say what that is.
    """

    def __init__(self) -> None:
        self.codes: list[CodeType] = []
        self.memory = Memory()
        self.has_handlers = False
        self.ends_blocks = False
        self.has_objects = False
        self._readings: list[tuple[Reading | Finding | Definition, Place | None]] = []
        self._constants: dict[str, Any] = {}
        self._named: dict[str, tuple[Reading, Place | None]] = {}

    @property
    def readings(self) -> list[Reading | Finding | Definition]:
        """Everything that was read besides the arguments."""
        return [reading for reading, place in self._readings if not self._is_written(reading, place)]

    @property
    def constants(self) -> dict[str, Any]:
        """The numbers and arrays that were read, by name."""
        return {name: value for name, value in self._constants.items() if not self._is_written(*self._named[name])}

    def looks_into(self, place: Place) -> None:
        """Notes that the function reads a place; of attributes its code says that."""
        if place[0] != "attribute":
            self.memory.read(place)

    def read(self, name: str, read: Callable[[], Any], place: Place | None = None) -> Any:
        """A value that the user's code reads.

        name: the name that it has there; empty for none. place: where it is read.
        """
        reading = Reading.of(read)
        self._readings.append((reading, place))
        if name and name not in self._named:
            self._named[name] = reading, place
            note_constant(self._constants, name, reading.value)
        return reading.value

    def look(self, look: Callable[[], Hashable]) -> None:
        """Notes what is found by looking: the trace holds as long as the same is found."""
        self._readings.append((Finding.of(look), None))

    def learn(self, readings: Iterable[Reading | Finding | Definition]) -> None:
        """Notes what functions that run as they are could read."""
        self._readings += [(reading, None) for reading in readings]

    def runs(self, function: FunctionType) -> None:
        """Notes a function of the user's that runs."""
        code = function.__code__
        self._readings.append((Definition.of(function), None))
        self.has_objects |= defines_classes(code)
        self.codes.append(code)
        self.memory.read_attributes(code)

    def writes(self, function: FunctionType, code: CodeType, has_stand_in: Callable[[Any], bool]) -> None:
        """Notes what a function catches, and what it writes outside of itself.

        code: as it will run; names to which that does not write any more are read by nobody in the function.
        has_stand_in: whether what would be written to is a stand-in, which sees it.
        """
        self.has_handlers |= has_handlers(code)
        self.ends_blocks |= ends_blocks(code)
        remaining = {write.name for write in outside_writes(code) if not write.is_attribute}
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        for what, name, origin, is_attribute in outside_writes(function.__code__):
            holder = holder_of(what, function) if is_attribute else None
            if is_attribute and isinstance(holder, FunctionType):
                self.memory.write(("attribute", name), f"`{what}`", origin)
            elif is_attribute and has_stand_in(holder):
                continue
            elif is_attribute or name in remaining:
                refuse(outside_write(f"`{what}`", origin))
            else:
                place = ("cell", id(cells[name])) if name in cells else ("global", id(function.__globals__), name)
                self.memory.write(place, f"`{what}`", origin)

    def _is_written(self, reading: Reading | Finding | Definition, place: Place | None) -> bool:
        held = ("content", id(reading.value)) if isinstance(reading, Reading) else None
        return any(each is not None and self.memory.is_written(each) for each in (place, held))
