"""How dates, times and numbers are written in each language of the house."""
