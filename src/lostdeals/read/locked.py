"""Open a workbook that has a password, in memory only: nothing decrypted is ever written to disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from types import ModuleType, SimpleNamespace

from lostdeals.errors import LostDealsError
from lostdeals.package.opening import damage

NOBODYS = "VelvetSweatshop"
"""What Excel encrypts with where a workbook is only protected against changes; it opens such a one without asking."""


def unlocked(content: bytes, where: str, password: str | None, *, is_old: bool) -> BytesIO:
    """The workbook inside: a zip for an .xlsx or .xlsb, a compound file for an .xls (`is_old`).

    Raises LostDealsError ``encrypted`` where it needs a password and none is given, ``wrong-password``,
    ``encrypted-needs-extra`` where the package that decrypts is not installed, ``damaged-workbook``.
    """
    if password is not None:
        return _decrypted(content, where, password, is_old=is_old)
    try:
        return _decrypted(content, where, NOBODYS, is_old=is_old)
    except LostDealsError:
        raise LostDealsError("encrypted", where=where) from None


def _decrypted(content: bytes, where: str, password: str, *, is_old: bool) -> BytesIO:
    try:
        from msoffcrypto.exceptions import InvalidKeyError
        from msoffcrypto.format import ooxml, xls97
    except ImportError:
        raise LostDealsError("encrypted-needs-extra", where=where) from None
    opened = BytesIO()
    with damage(where):
        try:
            if is_old:
                file = xls97.Xls97File(BytesIO(content))
                file.load_key(password=password)
                with _no_disk(xls97):
                    file.decrypt(opened)
            else:
                file = ooxml.OOXMLFile(BytesIO(content))
                file.load_key(password=password, verify_password=True)
                file.decrypt(opened)
        except InvalidKeyError:
            raise LostDealsError("wrong-password", where=where) from None
        except Exception as error:  # over a broken file it raises errors of every kind
            raise ValueError(str(error) or type(error).__name__) from error
    return opened


@contextmanager
def _no_disk(library: ModuleType) -> Iterator[None]:
    """The temporary file into which the library decrypts is one in memory."""
    kept = library.tempfile
    library.tempfile = SimpleNamespace(TemporaryFile=BytesIO)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        library.tempfile = kept  # type: ignore[attr-defined]
