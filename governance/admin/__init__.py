"""The desk's door to the ground floor: organisations, people, posts, calendar, audit, tokens."""

from governance.admin import appointments, audit, calendar, leaves, organisations, people, tokens

__all__ = ["appointments", "audit", "calendar", "leaves", "organisations", "people", "tokens"]
