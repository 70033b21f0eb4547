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
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import quote_sheetname

from lostdeals.package.cells import plain_number, text
from lostdeals.package.styles import ACCENT, BAR, LINE, QUIET

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

INK, VALUE = "262B33", "404853"
"""Colours of titles and of the numbers at the bars."""
MOST_BARS = 12
"""Bars a small chart can hold; tables are sorted, so the rest are the small ones."""
GAP, THICKEST = 45, 8
"""Room between bars in percent of a bar; so many bars fill a chart that fewer stay as thin."""


@dataclass(frozen=True)
class Bars:
    """A bar chart of two columns of a sheet."""

    sheet: str
    first_row: int
    label_letter: str
    value_letter: str
    labels: Sequence[str]
    values: Sequence[float | None]
    """As they stand in those columns, from `first_row` on."""
    title: str
    """What the chart says, as a sentence."""
    accent: int | None = None
    """The bar that the title is about, counted from 0."""
    lying: bool = True
    """Bars from the left, the first on top; otherwise columns."""
    number_format: str = "#,##0"

    def cells(self, letter: str) -> str:
        """The cells of one of the columns, as a chart names them."""
        last = self.first_row + len(self.labels) - 1
        return f"{quote_sheetname(self.sheet)}!${letter}${self.first_row}:${letter}${last}"


def draw(bars: Bars, font: str) -> BarChart:
    """The chart with direct labels, without value axis, grid and legend, its words in the workbook's own font."""
    chart = BarChart()
    chart.type = "bar" if bars.lying else "col"
    chart.gapWidth = max(GAP, round(100 * (THICKEST / max(len(bars.labels), 1) - 1)))
    chart.legend = None
    chart.title = _title(bars.title, font)
    chart.roundedCorners = False
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.series = [_series(bars, font)]
    chart.x_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin" if bars.lying else "minMax"
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    chart.x_axis.majorTickMark = "none"
    chart.x_axis.txPr = _text_look(QUIET, font)
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    return chart


def place(worksheet: Worksheet, chart: BarChart, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Put a chart over the cells from `start` up to, not including, `end`: (row, column), counted from 1."""
    corner, opposite = (AnchorMarker(col=column - 1, row=row - 1) for row, column in (start, end))
    chart.anchor = TwoCellAnchor(editAs="oneCell", _from=corner, to=opposite)
    worksheet.add_chart(chart)


def _series(bars: Bars, font: str) -> Series:
    labels = [StrVal(idx=place, v=text(label)) for place, label in enumerate(bars.labels)]
    values = [NumVal(idx=place, v=plain_number(v)) for place, v in enumerate(bars.values) if v is not None and v == v]
    size = len(bars.labels)
    numbers = NumRef(bars.cells(bars.value_letter), NumData(formatCode=bars.number_format, ptCount=size, pt=values))
    words = StrRef(bars.cells(bars.label_letter), StrData(ptCount=size, pt=labels))
    series = Series(
        idx=0, order=0, val=NumDataSource(numRef=numbers), cat=AxDataSource(strRef=words), invertIfNegative=False
    )
    series.graphicalProperties = _filled(BAR)
    if bars.accent is not None:
        series.dPt = [DataPoint(idx=bars.accent, invertIfNegative=False, spPr=_filled(ACCENT))]
    series.dLbls = DataLabelList(
        numFmt=bars.number_format,
        showVal=True,
        showSerName=False,
        showCatName=False,
        showLegendKey=False,
        showPercent=False,
        showBubbleSize=False,
    )
    series.dLbls.txPr = _text_look(VALUE, font)
    return series


def _title(title: str, font: str) -> Title:
    look = _characters(INK, 1000, font, bold=True)
    run = RegularTextRun(rPr=look, t=text(title))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _text_look(colour: str, font: str) -> RichText:
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=_characters(colour, 900, font)), endParaRPr=CharacterProperties()
    )
    paragraph.r = []  # openpyxl puts an empty run there, which is text where only a look is wanted
    return RichText(p=[paragraph])


def _filled(colour: str) -> GraphicalProperties:
    return GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))


def _characters(colour: str, size: int, font: str, *, bold: bool = False) -> Any:
    """size: in hundredths of a point."""
    face = Font(typeface=font)
    return CharacterProperties(sz=size, b=bold, solidFill=colour, latin=face, ea=face)
