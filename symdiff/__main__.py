"""`python -m symdiff` is the command."""

import sys

from symdiff.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
