"""Find the customers on a sheet and say what each column means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lostdeals.errors import LostDealsError, likest
from lostdeals.model import Finding, Layout, Options, Sheet
from lostdeals.understand.chain import parted
from lostdeals.understand.earlier import Earlier, earlier, needless_pages, with_tiers
from lostdeals.understand.header import find_table
from lostdeals.understand.join import join
from lostdeals.understand.language import language_of
from lostdeals.understand.layout import layout_of, with_findings, worth
from lostdeals.understand.leads import say_something, to_leads
from lostdeals.understand.own import without_own, without_pages, without_summaries
from lostdeals.understand.remembered import as_toml, place_beside, remembered_in
from lostdeals.understand.roles import match_columns
from lostdeals.understand.stack import of_one_layout, stack
from lostdeals.understand.template import without_guides
from lostdeals.understand.told import letters_of
from lostdeals.vocab import Vocabulary, normalise

__all__ = [
    "Earlier",
    "as_toml",
    "earlier",
    "find_table",
    "inspect_sheets",
    "joined",
    "language_of",
    "match_columns",
    "needless_pages",
    "parted",
    "place_beside",
    "remembered_in",
    "say_something",
    "stacked",
    "to_leads",
    "understand",
    "with_tiers",
    "without_own",
    "without_pages",
    "worth",
]


def understand(sheets: Sequence[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[Sheet, Layout]:
    """The customer sheet of a file and its layout: the one with the most known columns and rows, visible before hidden.

    Raises LostDealsError ``unknown-sheet``, ``unknown-role`` and ``unknown-column`` (usage) where the user names what is
    not there, and ``empty-sheet``, ``no-header`` or ``no-known-column`` where no sheet is a table of customers.
    """
    sheets = without_guides(sheets, vocabulary)
    layouts = inspect_sheets(sheets, vocabulary, options)
    good = [(sheet, layout) for sheet, layout in layouts if isinstance(layout, Layout) and layout.doubt is None]
    if not good:
        best = max(layouts, key=lambda pair: worth(*pair))[1]
        raise _refusal(best)
    mapped = [(sheet, layout) for sheet, layout in good if not _missing([layout], options)]
    sheet, layout = max(mapped or good, key=lambda pair: worth(*pair))
    _check_mapping([layout], options)
    others = [other.name for other, _ in layouts if other is not sheet]
    if others and options.sheet is None:
        picked = Finding("sheet-picked", len(others), sheet.name, {"name": sheet.name, "others": tuple(others)})
        layout = with_findings(layout, (picked, *_more_of_its_kind(good, sheet)))
    return sheet, layout


def _more_of_its_kind(good: Sequence[tuple[Sheet, Layout]], picked: Sheet) -> tuple[Finding, ...]:
    """That sheets of one layout can be read together."""
    more = [layout for sheet, layout in of_one_layout(good, picked) if sheet is not picked]
    people = sum(len(layout.rows) for layout in more)
    return (Finding("sheets-alike", len(more), values={"people": people}),) if people else ()


def inspect_sheets(
    sheets: Sequence[Sheet], vocabulary: Vocabulary, options: Options
) -> list[tuple[Sheet, Layout | LostDealsError]]:
    """Every sheet (or the one that ``options.sheet`` names) with its layout, or with the reason why it has none.

    A layout that is hardly a table of customers says so in its ``doubt``.

    Raises LostDealsError ``unknown-sheet``, ``unknown-role`` and ``unknown-column`` (usage).
    """
    out: list[tuple[Sheet, Layout | LostDealsError]] = []
    for sheet in _chosen(without_guides(sheets, vocabulary), options.sheet):
        try:
            out.append((sheet, layout_of(sheet, vocabulary, options)))
        except LostDealsError as error:
            if error.code not in ("empty-sheet", "no-such-row"):
                raise
            out.append((sheet, error))
    if out and all(isinstance(layout, LostDealsError) and layout.usage for _, layout in out):
        raise next(layout for _, layout in out if isinstance(layout, LostDealsError))
    out = without_summaries(out, vocabulary)
    _check_mapping([layout for _, layout in out if isinstance(layout, Layout)], options)
    return out


def stacked(sheets: Sequence[Sheet], vocabulary: Vocabulary, options: Options) -> tuple[list[Sheet], Sheet]:
    """The file's sheets with those of one layout put under one another, and the sheet that came of it."""
    picked, _ = understand(sheets, vocabulary, replace(options, mapping={}))
    layouts = inspect_sheets(sheets, vocabulary, replace(options, sheet=None, header_row=None, mapping={}))
    good = [(sheet, layout) for sheet, layout in layouts if isinstance(layout, Layout) and layout.doubt is None]
    doubtful = [sheet.name for sheet, layout in layouts if isinstance(layout, Layout) and layout.doubt is not None]
    whole, parts = stack(good, picked, vocabulary, doubtful)
    return [whole, *(sheet for sheet in sheets if sheet.name not in parts)], whole


def joined(sheets: Sequence[Sheet], others: Sequence[Sheet], vocabulary: Vocabulary, options: Options) -> list[Sheet]:
    """The file's sheets, the customer sheet with the columns of another file at its right edge.

    Raises LostDealsError ``no-join-key`` and ``join-not-unique``, and what `understand` raises of either file.
    """
    sheet, layout = understand(sheets, vocabulary, replace(options, mapping={}))
    plain = Options(today=options.today, remembered=options.remembered)
    found = inspect_sheets(others, vocabulary, plain)
    other, other_layout = max(found, key=lambda pair: worth(*pair))
    if isinstance(other_layout, LostDealsError):
        raise other_layout
    wide = join(sheet, layout, other, other_layout)
    return [wide if one is sheet else one for one in sheets]


def _refusal(layout: Layout | LostDealsError) -> LostDealsError:
    """Why a sheet has no customers to be scored."""
    error = layout if isinstance(layout, LostDealsError) else layout.doubt
    assert error is not None
    return error


def _missing(layouts: Sequence[Layout], options: Options) -> list[str]:
    """The columns the user maps that none of the sheets has."""
    headers = [{column.letter: column.header for column in layout.columns} for layout in layouts]
    return [wanted for wanted in options.mapping if not any(letters_of(names, wanted) for names in headers)]


def _check_mapping(layouts: Sequence[Layout], options: Options) -> None:
    if layouts and (missing := _missing(layouts, options)):
        names = [column.header for layout in layouts for column in layout.columns if column.header]
        raise LostDealsError(
            "unknown-column", where="--map", usage=True, column=missing[0], near=likest(missing[0], names)
        )


def _chosen(sheets: Sequence[Sheet], wanted: str | None) -> Sequence[Sheet]:
    if wanted is None:
        return sheets
    for same in (str, normalise):
        found = [sheet for sheet in sheets if same(sheet.name) == same(wanted)]
        if found:
            return found[:1]
    names = [sheet.name for sheet in sheets]
    raise LostDealsError(
        "unknown-sheet", where=sheets[0].path.name if sheets else "", usage=True, sheet=wanted, names=tuple(names)
    )
