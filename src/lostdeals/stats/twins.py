"""Find rows that repeat another row with slightly other numbers, where chance does not explain how many there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.stats.coding import Coder, Codes, Floats, coded

Ints = npt.NDArray[np.int64]

NEAR_RANK, NEAR_SHARE = 0.02, 0.05
"""Two numbers are near when so small a share of all rows lies between them, or when they differ by so small a share."""
EQUAL_WITHIN = 20
"""A number column with at most so many different values has to agree exactly."""
WINDOW = 5
"""With how many rows that follow it (sorted by texts and the most telling number) a row is compared."""
FEWEST_TWINS, TIMES = 20, 5.0
"""Rows with a twin from which twins are believed in, and how many times more they must be than chance gives."""
TRIED = (0.0, 0.25, 0.5, 0.75, 0.9)
"""Shares of the commonest rows that are left alone where chance may have made their twins."""
FEWEST_COLUMNS = 3
COMMON = 20
"""Rows a value needs for other columns to be drawn by it."""
MOST_ROWS = 4000
"""Rows by which is found out which columns go together."""


def with_twins(frame: pd.DataFrame, groups: Ints, seed: int) -> Ints:
    """The groups, those of rows that are twins put together.

    Twins agree in every text and in every number nearly. In a sheet of few and common values many rows do so by chance: how
    many is counted in a sheet of the same size whose columns are drawn anew, each by the column that it goes with most closely
    (Chow and Liu 1968). Rows are put together only where ``TIMES`` as many have a twin: all of them, or those of the rarer
    rows (by how common their values are) among which that holds.

    >>> rows = pd.DataFrame({"a": ["x"] * 50, "b": ["y"] * 50, "c": ["z"] * 50})
    >>> len(set(with_twins(rows, np.arange(50), seed=0)))
    50
    """
    if frame.shape[1] < FEWEST_COLUMNS or len(frame) < FEWEST_TWINS:
        return groups
    texts, numbers = _parts(frame)
    codes = coded(Coder(bins=10, smallest=COMMON).fit(frame).columns_, frame)
    rare = -np.log(np.column_stack([np.bincount(column)[column] for column in codes.T]) / len(frame))
    links = _pairs(texts, numbers, [np.arange(len(frame))] * frame.shape[1], len(frame))
    if len(np.unique(links)) < FEWEST_TWINS:
        return groups
    source = _drawn(codes, seed)
    by_chance = _pairs(texts, numbers, source, len(frame))
    rarity = rare.sum(axis=1)
    rarity_drawn = sum(rare[rows, place] for place, rows in enumerate(source))
    for least in np.quantile(rarity, TRIED):
        own = links[rarity[links[:, 0]] >= least]
        drawn = by_chance[rarity_drawn[by_chance[:, 0]] >= least]
        found = len(np.unique(own))
        if found >= FEWEST_TWINS and found >= TIMES * (len(np.unique(drawn)) + 1):
            return _joined(groups, own)
    return groups


def _parts(frame: pd.DataFrame) -> tuple[dict[int, Ints], dict[int, Floats]]:
    """By the column's place: texts as whole numbers, and numbers as they are."""
    texts: dict[int, Ints] = {}
    numbers: dict[int, Floats] = {}
    for place, name in enumerate(frame):
        values = frame[name]
        if values.dtype.kind in "fiu" and values.nunique() > EQUAL_WITHIN:
            numbers[place] = values.to_numpy(dtype=float)
        else:
            texts[place] = np.asarray(pd.factorize(values, use_na_sentinel=False)[0], dtype=np.int64)
    return texts, numbers


def _pairs(texts: dict[int, Ints], numbers: dict[int, Floats], source: list[Ints], rows: int) -> Ints:
    """Pairs of rows that are twins, pairs × 2; source: from which row each column's cells are taken."""
    key = np.zeros(rows, dtype=np.int64)
    for place, codes in texts.items():
        key = np.unique(key * (codes.max() + 1) + codes[source[place]], return_inverse=True)[1].astype(np.int64)
    cells = {place: values[source[place]] for place, values in numbers.items()}
    first = max(cells, key=lambda place: len(np.unique(cells[place])), default=None)
    order = np.lexsort((np.arange(rows) if first is None else cells[first], key))
    ranks = {place: pd.Series(values).rank(pct=True).to_numpy() for place, values in cells.items()}
    found = []
    for step in range(1, WINDOW + 1 if cells else 2):
        one, other = order[:-step], order[step:]
        alike = key[one] == key[other]
        one, other = one[alike], other[alike]
        for place, values in cells.items():
            a, b = values[one], values[other]
            with np.errstate(invalid="ignore"):
                near = np.abs(ranks[place][one] - ranks[place][other]) <= NEAR_RANK
                near |= np.abs(a - b) <= NEAR_SHARE * np.maximum(np.abs(a), np.abs(b))
            near |= np.isnan(a) & np.isnan(b)
            one, other = one[near], other[near]
        found.append(np.column_stack([one, other]))
    return np.concatenate(found)


def _drawn(codes: Codes, seed: int) -> list[Ints]:
    """For each column from which rows its cells come, so that it only goes with the column it is most closely tied to."""
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    rows, width = codes.shape
    dice = np.random.default_rng(seed)
    tree = minimum_spanning_tree(-_ties(codes, dice))
    order, parents = breadth_first_order(tree, 0, directed=False)
    source = [np.arange(rows)] * width
    for place in order:
        if parents[place] < 0:
            source[place] = dice.permutation(rows)
            continue
        parent = codes[:, parents[place]]
        shuffled = dice.permutation(rows)
        given = np.argsort(parent[shuffled], kind="stable")
        asked = np.argsort(parent[source[parents[place]]], kind="stable")
        taken = np.empty(rows, dtype=np.int64)
        taken[asked] = shuffled[given]
        source[place] = taken
    return source


def _ties(codes: Codes, dice: np.random.Generator) -> Floats:
    """Mutual information of every two columns, a little above 0 so that each is tied to some other."""
    if len(codes) > MOST_ROWS:
        codes = codes[dice.choice(len(codes), MOST_ROWS, replace=False)]
    width = codes.shape[1]
    sizes = codes.max(axis=0) + 1
    out = np.zeros((width, width))
    for one in range(width):
        for other in range(one + 1, width):
            cells = np.bincount(codes[:, one] * sizes[other] + codes[:, other], minlength=sizes[one] * sizes[other])
            joint = cells.reshape(sizes[one], sizes[other]) / len(codes)
            apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
            known = joint > 0
            out[one, other] = float((joint[known] * np.log(joint[known] / apart[known])).sum()) + 1e-9
    return out


def _joined(groups: Ints, links: Ints) -> Ints:
    """Group numbers with linked rows' groups made one."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    names, member = np.unique(groups, return_inverse=True)
    one, other = member[links[:, 0]], member[links[:, 1]]
    graph = coo_matrix((np.ones(len(one)), (one, other)), shape=(len(names), len(names)))
    whole: Any = connected_components(graph, directed=False)[1]
    return np.asarray(whole[member], dtype=np.int64)
