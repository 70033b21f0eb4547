"""Understand, score and plan the customers who have not bought (yet), from the sales team's own spreadsheet."""

__version__ = "0.1.0"
