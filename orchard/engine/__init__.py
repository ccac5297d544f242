"""Analytical expressions on DuckDB or Spark, and the condition language. Knows names, no business."""
