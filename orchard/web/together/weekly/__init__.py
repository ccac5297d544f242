"""The pages of the weekly meeting: the figures of a week, what came back, what is noted and decided."""
