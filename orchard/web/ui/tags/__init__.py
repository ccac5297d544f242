"""The components as template tags, a family to a module; pages load them all with `{% load ui %}`."""
