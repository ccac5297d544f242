"""Pages about campaigns: the tree with cost and what it brought, one campaign whole, changing and moving it."""
