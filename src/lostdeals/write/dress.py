"""What several sheets wear: widths, drop-downs, page settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from openpyxl.worksheet.datavalidation import DataValidation

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST_LIST = 255
"""Characters that Excel takes in a drop-down's own list."""
A4 = 9
"""Excel's number of that paper."""


def widen(worksheet: Worksheet, widths: Mapping[str, float]) -> None:
    """Column widths by letter, in characters."""
    for letter, width in widths.items():
        worksheet.column_dimensions[letter].width = width


def drop_down(worksheet: Worksheet, area: str, choices: Sequence[str]) -> None:
    """Offer these values in an area; what else the user types there is accepted, too.

    Left out where Excel could not hold the list: a choice with a comma, or 255 characters in all.
    """
    listed = ",".join(choices).replace('"', '""')
    if len(listed) > LONGEST_LIST or any("," in choice for choice in choices):
        return
    validation = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
    validation.add(area)
    worksheet.add_data_validation(validation)


def fit_width(worksheet: Worksheet, *, pages: int = 1) -> None:
    """Print on A4 landscape, so many pages wide and as many long as it takes."""
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = pages, 0
    worksheet.page_margins.left = worksheet.page_margins.right = 0.4
    worksheet.page_margins.top = worksheet.page_margins.bottom = 0.5
    worksheet.oddFooter.center.text = "&P / &N"


def fit_page(worksheet: Worksheet) -> None:
    """Print on a single page, A4 landscape."""
    fit_width(worksheet)
    worksheet.page_setup.fitToHeight = 1
    worksheet.print_options.horizontalCentered = True
