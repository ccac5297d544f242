"""Reports as pages: the same figures for both teams, each with the rows behind it."""
