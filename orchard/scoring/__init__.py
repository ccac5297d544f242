"""The score and its lines, by the rules that the agreement hands down."""
