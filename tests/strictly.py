"""What Excel does not forgive in a workbook, beyond the schema: what would make it offer a repair, or open something else."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from lostdeals.package.names import area

SCHEMAS = Path(__file__).parents[1] / "../shared/data/ooxml-schema"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
OF_PART = {
    "sml.xsd": r"xl/(workbook\w*|styles|worksheets/\w+|tables/\w+)\.xml",
    "dml-chart.xsd": r"xl/charts/chart\d+\.xml",
    "dml-spreadsheetDrawing.xsd": r"xl/drawings/drawing\d+\.xml",
}
FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")
NAME = re.compile(r"[^\W\d][\w.\\?]*|_[\w.\\?]*")
LONGEST_SHEET, LONGEST_TEXT, LONGEST_LIST, LONGEST_FORMULA = 31, 32_767, 255, 8_192


def faults(path: Path) -> list[str]:
    """Everything that is wrong with a workbook; empty where nothing is."""
    with zipfile.ZipFile(path) as file:
        names = [info.filename for info in file.infolist()]
        parts = {name: file.read(name) for name in names}
    package = Package(parts)
    found = [f"twice: {name}" for name, n in Counter(name.casefold() for name in names).items() if n > 1]
    return found + list(package.faults())


class Package:
    """The parts of a workbook, parsed where they are XML."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self.trees = {name: etree.fromstring(data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}

    def faults(self) -> Iterator[str]:
        yield from self.of_the_package()
        yield from self.of_the_schema()
        yield from self.of_the_workbook()
        yield from self.of_the_styles()
        for sheet, name in self.sheets().items():
            for fault in self.of_a_sheet(self.trees[name], name):
                yield f"{sheet}: {fault}"
        yield from self.of_the_charts()

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> kind and target."""
        folder, name = posixpath.split(part)
        rels = self.trees.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            one.get("Id"): (
                one.get("Type").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, one.get("Target")))[1:],
            )
            for one in (rels if rels is not None else ())
            if one.get("TargetMode") != "External"
        }

    @property
    def main(self) -> str:
        return next(target for kind, target in self.relations("").values() if kind == "officeDocument")

    def sheets(self) -> dict[str, str]:
        """Name -> part of every worksheet, in their order."""
        targets = self.relations(self.main)
        listed = self.trees[self.main].iter(f"{MAIN}sheet")
        return {
            one.get("name"): targets[one.get(LINK)][1] for one in listed if targets[one.get(LINK)][0] == "worksheet"
        }

    def of_the_package(self) -> Iterator[str]:
        types = self.trees["[Content_Types].xml"]
        said = [one.get("PartName").lstrip("/") for one in types if one.get("PartName")]
        endings = {one.get("Extension").casefold() for one in types if one.get("Extension")}
        yield from (f"type of a part that is not there: {name}" for name in said if name not in self.parts)
        yield from (f"two types: {name}" for name, n in Counter(said).items() if n > 1)
        for name in self.parts:
            if name != "[Content_Types].xml" and name not in said and name.rpartition(".")[2].casefold() not in endings:
                yield f"no type: {name}"
        for name, tree in self.trees.items():
            if not name.endswith(".rels"):
                continue
            yield from (f"{name}: id twice {one}" for one, n in Counter(rel.get("Id") for rel in tree).items() if n > 1)
            owner = name.replace("_rels/", "").removesuffix(".rels")
            for kind, target in self.relations(owner).values():
                if target not in self.parts:
                    yield f"{name}: {kind} leads to {target}, which is not there"

    def of_the_schema(self) -> Iterator[str]:
        for schema, pattern in OF_PART.items():
            if not (SCHEMAS / schema).exists():
                continue
            rules = etree.XMLSchema(etree.parse(SCHEMAS / schema))
            for name, tree in self.trees.items():
                if re.fullmatch(pattern, name) and not rules.validate(tree):
                    yield f"{name}: {rules.error_log[0].message}"

    def of_the_workbook(self) -> Iterator[str]:
        tree = self.trees[self.main]
        sheets = list(tree.iter(f"{MAIN}sheet"))
        for key in ("name", "sheetId", LINK):
            values = Counter(one.get(key).casefold() for one in sheets)
            yield from (f"sheets: {key} twice: {value}" for value, n in values.items() if n > 1)
        for one in sheets:
            if len(one.get("name")) > LONGEST_SHEET or FORBIDDEN.search(one.get("name")):
                yield f"sheet name: {one.get('name')}"
        names = list(tree.iter(f"{MAIN}definedName"))
        taken = Counter((one.get("name").casefold(), one.get("localSheetId")) for one in names)
        yield from (f"defined name twice: {name}" for name, n in taken.items() if n > 1)
        for one in names:
            if not NAME.fullmatch(one.get("name")) or not (one.text or "").strip():
                yield f"defined name: {one.get('name')}"
            if int(one.get("localSheetId", "0")) >= len(sheets):
                yield f"defined name of no sheet: {one.get('name')}"
            for quoted in re.findall(r"'((?:[^']|'')+)'!", one.text or ""):
                if quoted.replace("''", "'") not in {sheet.get("name") for sheet in sheets}:
                    yield f"defined name {one.get('name')} points to {quoted}"
        shown = [
            name
            for name, part in self.sheets().items()
            if self.trees[part].find(f".//{MAIN}sheetView[@tabSelected='1']") is not None
        ]
        if len(shown) > 1:
            yield f"sheets selected together: {shown}"

    def of_the_styles(self) -> Iterator[str]:
        tree = next(self.trees[target] for kind, target in self.relations(self.main).values() if kind == "styles")
        count = {child.tag.removeprefix(MAIN): len(child) for child in tree}
        for child in tree:
            if child.get("count") not in (None, str(len(child))):
                yield f"styles: count of {child.tag}"
        formats = [int(one.get("numFmtId")) for one in tree.iter(f"{MAIN}numFmt")]
        yield from (f"number format twice: {one}" for one, n in Counter(formats).items() if n > 1)
        self.looks, self.rules = count.get("cellXfs", 0), count.get("dxfs", 0)
        for one in tree.find(f"{MAIN}cellXfs"):
            for key, of in (
                ("fontId", "fonts"),
                ("fillId", "fills"),
                ("borderId", "borders"),
                ("xfId", "cellStyleXfs"),
            ):
                if int(one.get(key, "0")) >= max(count.get(of, 0), 1):
                    yield f"styles: {key} {one.get(key)}"
            if int(one.get("numFmtId", "0")) >= 164 and int(one.get("numFmtId")) not in formats:
                yield f"styles: no number format {one.get('numFmtId')}"

    def of_a_sheet(self, tree: etree._Element, name: str) -> Iterator[str]:
        yield from self._cells(tree)
        yield from self._areas(tree)
        priorities = Counter(one.get("priority") for one in tree.iter(f"{MAIN}cfRule"))
        yield from (f"priority twice: {one}" for one, n in priorities.items() if n > 1)
        for one in tree.iter(f"{MAIN}cfRule"):
            if int(one.get("dxfId", "0")) >= max(self.rules, 1):
                yield f"no rule look {one.get('dxfId')}"
        for one in tree.iter(f"{MAIN}dataValidation"):
            listed = one.findtext(f"{MAIN}formula1") or ""
            if listed.startswith('"') and len(listed) > LONGEST_LIST + 2:
                yield f"list too long: {one.get('sqref')}"
        rels = self.relations(name)
        for one in tree.iter():
            if one.get(LINK) is not None and one.get(LINK) not in rels and "hyperlink" not in str(one.tag):
                yield f"no relation {one.get(LINK)}"
        for kind, target in rels.values():
            if kind == "table":
                yield from self._table(self.trees[target], tree)

    def _cells(self, tree: etree._Element) -> Iterator[str]:
        row_before = 0
        for row in tree.iter(f"{MAIN}row"):
            number, before = int(row.get("r")), 0
            if number <= row_before:
                yield f"row {number} after {row_before}"
            row_before = number
            for cell in row.iter(f"{MAIN}c"):
                place = area(cell.get("r"))
                if place is None or place.top != number or place.left <= before:
                    yield f"cell {cell.get('r')} in row {number}"
                    continue
                before = place.left
                if int(cell.get("s", "0")) >= max(self.looks, 1):
                    yield f"no look {cell.get('s')} of {cell.get('r')}"
                text = "".join(cell.itertext())
                if len(text) > LONGEST_TEXT:
                    yield f"text of {cell.get('r')}"
                if len(cell.findtext(f"{MAIN}f") or "") > LONGEST_FORMULA:
                    yield f"formula of {cell.get('r')}"

    def _areas(self, tree: etree._Element) -> Iterator[str]:
        merged = [area(one.get("ref")) for one in tree.iter(f"{MAIN}mergeCell")]
        for place, one in enumerate(merged):
            for other in merged[:place]:
                if (
                    one.left <= other.right
                    and other.left <= one.right
                    and one.top <= other.bottom
                    and other.top <= one.bottom
                ):
                    yield f"merged twice: {one}, {other}"
        last = 0
        for one in tree.iter(f"{MAIN}col"):
            if int(one.get("min")) <= last or int(one.get("max")) < int(one.get("min")):
                yield f"columns {one.get('min')}-{one.get('max')}"
            last = int(one.get("max"))
        whole = tree.find(f"{MAIN}dimension")
        cells = [area(cell.get("r")) for cell in tree.iter(f"{MAIN}c") if cell.get("r")]
        said = area(whole.get("ref")) if whole is not None else None
        if said and cells and (max(one.left for one in cells) > said.right or cells[-1].top > said.bottom):
            yield "dimension"

    def _table(self, table: etree._Element, sheet: etree._Element) -> Iterator[str]:
        place = area(table.get("ref"))
        headers = [one.get("name") for one in table.iter(f"{MAIN}tableColumn")]
        ids = [one.get("id") for one in table.iter(f"{MAIN}tableColumn")]
        if len(headers) != place.right - place.left + 1 or len(set(map(str.casefold, headers))) != len(headers):
            yield f"table {table.get('name')}: columns"
        if len(set(ids)) != len(ids):
            yield f"table {table.get('name')}: ids"
        texts = {
            area(cell.get("r")).left: "".join(cell.find(f"{MAIN}is").itertext())
            for cell in sheet.iter(f"{MAIN}c")
            if area(cell.get("r")).top == place.top and cell.find(f"{MAIN}is") is not None
        }
        for column, header in enumerate(headers, start=place.left):
            written = re.sub(r"_x([0-9a-fA-F]{4})_", lambda one: chr(int(one[1], 16)), header)
            if texts.get(column, written) != written:
                yield f"table {table.get('name')}: {header} is not {texts[column]}"

    def of_the_charts(self) -> Iterator[str]:
        names = set(self.sheets())
        for part, tree in self.trees.items():
            if not re.fullmatch(OF_PART["dml-chart.xsd"], part):
                continue
            axes = {one.get("val") for one in tree.iter(f"{CHART}axId") if one.getparent().tag.endswith("Ax")}
            used = {one.get("val") for one in tree.iter(f"{CHART}axId") if not one.getparent().tag.endswith("Ax")}
            crossed = {one.get("val") for one in tree.iter(f"{CHART}crossAx")}
            if axes != used or not crossed <= axes:
                yield f"{part}: axes"
            for one in tree.iter(f"{CHART}f"):
                sheet = re.match(r"'((?:[^']|'')+)'!|([^'!]+)!", one.text or "")
                if sheet is None or (sheet[1] or sheet[2]).replace("''", "'") not in names:
                    yield f"{part}: {one.text}"
            for cache in (*tree.iter(f"{CHART}strCache"), *tree.iter(f"{CHART}numCache")):
                if int(cache.find(f"{CHART}ptCount").get("val")) < len(cache.findall(f"{CHART}pt")):
                    yield f"{part}: points"
