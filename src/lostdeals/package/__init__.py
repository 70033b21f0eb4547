"""The inside of an .xlsx file: cells, rows, styles and parts, below everything that knows what a customer is."""
