"""Programs: what happens, step by step, with contacts who are not with Sales. Sort of tables: books."""
