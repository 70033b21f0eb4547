"""Why a workbook cannot be edited in place."""

from __future__ import annotations


class Refused(Exception):
    """A workbook that cannot be annotated without a risk of harm.

    `code` is ``refused.<code>`` of the messages; `where` is the part, sheet or cell that decided.
    """

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code, where)
        self.code, self.where = code, where
