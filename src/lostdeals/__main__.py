"""``python -m lostdeals`` is the same as ``lostdeals``."""

from lostdeals.cli import entry

if __name__ == "__main__":
    entry()
