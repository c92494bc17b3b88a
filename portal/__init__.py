"""Wiring, and the view from above.

Nothing is imported here: `portal.bootstrap` must load without any installed package.
"""
