"""A fictional packaging company with eighteen months behind it, made through the actions that pages call.

Sort of tables: books (how far the loading is).
"""
