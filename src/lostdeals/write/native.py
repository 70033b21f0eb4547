"""Excel's own charts, with their values cached so that previews on a phone show them, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import quote_sheetname

from lostdeals.package.cells import text
from lostdeals.package.styles import ACCENT, BAR, LINE, QUIET

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BARS = 12
"""Bars a small chart can hold; tables are sorted, so the rest are the small ones."""


@dataclass(frozen=True)
class Area:
    """Where a chart's labels and values stand."""

    sheet: str
    first_row: int
    label_letter: str
    value_letter: str
    labels: Sequence[str]
    values: Sequence[float | None]

    def refer(self, letter: str) -> str:
        """The cells of a column as a chart names them."""
        last = self.first_row + len(self.labels) - 1
        return f"{quote_sheetname(self.sheet)}!${letter}${self.first_row}:${letter}${last}"


def bars(
    area: Area, title: str, *, accent: int | None = None, lying: bool = True, number_format: str = "#,##0"
) -> BarChart:
    """A bar chart with direct labels, no axis, no grid.

    title: the finding as a sentence; accent: the bar that it is about. lying: bars from the left, the first on top;
    otherwise columns.
    """
    chart = BarChart()
    chart.type = "bar" if lying else "col"
    chart.gapWidth = 45
    chart.legend = None
    chart.title = _title(title)
    chart.roundedCorners = False
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.series = [_series(area, accent, number_format)]
    chart.x_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin" if lying else "minMax"
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    chart.x_axis.majorTickMark = "none"
    chart.x_axis.txPr = _text_look(QUIET)
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    return chart


def place(worksheet: Worksheet, chart: BarChart, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Put a chart over the cells from `start` up to, not including, `end`: (row, column), counted from 1."""
    corner, opposite = (AnchorMarker(col=column - 1, row=row - 1) for row, column in (start, end))
    chart.anchor = TwoCellAnchor(editAs="oneCell", _from=corner, to=opposite)
    worksheet.add_chart(chart)


def _series(area: Area, accent: int | None, number_format: str) -> Series:
    labels = [StrVal(idx=place, v=text(label)) for place, label in enumerate(area.labels)]
    values = [NumVal(idx=place, v=repr(float(v))) for place, v in enumerate(area.values) if v is not None and v == v]
    size = len(area.labels)
    numbers = NumRef(area.refer(area.value_letter), NumData(formatCode=number_format, ptCount=size, pt=values))
    words = StrRef(area.refer(area.label_letter), StrData(ptCount=size, pt=labels))
    series = Series(idx=0, order=0, val=NumDataSource(numRef=numbers), cat=AxDataSource(strRef=words), invertIfNegative=False)
    series.graphicalProperties = GraphicalProperties(solidFill=BAR)
    if accent is not None:
        series.dPt = [DataPoint(idx=accent, invertIfNegative=False, spPr=GraphicalProperties(solidFill=ACCENT))]
    series.dLbls = DataLabelList(
        numFmt=number_format, showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False
    )
    series.dLbls.txPr = _text_look("404853")
    return series


def _title(title: str) -> Title:
    look = _characters("262B33", 1050, bold=True)
    run = RegularTextRun(rPr=look, t=text(title))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _text_look(colour: str) -> RichText:
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=_characters(colour, 900)), endParaRPr=CharacterProperties())
    return RichText(p=[paragraph])


def _characters(colour: str, size: int, *, bold: bool = False) -> Any:
    """size: in hundredths of a point."""
    return CharacterProperties(sz=size, b=bold, solidFill=colour)
