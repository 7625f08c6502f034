"""Places in the user's code, and what is known of them from one attempt to trace it to the next.

In: instructions of the user's code. Out: places that compare by value; which choices and loops at them do not run as
others do; and the checks of a round that stands for all.
"""

from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from symdiff.ir.program import Check
from symdiff.origin import Origin

Place = tuple[CodeType, object]


def place_of(origin: Origin) -> Place:
    """The instruction that an origin names, as something that compares by value.

    By its position in the source: CPython's specialised instructions leave `f_lasti` on one of their caches.
    """
    return origin.code, origin.position


@dataclass
class Sites:
    """The places in the user's code that earlier attempts have shown to need another treatment.

    apart: choices whose sides have no common form: they are not merged while the function runs.
    kept: loops whose rounds make many operations: one round stands for all, though their number is known.
    early: those of them that are kept because some arguments leave them; whole: those that had better not be.
    unrolled: long loops whose rounds are not alike: they run one by one.
    unrollable: loops that are kept, and could run one by one as well.
    written: objects and arrays that the rounds of a loop write into, by the paths that lead there.
    """

    apart: set[Place] = field(default_factory=set)
    kept: set[Place] = field(default_factory=set)
    early: set[Place] = field(default_factory=set)
    whole: set[Place] = field(default_factory=set)
    unrolled: set[Place] = field(default_factory=set)
    unrollable: set[Place] = field(default_factory=set)
    written: dict[Place, list[Any]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return (
            len(self.apart)
            + len(self.kept)
            + len(self.whole)
            + len(self.unrolled)
            + sum(map(len, self.written.values()))
        )


@dataclass
class KeptRound:
    """One round that stands for all of a loop, while it runs.

    may_unroll: whether the loop could run round by round as well. checks: where the round raises.
    """

    origin: Origin
    may_unroll: bool
    checks: dict[Any, Check] = field(default_factory=dict)
