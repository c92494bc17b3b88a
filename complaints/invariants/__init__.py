"""Invariants: what must hold of every case at every moment, as questions to the database."""
