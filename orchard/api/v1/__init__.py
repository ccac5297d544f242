"""The first version of the door: one module per resource."""
