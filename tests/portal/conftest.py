"""The street with its rules loaded, for pages that show cases."""

from tests.complaints.conftest import monday, office

__all__ = ["monday", "office"]
