"""Keep numerical libraries to one thread while small models are fitted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread inside: many small fits gain nothing from several, which on a busy machine wait for one another."""
    # Only libraries that are loaded already can be limited
    import scipy.optimize  # noqa: F401
    import sklearn.ensemble
    import sklearn.linear_model  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
