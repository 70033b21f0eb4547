from __future__ import annotations

import warnings
import zipfile
from pathlib import Path

import pytest

from builders import MAIN, OFFICE, PACKAGE, book, raw_book, saved, zipped
from lostdeals.errors import LostDealsError
from lostdeals.package.opening import Limits, open_package, read_xml, sheet_parts, workbook_part
from lostdeals.read import read_book


def code_of(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(LostDealsError) as caught:
        open_package(path, limits)
    return caught.value.code


def test_an_ordinary_workbook_opens_and_names_the_part_of_each_sheet(tmp_path: Path) -> None:
    made = book(["客户"])
    made.create_sheet("A & B")
    with open_package(saved(made, tmp_path / "a.xlsx")) as package:
        assert workbook_part(package) == "xl/workbook.xml"
        assert sheet_parts(package) == {"客户": "xl/worksheets/sheet1.xml", "A & B": "xl/worksheets/sheet2.xml"}


def test_a_part_that_shrinks_like_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsx", {"a.xml": b"0" * 100_000})
    assert code_of(path, Limits(part=50_000)) == "zip-bomb"
    open_package(path, Limits(part=50_000, ratio=2_000)).close()
    open_package(path).close()


def test_many_parts_that_are_too_much_together_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsx", {f"{number}.xml": bytes(1000) for number in range(30)})
    assert code_of(path, Limits(total=20_000)) == "zip-bomb"
    assert code_of(path, Limits(parts=20)) == "too-many-parts"


def test_a_zip_with_a_password_is_encrypted(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsx", {"a.xml": "a"})
    content = path.read_bytes().replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    path.write_bytes(content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"))
    assert code_of(path) == "encrypted"


def test_a_zip_cut_short_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsx", {"a.xml": "a"})
    path.write_bytes(path.read_bytes()[:-10])
    assert code_of(path) == "damaged-workbook"


def test_a_name_that_stands_twice_does_not_stop_the_reading(tmp_path: Path) -> None:
    path = raw_book(tmp_path / "a.xlsx", "<sheetData/>")
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as package:
        warnings.simplefilter("ignore")
        package.writestr("xl/workbook.xml", package.read("xl/workbook.xml"))
    assert [sheet.name for sheet in read_book(path)] == ["客户"]


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE a [<!ENTITY b "boo">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>',
        "<a><b></a>",
        "",
    ],
)
def test_xml_with_entities_or_without_sense_is_damage(tmp_path: Path, content: str) -> None:
    with open_package(zipped(tmp_path / "a.zip", {"a.xml": content})) as package:
        with pytest.raises(LostDealsError) as caught:
            read_xml(package, "a.xml")
        with pytest.raises(LostDealsError):
            read_xml(package, "missing.xml")
    assert caught.value.code == "damaged-workbook"


def test_sheet_parts_follow_relationships_wherever_the_workbook_lies(tmp_path: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{strict}/officeDocument"'
        ' Target="/book/main.xml"/></Relationships>',
        "book/main.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="一" r:id="a"/>'
        '<sheet name="二" r:id="b"/><sheet name="lost" r:id="c"/></sheets></workbook>',
        "book/_rels/main.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Target="../one.xml"/>'
        '<Relationship Id="b" Target="/two.xml"/></Relationships>',
    }
    with open_package(zipped(tmp_path / "a.xlsx", parts)) as package:
        assert sheet_parts(package) == {"一": "one.xml", "二": "two.xml"}
