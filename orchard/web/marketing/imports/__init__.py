"""Pages by which files come in: upload, map, preview, progress, result, undo."""
