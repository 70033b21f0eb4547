"""The command line; ``main(argv) -> int`` is its testable door."""

from __future__ import annotations

import gc
import sys

OK, FAILED, USAGE, PARTLY, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done, could not (data or file), wrong usage, done but a job failed, interrupted."""


def entry() -> None:
    """What the ``lostdeals`` command calls."""
    code = main(sys.argv[1:])
    gc.freeze()  # the interpreter looks through all objects for garbage before it ends: half a second for nothing
    sys.exit(code)


def main(argv: list[str]) -> int:
    """Run one command line and give its exit code; nothing is raised but bugs."""
    if argv in (["--version"], ["-V"]):
        from lostdeals import __version__

        sys.stdout.write(f"lostdeals {__version__}\n")
        return OK
    from lostdeals.cli.app import run

    return run(argv)
