"""The desk that both sides share: the agreement."""
