"""The weekly meeting of Sales and Marketing: its notes and decisions, week by week. Sort of tables: books."""
