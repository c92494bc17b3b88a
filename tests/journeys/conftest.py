"""Journeys use the small street with its rules, as the complaints' tests do."""

from tests.complaints.conftest import monday, office

__all__ = ["monday", "office"]
