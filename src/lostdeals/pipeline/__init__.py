"""The table of contents: one module per command takes a file at the top and gives the report that the writers want."""
