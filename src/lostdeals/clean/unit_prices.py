"""Prices of one piece, which are no value of a deal: 3.2/pc, 15元/件, 每平米8000."""

from __future__ import annotations

import re

from lostdeals.clean.amounts import Amounts
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.phrases import folded
from lostdeals.vocab.wordlists import any_of


class UnitPrices:
    """Tells the price of a piece from an amount that cannot be read.

    >>> from lostdeals.vocab import load
    >>> prices = UnitPrices(load())
    >>> [prices.is_one(text) for text in ("3.2/pc", "USD 3.2 per pc FOB", "每件15元", "15元/件×200件", "3件")]
    [True, True, True, False, False]
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.section("money")["unit_price"]
        pieces = any_of(words["pieces"])
        self._piece = re.compile(rf"\s*(?:{any_of(words['each'])})\s*(?:{pieces})|\s*(?:{any_of(words['alone'])})\.?")
        self._terms = re.compile(any_of(words["terms"]))
        self._amounts = Amounts(vocabulary)

    def is_one(self, text: str) -> bool:
        """Whether the text is one amount and what piece it is for, with nothing else but terms of trade."""
        rest, pieces = self._piece.subn(" ", folded(text))
        amount = self._amounts.read(self._terms.sub(" ", rest).strip()) if pieces == 1 else None
        return amount is not None and not amount.percent
