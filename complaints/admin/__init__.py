"""The desk's door to complaints: lists, the page of a case, deeds, imports, rules."""

from complaints.admin import cases, rules

__all__ = ["cases", "rules"]
