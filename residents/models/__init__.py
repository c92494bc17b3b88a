"""Table of contents of the second floor, in reading order; a topic uses only topics above it."""

from residents.models.homes import Household, PersonHouse  # isort: skip
from residents.models.groups import CommunityGroup

__all__ = ["CommunityGroup", "Household", "PersonHouse"]
