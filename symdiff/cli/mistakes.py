"""What becomes of an error: a message without a traceback of ours, and an exit code.

In: an exception. Out: text on stderr (with `--json` an object on stdout too), and the exit code.
"""

import json
import sys
import traceback

from symdiff.cli.exit_codes import MISTAKE, STALE
from symdiff.errors import SymdiffError, VerificationError
from symdiff.errors.message import without_internal_frames

SCHEMA = 1


def reported(error: Exception, *, as_json: bool) -> int:
    """Tell the user. A tolerance that is exceeded is 1, everything else 2."""
    known = isinstance(error, SymdiffError)
    if as_json:
        facts = {"code": getattr(error, "code", None), "kind": type(error).__name__, "message": str(error)}
        print(json.dumps({"schema": SCHEMA, "error": facts}))
    if isinstance(error, SymdiffError):
        print(error.report(), file=sys.stderr)
    else:
        frames = without_internal_frames(error.__traceback__)
        print("".join(traceback.format_exception(type(error), error, frames)).rstrip(), file=sys.stderr)
        print("SYMDIFF_TRACEBACK=full shows the frames of symdiff too", file=sys.stderr)
    return STALE if known and isinstance(error, VerificationError) else MISTAKE
