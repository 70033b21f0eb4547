"""Excel tables over the customers, widened to our columns so that a sort moves whole rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lostdeals.package.book import Book
from lostdeals.package.names import Area, area
from lostdeals.package.outline import Part, with_attributes


@dataclass(frozen=True)
class Table:
    """A table of a sheet."""

    name: str
    """Of its part."""
    part: Part
    area: Area
    plain: bool
    """Made of cells that the user typed: neither a query nor mapped XML, with one header row."""
    headers: tuple[str, ...]
    """Of its columns."""


def tables_of(book: Book, sheet: str) -> list[Table]:
    """The tables of a sheet's part."""
    found = []
    for relation in book.relations(sheet):
        if relation.kind != "table" or not book.has(relation.part):
            continue
        part = book.outline(relation.part, 2)
        said = part.root.attributes
        place = area(said.get("ref", ""))
        listed = part.root.child("tableColumns")
        if place is None or listed is None:
            continue
        plain = said.get("tableType", "worksheet") == "worksheet" and said.get("headerRowCount", "1") == "1"
        headers = tuple(one.attributes.get("name", "") for one in listed.children)
        found.append(Table(relation.part, part, place, plain, headers))
    return found


def fits(table: Table, header_row: int | None, start: int, headers: Sequence[str]) -> bool:
    """Whether a table can take columns with these headers, the first at `start`."""
    taken = {one.casefold() for one in table.headers}
    return (
        table.plain
        and table.area.top == header_row
        and table.area.right + 1 == start
        and not any(header.casefold() in taken for header in headers)
        and len(table.headers) == table.area.right - table.area.left + 1
    )


def widen(book: Book, table: Table, headers: Sequence[str]) -> None:
    """Let a table reach over more columns."""
    part = table.part
    place = table.area
    wider = Area(place.top, place.left, place.bottom, place.right + len(headers))
    part.set(part.root, {"ref": str(wider)})
    for element in part.root.all("autoFilter"):
        own = area(element.attributes.get("ref", ""))
        if own is not None:
            reach = Area(own.top, own.left, own.bottom, wider.right)
            tag = with_attributes(part.xml[element.start : element.inside], {"ref": str(reach)})
            part.replace(element.start, element.inside, tag)
    listed = part.root.child("tableColumns")
    assert listed is not None
    number = max([int(one.attributes.get("id", "0")) for one in listed.children], default=0)
    new = [part.tag("tableColumn", {"id": number + place, "name": text}) for place, text in enumerate(headers, start=1)]
    part.append(listed, b"".join(new), count=len(new))
    book.changed[table.name] = part.edited()
