"""Every word the program recognises or says, as data: shipped TOML files merged with the user's own."""

from lostdeals.vocab.conditions import matches
from lostdeals.vocab.loading import Vocabulary, load
from lostdeals.vocab.names import Names
from lostdeals.vocab.phrases import Hit, Phrases, normalise
from lostdeals.vocab.unknown import unknown_words
from lostdeals.vocab.words import Words

__all__ = ["Hit", "Names", "Phrases", "Vocabulary", "Words", "load", "matches", "normalise", "unknown_words"]
