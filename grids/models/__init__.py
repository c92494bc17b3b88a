"""Table of contents of the first floor, in reading order; a topic uses only topics above it."""

from grids.models.places import Building, Coverage, Dwelling, Grid, ResidentialCompound

__all__ = ["Building", "Coverage", "Dwelling", "Grid", "ResidentialCompound"]
