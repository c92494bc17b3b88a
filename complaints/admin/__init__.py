"""The desk's door to complaints: lists, the page of a case, deeds, imports, rules."""

from complaints.admin import boards, cases, entrances, oversight, phrases, rules

__all__ = ["boards", "cases", "entrances", "oversight", "phrases", "rules"]
