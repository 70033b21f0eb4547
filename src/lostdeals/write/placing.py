"""Where a scored workbook goes: an earlier one is kept beside it, and one that is open elsewhere is left alone."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding
from lostdeals.package.fill import untouched

FORGOTTEN = 2 * 24 * 60 * 60
"""Seconds after which nobody writes a half-written file any more."""
HELD = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY)
"""What the system says of a file that another program has open, here or at the other end of a network."""
PREVIOUS = ".prev"
"""``x.scored.xlsx`` becomes ``x.scored.prev.xlsx``."""


@dataclass
class Written:
    """What came of writing a file."""

    path: Path
    """Where it is, which is not where it should be if another program holds that file."""
    notes: tuple[Finding, ...] = ()
    """What a person should know: what did not fit, what was kept."""
    _found: list[Finding] = field(default_factory=list)


@contextmanager
def placing(path: Path) -> Iterator[tuple[IO[bytes], Written]]:
    """A file to write, and what comes of it once the block has ended without an error.

    It is written beside its place and renamed, so that whatever happens there is the old file or the new one. What
    stood there is kept as ``….prev``; a ``….prev`` that somebody has worked in gets a number rather than lost. Where
    another program holds the file, the new one is ``… (2)``.
    Raises LostDealsError ``cannot-write`` where the folder is missing or closed, or the disk is full.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".lostdeals-{os.getpid()}-{threading.get_ident()}.part")
    written = Written(path)
    try:
        try:
            with beside.open("w+b") as file:
                _sweep(target.parent)
                yield file, written
                file.flush()
                os.fsync(file.fileno())
            _put(beside, target, written)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LostDealsError("cannot-write", where=str(path), reason=reason) from None
    written.notes = (*written._found, *written.notes)


def _sweep(folder: Path) -> None:
    """Take away what a run left that was killed while it wrote, days ago."""
    for left in folder.glob(".lostdeals-*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > FORGOTTEN:
                left.unlink()


def _put(beside: Path, target: Path, written: Written) -> None:
    try:
        if target.exists():
            written._found.append(Finding("kept-previous", first=_keep(target).name))
        beside.replace(target)
    except OSError as error:
        if error.errno not in HELD:
            raise
        free = (target.with_name(f"{target.stem} ({number}){target.suffix}") for number in range(2, 10_000))
        other = next(one for one in free if not one.exists())
        beside.replace(other)
        written._found.append(Finding("target-open", first=other.name, values={"wanted": target.name}))
        written.path = written.path.with_name(other.name)


def _keep(target: Path) -> Path:
    """Keep a file under its second name, while it stays under its first: there is no moment without it."""
    place = target.with_name(f"{target.stem}{PREVIOUS}{target.suffix}")
    if place.exists() and not untouched(place):
        numbered = (target.with_name(f"{target.stem}{PREVIOUS}{number}{target.suffix}") for number in range(2, 10_000))
        place.replace(next(one for one in numbered if not one.exists()))
    copy = target.with_name(f".lostdeals-{os.getpid()}-{threading.get_ident()}.prev")
    copy.unlink(missing_ok=True)
    try:
        try:
            os.link(target, copy)
        except OSError:  # a file system without second names
            shutil.copy2(target, copy)
        copy.replace(place)
    finally:
        copy.unlink(missing_ok=True)
    return place
