"""The orchard: campaigns as trees with their contacts as fruit, the same as a table, and what stands beside it."""
