"""The committed example sheets are what their script writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
SCRIPT = EXAMPLES / "make_examples.py"

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="the examples are not part of this copy")

TABLES = [
    *("crm-export-gbk.csv", "crm-export-en.csv", "funnel-counts.csv", "stage-log.csv"),
    *("shop-customers.csv", "loan-customers.csv"),
    *("shop-events.csv", "two-salespeople.csv", "channel-costs.csv"),
]
WORKBOOKS = ["lost-deals.xlsx", "channel-dealers.xlsx"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run([sys.executable, "-B", SCRIPT, folder], check=True)
    return folder


def test_every_example_is_written_and_committed(written: Path) -> None:
    assert sorted(TABLES + WORKBOOKS) == sorted(path.name for path in written.iterdir())
    assert sorted(TABLES + WORKBOOKS) == sorted(
        path.name for kind in ("*.csv", "*.xlsx") for path in EXAMPLES.glob(kind)
    )


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_written_byte_for_byte(written: Path, name: str) -> None:
    assert (EXAMPLES / name).read_bytes() == (written / name).read_bytes()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_written_cell_for_cell(written: Path, name: str) -> None:
    # not byte for byte: XML writer and zlib differ between machines
    assert cells(EXAMPLES / name) == cells(written / name)


def test_a_second_run_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", SCRIPT, tmp_path], check=True)
    assert {path.name: path.read_bytes() for path in written.iterdir()} == {
        path.name: path.read_bytes() for path in tmp_path.iterdir()
    }


def test_every_e_mail_address_is_one_that_cannot_exist() -> None:
    words = " ".join(str(value) for name in WORKBOOKS for value, _ in cells(EXAMPLES / name).values())
    words += (EXAMPLES / "crm-export-en.csv").read_text("utf-8").replace(",", " ")
    addresses = {word for word in words.split() if "@" in word and "." in word}
    assert len(addresses) > 100
    assert {"none@none.com"} >= {word for word in addresses if not word.endswith("example.com")}


def cells(path: Path) -> dict[tuple[str, str], tuple[object, str]]:
    """Every filled cell with its number format, by sheet and address."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.number_format)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
