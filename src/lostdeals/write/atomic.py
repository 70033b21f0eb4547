"""Files appear whole or not at all: written beside their place and renamed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lostdeals.errors import LostDealsError


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by whatever way: what is written to the one would replace the other."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of `path` once the block has ended without an error.

    Raises LostDealsError ``cannot-write`` where the folder is missing or closed, the disk is full, or another program
    (Excel on Windows) holds the old file.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".lostdeals-{os.getpid()}-{threading.get_ident()}.part")
    try:
        try:
            with beside.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LostDealsError("cannot-write", where=str(path), reason=reason) from None
