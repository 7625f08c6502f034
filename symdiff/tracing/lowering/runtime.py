"""What rewritten functions call, under one name.

In: nothing. Out: the functions of `choices`, `limits`, `picking`, `repetition`, `sequences` and `texts` that
`rewriting`, `exits`, `limits`, `matching` and `formatting` write calls of.
"""

from symdiff.tracing.arithmetic_errors import suppressed as suppressed
from symdiff.tracing.identity import distinct as distinct
from symdiff.tracing.identity import identical as identical
from symdiff.tracing.lowering.absent import NOTHING as NOTHING
from symdiff.tracing.lowering.absent import deleted as deleted
from symdiff.tracing.lowering.choices import all_of as all_of
from symdiff.tracing.lowering.choices import another_round as another_round
from symdiff.tracing.lowering.choices import any_of as any_of
from symdiff.tracing.lowering.choices import chained as chained
from symdiff.tracing.lowering.choices import choice as choice
from symdiff.tracing.lowering.choices import contains as contains
from symdiff.tracing.lowering.choices import either as either
from symdiff.tracing.lowering.choices import holds as holds
from symdiff.tracing.lowering.choices import negation as negation
from symdiff.tracing.lowering.choices import raised as raised
from symdiff.tracing.lowering.choices import result as result
from symdiff.tracing.lowering.choices import without_truths as without_truths
from symdiff.tracing.lowering.limits import Limit as Limit
from symdiff.tracing.lowering.limits import limited as limited
from symdiff.tracing.lowering.picking import element as element
from symdiff.tracing.lowering.repetition import repetition as repetition
from symdiff.tracing.lowering.sequences import items as items
from symdiff.tracing.lowering.trying import trying as trying
from symdiff.tracing.texts import converted as converted
from symdiff.tracing.texts import filled as filled
from symdiff.tracing.texts import joined as joined
from symdiff.tracing.texts import percent as percent
from symdiff.tracing.texts import text as text
