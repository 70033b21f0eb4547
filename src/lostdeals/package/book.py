"""The user's workbook as a package of parts: what is in it, whether it may be edited, and the edits that lie ready."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from lostdeals.package.archive import Archive, inflated, new_part
from lostdeals.package.opening import open_package
from lostdeals.package.outline import Element, Part, fresh
from lostdeals.package.parts import RELATIONS, check_encoding, rels_of
from lostdeals.package.refusal import Refused, refusing

TYPES, ROOT_RELS = "[Content_Types].xml", "_rels/.rels"
PLAIN_BOOK, MACRO_BOOK = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)
COMPOUND = b"\xd0\xcf\x11\xe0"
"""How an .xls begins, and an .xlsx with a password."""
READ_BY_THE_READER = ("xl/worksheets/", "xl/sharedStrings")
"""Parts whose checksums the reader of the cells has already seen."""

_STRICT = b"http://purl.oclc.org/ooxml/"


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    """Empty for a chart sheet or another that holds no cells."""
    id: int
    relation: str
    element: Element


@dataclass(frozen=True)
class Relation:
    """What a part refers to."""

    id: str
    kind: str
    """The last word of its type: ``worksheet``, ``drawing`` …"""
    part: str
    """Empty where it lies outside of the package."""


class Book:
    """An .xlsx or .xlsm that is only read; what shall be different is kept until `write`.

    Raises Refused where editing it could do harm; use it in ``with``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                first = file.read(4)
        except OSError:
            raise Refused("gone", path.name) from None
        if first == COMPOUND:
            raise Refused("encrypted" if path.suffix.lower() in (".xlsx", ".xlsm") else "format", path.name)
        if first[:2] != b"PK" or path.suffix.lower() not in (".xlsx", ".xlsm"):
            raise Refused("format", path.name)
        with refusing(path.name):
            self._zip = open_package(path)
        self._file: IO[bytes] = path.open("rb")
        try:
            self._look()
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._zip.close()

    def _look(self) -> None:
        self._infos = {one.filename: one for one in self._zip.infolist() if not one.is_dir()}
        spelled = [name.casefold() for name in self._infos]
        if len(self._infos) < sum(not one.is_dir() for one in self._zip.infolist()) or len(set(spelled)) < len(spelled):
            raise Refused("duplicate-parts", self.path.name)
        self._spelled = dict(zip(spelled, self._infos, strict=True))
        self.changed: dict[str, bytes] = {}
        """Small parts with other content, and new ones."""
        self.streamed: dict[str, Callable[[], Iterator[bytes]]] = {}
        """Large parts with other content, and new ones."""
        self.dropped: set[str] = set()
        self._types_name = self._named(TYPES)
        self.types = self.outline(self._types_name, 1)
        types = self.content_types()
        if any("digital-signature" in kind for kind in types.values()) or any(
            name.casefold().startswith("_xmlsignatures/") for name in self._infos
        ):
            raise Refused("signed", self.path.name)
        self.main = next((one.part for one in self.relations("") if one.kind == "officeDocument"), "xl/workbook.xml")
        if self.main not in self._infos:
            raise Refused("damaged", self.main)
        if _STRICT in self.read(self.main)[:4096]:
            raise Refused("strict", self.path.name)
        self.workbook = self.outline(self.main, 2)
        kind = types.get(self.main.casefold(), PLAIN_BOOK)
        if kind not in (PLAIN_BOOK, MACRO_BOOK):
            raise Refused("format", self.path.name)
        self.macros = kind == MACRO_BOOK
        self.rels_name = self._named(rels_of(self.main))
        if self.rels_name not in self._infos:
            raise Refused("missing-relations", self.main)
        self.rels = self.outline(self.rels_name, 1)
        protection = self.workbook.root.child("workbookProtection")
        if protection is not None and protection.attributes.get("lockStructure", "0") in ("1", "true", "on"):
            raise Refused("protected-structure", self.path.name)
        self.sheets = self._sheets()

    def _sheets(self) -> list[SheetEntry]:
        listed, targets = self.workbook.root.child("sheets"), {one.id: one for one in self.relations(self.main)}
        found = []
        for element in listed.children if listed else ():
            relation = next((value for key, value in element.attributes.items() if key.rpartition(":")[2] == "id"), "")
            if relation not in targets:
                raise Refused("missing-relations", element.attributes.get("name", ""))
            target = targets[relation]
            part = target.part if target.kind == "worksheet" else ""
            if part and part not in self._infos:
                raise Refused("missing-relations", element.attributes.get("name", ""))
            number = int(element.attributes.get("sheetId", "0"))
            found.append(SheetEntry(element.attributes.get("name", ""), part, number, relation, element))
        if listed is None or not found:
            raise Refused("damaged", self.main)
        return found

    # ---- reading

    def names(self) -> list[str]:
        """All parts, also those that are only planned."""
        return [*self._infos, *(name for name in (*self.changed, *self.streamed) if name not in self._infos)]

    def has(self, name: str) -> bool:
        """Whether the file has such a part."""
        return name in self._infos

    def read(self, name: str) -> bytes:
        """A small part whole."""
        with refusing(name):
            return b"".join(inflated(self._file, self._infos[name]))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A large part piece by piece, from a file of its own."""
        with refusing(name), self.path.open("rb") as file:
            yield from inflated(file, self._infos[name])

    def outline(self, name: str, depth: int) -> Part:
        """A part to edit; Refused where it is not UTF-8, missing or broken."""
        if name not in self._infos:
            raise Refused("damaged", name)
        xml = self.read(name)
        check_encoding(xml, name)
        with refusing(name):
            return Part(xml, depth)

    def content_types(self) -> dict[str, str]:
        """Part (capitals folded) -> its type, where it is named by itself."""
        return {
            one.attributes.get("PartName", "").lstrip("/").casefold(): one.attributes.get("ContentType", "")
            for one in self.types.root.all("Override")
        }

    def relations(self, part: str) -> list[Relation]:
        """What a part refers to; of the package itself for an empty name."""
        name = self._named(rels_of(part) if part else ROOT_RELS)
        if name not in self._infos:
            return []
        return [
            Relation(
                one.attributes.get("Id", ""),
                one.attributes.get("Type", "").rpartition("/")[2],
                "" if one.attributes.get("TargetMode") == "External" else self.resolved(part, one.attributes["Target"]),
            )
            for one in self.outline(name, 1).root.all("Relationship")
            if "Target" in one.attributes
        ]

    def _named(self, name: str) -> str:
        """A part as the zip spells it: capitals do not count in the names of parts."""
        return self._spelled.get(name.casefold(), name)

    def resolved(self, part: str, target: str) -> str:
        """The part that a relation means, as the zip spells it."""
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
        return self._spelled.get(path.casefold(), self._spelled.get(unquote(path).casefold(), path))

    # ---- editing

    def add_part(self, name: str, kind: str) -> None:
        """List a new part's type; its content goes to `changed` or `streamed`."""
        new = self.types.tag("Override", {"PartName": f"/{name}", "ContentType": kind})
        self.types.append(self.types.root, new)

    def free(self, name: Callable[[int], str]) -> str:
        """A part name that is not taken."""
        return fresh(self.names(), name)

    def relate(self, kind: str, part: str) -> str:
        """Let the workbook refer to a part; gives the relation's id."""
        self._relations = getattr(self, "_relations", [one.id for one in self.relations(self.main)])
        made = fresh(self._relations, lambda number: f"rId{number}")
        self._relations.append(made)
        new = self.rels.tag("Relationship", {"Id": made, "Type": f"{RELATIONS}/{kind}", "Target": f"/{part}"})
        self.rels.append(self.rels.root, new)
        return made

    def drop(self, part: str) -> None:
        """Take a part away, with its type and its own relations."""
        for name in (part, self._named(rels_of(part))):
            if name in self._infos:
                self.dropped.add(name)
        gone = {part.casefold(), rels_of(part).casefold()}
        for one in self.types.root.all("Override"):
            if one.attributes.get("PartName", "").lstrip("/").casefold() in gone:
                self.types.remove(one)

    def check_copied(self) -> None:
        """Refused where a part that is copied as it is does not fit its checksum."""
        for name, info in self._infos.items():
            if name in self.dropped or name.startswith(READ_BY_THE_READER):
                continue
            if info.compress_type in (ZIP_DEFLATED, ZIP_STORED):
                with refusing(name):
                    for _ in inflated(self._file, info):
                        pass

    def write(self, out: IO[bytes], comment: bytes) -> None:
        """The package with all edits; what was not edited keeps its bytes and its place."""
        edited = {
            self.main: self.workbook.edited(),
            self.rels_name: self.rels.edited(),
            self._types_name: self.types.edited(),
        }
        self.changed |= edited
        archive = Archive(out)
        for info in self._zip.infolist():
            name = info.filename
            if name in self.dropped:
                continue
            if name in self.changed or name in self.streamed:
                archive.write(info, self._content(name))
            else:
                archive.copy(self._file, info)
        for name in self.names():
            if name not in self._infos:
                archive.write(new_part(name), self._content(name))
        archive.close(comment)

    def _content(self, name: str) -> Iterable[bytes]:
        return self.streamed[name]() if name in self.streamed else (self.changed[name],)

    def info(self, name: str) -> ZipInfo:
        """What the zip's directory says of a part."""
        return self._infos[name]
