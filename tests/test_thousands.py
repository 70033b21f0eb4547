"""Numbers with an unquoted comma between their thousands, in a file parted by commas."""

import pytest

from lostdeals.read import read_book


def cells(tmp_path, text):
    path = tmp_path / "deals.csv"
    path.write_text(text, encoding="utf-8")
    sheet = read_book(path)[0]
    rows = [[value for value in row if value is not None] for row in sheet.cells.to_numpy().tolist()]
    return rows, {found.code: (found.count, found.first) for found in sheet.findings}


def test_a_number_torn_at_its_thousands_is_one_number_again_and_it_is_said(tmp_path):
    rows, said = cells(
        tmp_path, "Name,Amount,Status\nAnn,1,200,Open\nBob,900,Lost\nCarol,1,250,000.50,Won\nDan,$12,500,Lost\n"
    )
    assert [row[1] for row in rows] == ["Amount", "1,200", "900", "1,250,000.50", "$12,500"]
    assert said == {"thousands-apart": (3, "deals!B2")}


@pytest.mark.parametrize(
    "text",
    [
        "Name,Status,Amount\nAnn,Open,1,200\nBob,Lost,12,500\n",  # the last column may just lack its name
        "Name,Amount,Status\nAnn,1,20,Open\nBob,900,Lost\n",  # no group of three
        "Name,Calls,Amount\nAnn,3,200,150\nBob,4,900\n",  # either of two columns
        "Name,Amount,Note\nAnn,1200,good, really\nBob,900,later\n",
        "1,200,300\n2,5,100,400\n3,100,200\n",
    ],
)
def test_where_anything_else_may_explain_the_cells_they_stay_as_found(text, tmp_path):
    rows, said = cells(tmp_path, text)
    assert "thousands-apart" not in said
    assert sum(map(len, rows)) == sum(len(line.split(",")) for line in text.splitlines())


def test_a_line_that_names_a_delimiter_nowhere_used_is_not_obeyed(tmp_path):
    rows, _ = cells(tmp_path, "sep=;\nName,Status\nAnn,Open\nBob,Lost\n")
    assert rows == [["Name", "Status"], ["Ann", "Open"], ["Bob", "Lost"]]
