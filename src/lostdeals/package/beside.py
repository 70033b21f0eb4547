"""The customers' sheet with our columns: its rows streamed, the rest edited where it must follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lostdeals.package.book import Book
from lostdeals.package.letters import letters
from lostdeals.package.names import Area, Names, area
from lostdeals.package.outline import Element, Part, with_attributes
from lostdeals.package.parts import reprefixed
from lostdeals.package.rows import Block, RowWriter
from lostdeals.package.site import Site, free_priority
from lostdeals.package.streaming import split_frame, with_cells
from lostdeals.package.stylesheet import Numbers, renumbered
from lostdeals.package.tables import widen

ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""Of the children of ``<worksheet>`` (ECMA-376 part 1, 18.3.1.99)."""

_EXTENDED = re.compile(
    rb"<(\w+:)?conditionalFormatting(?=[\s>])(?:(?!</\1?conditionalFormatting>).)*?<\w+:sqref>([^<]+)</\w+:sqref>"
    rb"\s*</\1?conditionalFormatting>",
    re.DOTALL,
)


def put_beside(
    book: Book,
    site: Site,
    blocks: Sequence[Block],
    dressed: bytes,
    numbers: Numbers,
    names: Names,
    *,
    headers: Mapping[str, str],
    kept: frozenset[str],
    header_row: int | None,
) -> RowWriter:
    """Plan the edits of the customers' sheet; the rows go through when the book is written.

    blocks: our cells, on the sheet's own rows.
    dressed: a sheet by openpyxl that wears what our columns shall wear: widths, conditional formats, drop-downs.
    kept: columns of an earlier run whose cells stay as the user left them.
    """
    frame, first, last = site.frame, *site.span
    _follow(
        frame, "dimension", first, last, max((rows[-1] for rows in (one.rows for one in blocks) if rows), default=1)
    )
    if site.filtered:
        _follow(frame, "autoFilter", first, last)
        names.widen_filter(site.index, last)
    _wear(frame, site, dressed, numbers)
    if header_row is not None:
        _freeze(frame, header_row)
    for table in site.tables:
        widen(book, table, [headers[key] for key in site.new])
    before, behind = split_frame(frame.edited())
    replaced = frozenset(column for key, column in site.columns.items() if key not in site.new and key not in kept)
    writer = RowWriter(site.scan.prefix, edges=False, looks=numbers.looks)

    def rows() -> Iterator[bytes]:
        return with_cells(
            book.pieces(site.entry.part),
            writer.cells(blocks),
            site.entry.part,
            (first, last),
            replaced,
            (before, behind),
            site.scan.counted_from,
        )

    book.streamed[site.entry.part] = rows
    return writer


def _follow(frame: Part, name: str, first: int, last: int, bottom: int = 0) -> None:
    """Let an area of the sheet reach over our columns."""
    element = frame.root.child(name)
    found = area(element.attributes.get("ref", "")) if element is not None else None
    if element is None or found is None:
        return
    left = min(found.left, first) if name == "dimension" else found.left
    reach = Area(found.top, left, max(found.bottom, bottom), max(found.right, last))
    if reach != found:
        frame.set(element, {"ref": str(reach)})


def _wear(frame: Part, site: Site, dressed: bytes, numbers: Numbers) -> None:
    """Take over widths, conditional formats and drop-downs."""
    source = Part(renumbered(dressed, numbers), 2)
    ours = {letters(column) for key, column in site.columns.items() if key not in site.new}
    _undress(frame, ours)
    top = free_priority(frame)
    for element in source.root.all("conditionalFormatting"):
        moved = re.sub(
            rb'\spriority="(\d+)"', lambda one: b' priority="%d"' % (int(one[1]) + top), source.source(element)
        )
        frame.insert_in_order(reprefixed(moved, frame.prefix), "conditionalFormatting", ORDER)
    choices = source.root.child("dataValidations")
    if choices is not None:
        there = frame.root.child("dataValidations")
        new = reprefixed(b"".join(source.source(one) for one in choices.children), frame.prefix)
        if there is not None and len(there.children) > len(_of_ours(there, ours)):
            frame.append(there, new, count=len(choices.children))
        else:
            if there is not None:
                frame.remove(there)
            whole = frame.tag("dataValidations", {"count": len(choices.children)}, new)
            frame.insert_in_order(whole, "dataValidations", ORDER)
    widths = source.root.child("cols")
    if widths is not None and site.new:
        own = [one for one in widths.children if int(one.attributes["min"]) in {site.columns[key] for key in site.new}]
        _widths(frame, [reprefixed(source.source(one), frame.prefix) for one in own], site)


