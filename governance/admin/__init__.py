"""The desk's door to the ground floor: organisations, people, posts, calendar, audit."""

from governance.admin import appointments, audit, calendar, organisations, people

__all__ = ["appointments", "audit", "calendar", "organisations", "people"]
