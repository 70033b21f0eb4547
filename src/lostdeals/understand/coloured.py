"""What the colours of rows mean, by the legend that stands above, below or beside the customers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lostdeals.model import Finding, Layout, Sheet
from lostdeals.package.letters import letters, number
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.wordlists import any_of

Fills = Mapping[tuple[int, str], str]
"""Row and letter -> colour (RRGGBB) of a filled cell."""
HALF = 0.5
"""Share of a row's cells of one colour, from which on the row has it."""
MANY = 0.2
"""Share of the customers whose rows have a colour, from which on it is worth a word."""
LONGEST = 20
"""Characters of what a legend says of one colour."""


@dataclass(frozen=True)
class Coloured:
    """The colours of a sheet's customers."""

    meanings: Mapping[int, str]
    """Row -> what the legend says of its colour; rows of other colours are not in it."""
    finding: Finding | None = None
    """That rows have colours nobody explains, where they do."""


def coloured(
    sheet: Sheet, layout: Layout, fills: Fills, hue: Callable[[str], float | None], vocabulary: Vocabulary
) -> Coloured:
    """What each customer's colour means by the sheet's legend.

    A legend is a cell beside the customers that has the colour and says what it means, or has a word behind it; or a text
    that names colours, 红色=流失. hue: the place of a colour on the circle, None of a grey.
    """
    rows = _of_rows(layout, fills)
    counts = Counter(rows.values())
    if sum(counts.values()) < MANY * len(layout.rows) or len(counts) < 2 or _stripes(layout, rows):
        return Coloured({})
    named = dict(_named(sheet, layout, vocabulary))
    told = {colour: named[name] for colour in counts if (name := _name(hue(colour), vocabulary)) in named}
    told |= _shown(sheet, layout, fills, set(counts))
    if len(told) > 1:
        return Coloured({row: told[colour] for row, colour in rows.items() if colour in told})
    first = next(row for row in layout.rows if row in rows)
    values = {"colours": len(counts)}
    return Coloured({}, Finding("colours-unread", len(rows), f"{sheet.name}!{layout.columns[0].letter}{first}", values))


def _of_rows(layout: Layout, fills: Fills) -> dict[int, str]:
    """The colour of each customer's row: that of half of its cells, else that of the first cell that has one."""
    columns = [column.letter for column in layout.columns]
    out = {}
    for row in layout.rows if fills else ():
        has = [colour for letter in columns if (colour := fills.get((row, letter)))]
        if has:
            colour, n = Counter(has).most_common(1)[0]
            out[row] = colour if n >= HALF * len(columns) else has[0]
    return out


def _stripes(layout: Layout, rows: Mapping[int, str]) -> bool:
    """Whether colours only take turns from row to row, to be read more easily."""
    turns = {(place % 2, colour) for place, row in enumerate(layout.rows) if (colour := rows.get(row))}
    return len(turns) == len({colour for _, colour in turns}) == 2


def _beside(sheet: Sheet, layout: Layout) -> Iterator[tuple[int, str, str]]:
    """Short texts that belong to no customer and to no header: row, letter and text."""
    customers, columns = {*layout.rows, *layout.header_rows}, {column.letter for column in layout.columns}
    for letter in map(str, sheet.cells.columns):
        cells = sheet.cells[letter]
        for row, value in zip(map(int, cells.index), cells.tolist(), strict=True):
            if isinstance(value, str) and value.strip() and (row not in customers or letter not in columns):
                yield row, letter, value.strip()


def _shown(sheet: Sheet, layout: Layout, fills: Fills, colours: set[str]) -> dict[str, str]:
    """What cells in the rows' colours say, themselves or in the cell to their right."""
    texts = {(row, letter): text for row, letter, text in _beside(sheet, layout) if len(text) <= LONGEST}
    customers, columns = {*layout.rows, *layout.header_rows}, {column.letter for column in layout.columns}
    out: dict[str, str] = {}
    for (row, letter), colour in fills.items():
        if colour not in colours or (row in customers and letter in columns):
            continue
        right = (row, letters(number(letter) + 1))
        said = texts.get((row, letter)) or (texts.get(right) if right not in fills else None)
        if said:
            out.setdefault(colour, said)
    return out


def _named(sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """What texts say of colours by name: 红色=流失  绿色=已签."""
    colours, legend = vocabulary.section("colours")["colours"], vocabulary.section("colours")["legend"]
    names = {word: name for name, entry in colours.items() for word in entry["words"]}
    joins = rf"(?:{any_of(legend['behind'])})?\s*(?:{any_of(legend['means'])})"
    says = re.compile(rf"({any_of(names)})\s*{joins}\s*([^\s=＝:：,，;；、|。.()（）]+)", re.I)
    for _, _, text in _beside(sheet, layout):
        for word, meaning in says.findall(text):
            if word.lower() in names and len(meaning) <= LONGEST:
                yield names[word.lower()], meaning


def _name(place: float | None, vocabulary: Vocabulary) -> str:
    """The name of a colour by its place on the circle."""
    for name, entry in vocabulary.section("colours")["colours"].items():
        hues: list[float] = entry["hues"]
        if not hues or place is None:
            if not hues and place is None:
                return str(name)
        elif hues[0] <= place < hues[1] or (hues[0] > hues[1] and not hues[1] <= place < hues[0]):
            return str(name)
    return ""
