"""Faults: a street of real processes that are killed while real people work (`reliability.md` 6.3)."""