def _undress(frame: Part, ours: set[str]) -> None:
    """Take away the formats and drop-downs that an earlier run put on our columns only."""
    for element in frame.root.all("conditionalFormatting"):
        if _only(element, ours):
            frame.remove(element)
    _undress_extensions(frame, ours)
    choices = frame.root.child("dataValidations")
    gone = _of_ours(choices, ours) if choices is not None else []
    if choices is not None and 0 < len(gone) < len(choices.children):
        for element in gone:
            frame.remove(element)


def _undress_extensions(frame: Part, ours: set[str]) -> None:
    """The second half of a data bar, which newer programs keep in an extension at the sheet's end."""
    extensions = frame.root.child("extLst")
    for element in extensions.children if extensions is not None else ():
        source = frame.source(element)
        left = _EXTENDED.sub(lambda found: b"" if _columns(found[2].decode()) <= ours else found[0], source)
        if left != source and extensions is not None:
            alone = len(extensions.children) == 1 and not _EXTENDED.search(left)
            if alone:
                frame.remove(extensions)
            elif _EXTENDED.search(left):
                frame.replace(element.start, element.end, left)
            else:
                frame.remove(element)


def _columns(cells: str) -> set[str]:
    return set(re.findall(r"[A-Z]+", cells))


def _of_ours(choices: Element, ours: set[str]) -> list[Element]:
    return [element for element in choices.children if _only(element, ours)]


def _only(element: Element, ours: set[str]) -> bool:
    columns = _columns(element.attributes.get("sqref", ""))
    return bool(columns) and columns <= ours


def _widths(frame: Part, ours: Sequence[bytes], site: Site) -> None:
    """Our widths, where the user's are cut to make room."""
    first, last = site.columns[site.new[0]], site.columns[site.new[-1]]
    cols = frame.root.child("cols")
    if cols is None:
        frame.insert_in_order(frame.tag("cols", {}, b"".join(ours)), "cols", ORDER)
        return
    left: list[bytes] = []
    right: list[bytes] = []
    for element in cols.children:
        low, high = int(element.attributes["min"]), int(element.attributes["max"])
        for start, end, side in ((low, min(high, first - 1), left), (max(low, last + 1), high, right)):
            if start <= end:
                same = (start, end) == (low, high)
                tag = frame.source(element)
                side.append(tag if same else with_attributes(tag, {"min": str(start), "max": str(end)}))
    frame.replace(cols.inside, cols.close, b"".join([*left, *ours, *right]))


def _freeze(frame: Part, header_row: int) -> None:
    """Keep the header in sight where the user has no panes of their own and the view starts at the top."""
    views = frame.root.child("sheetViews")
    if views is None or len(views.children) != 1:
        return
    view = views.children[0]
    said = view.attributes
    top = area(said.get("topLeftCell", "A1"))
    if view.child("pane") or said.get("view", "normal") != "normal" or top is None or top.top != 1:
        return
    below = f"A{header_row + 1}"
    pane = {"ySplit": header_row, "topLeftCell": below, "activePane": "bottomLeft", "state": "frozen"}
    selections = view.all("selection")
    if any(one.attributes.get("pane", "topLeft") != "topLeft" for one in selections):
        return
    new = frame.tag("pane", pane)
    if view.close == view.end:
        frame.append(view, new + frame.tag("selection", {"pane": "bottomLeft"}))
        return
    frame.put(view.inside, new)
    for element in selections[:1]:
        frame.set(element, {"pane": "bottomLeft"})
