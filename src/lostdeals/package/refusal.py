"""Why a workbook cannot be edited in place."""

from __future__ import annotations

from zipfile import BadZipFile

from lostdeals.errors import LostDealsError
from lostdeals.package.opening import DAMAGE


class Refused(Exception):
    """A workbook that cannot be annotated without a risk of harm.

    `code` is ``refused.<code>`` of the messages; `where` is the part, sheet or cell that decided.
    """

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code, where)
        self.code, self.where = code, where


class refusing:
    """Turn whatever a broken package raises into Refused ``damaged``."""

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, LostDealsError):
            raise Refused("encrypted" if error.code == "encrypted" else "damaged", self._where) from error
        if isinstance(error, (*DAMAGE, BadZipFile, OSError, AssertionError, IndexError)) and error is not None:
            raise Refused("damaged", self._where) from error
