"""``lostdeals inspect``: how a sheet is understood."""

from __future__ import annotations

from pathlib import Path

from lostdeals.cli import OK, options


def inspect(
    path: options.MaybeSheetPath = None,
    sheet: options.SheetName = None,
    header_row: options.HeaderRow = None,
    mapping: options.Map = None,
    lang: options.Lang = None,
    vocab: options.Vocab = None,
    as_json: options.Json = False,
) -> int:
    """Show every sheet of a file (or the one named): its header, and what each column is taken for."""
    from lostdeals.cli import show
    from lostdeals.config import find_sheet, read_config
    from lostdeals.read import read_book
    from lostdeals.understand import inspect_sheets
    from lostdeals.vocab import load

    config = read_config(Path.cwd())
    chosen = options.options_from(
        options.Asked(sheet=sheet, header_row=header_row, mapping=mapping, lang=lang), config, path
    )
    path = find_sheet(path, config, Path.cwd())
    vocabulary = load(vocab or config.vocab)
    understood = inspect_sheets(read_book(path), vocabulary, chosen)
    if as_json:
        show.inspect_json(path, understood, vocabulary, chosen.lang)
    else:
        show.inspect_report(path, understood, vocabulary, chosen.lang)
    return OK
