"""Keep a Rust library's cries off the terminal: it writes to the error stream below Python, where ``sys.stderr`` has no say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing reaches file descriptor 2 inside; it is put back afterwards, whatever happens."""
    try:
        kept = os.dup(2)
    except OSError:  # no error stream at all, as under some schedulers
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
