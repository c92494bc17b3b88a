"""The residents' door: a page behind the code on the wall, and a page behind a secret link."""
