"""Requests: asked for by a unit, decided by somebody else, while the case stays where it is."""
