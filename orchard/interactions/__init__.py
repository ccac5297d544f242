"""The ledger: what happened, in what order, who has read how far.

Sort of tables: books, and the projection `interaction_class`.
"""
