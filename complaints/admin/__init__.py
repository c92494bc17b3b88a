"""The desk's door to complaints: lists, the page of a case, deeds, imports, rules."""

from complaints.admin import cases, entrances, phrases, rules

__all__ = ["cases", "entrances", "phrases", "rules"]
