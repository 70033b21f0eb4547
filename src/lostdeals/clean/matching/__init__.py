"""Which rows are one customer: columns to compare, candidate pairs, levels of agreement, weights, groups."""
