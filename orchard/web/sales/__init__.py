"""The desk of Sales: who waits, and why."""
