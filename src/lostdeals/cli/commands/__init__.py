"""One command per file: options, one call, one print, an exit code."""
