"""How the memory of a command on a sheet is handled: what it lets go is kept for its next column."""

from __future__ import annotations

KEPT = ((-3, 1 << 25), (-1, 1 << 29), (-2, 1 << 24))
"""glibc's M_MMAP_THRESHOLD, M_TRIM_THRESHOLD and M_TOP_PAD, in bytes: the largest that it takes for the first, half a GiB, 16 MiB."""


def keep_freed_memory() -> None:
    """Let the allocator hand freed arrays out again instead of giving them back; nothing where it is not glibc's.

    Every stage makes whole columns and drops them. As shipped, glibc returns each to the system and then waits for
    pages to be zeroed anew, a twenty-fifth of the run on 100,000 rows.
    """
    import ctypes

    try:
        tune = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # Windows, macOS, musl
        return
    for name, size in KEPT:
        tune(name, size)
