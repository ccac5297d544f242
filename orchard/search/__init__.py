"""Search: what people, companies and campaigns are found by, as one types. Sort of tables: projections."""
