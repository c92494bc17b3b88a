"""The phone of a grid worker: today, cases, the deeds on one case, a report from the spot."""
