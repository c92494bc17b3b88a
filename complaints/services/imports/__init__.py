"""Import of hotline orders: headings, rows, guesses, and the job that files them."""

from complaints.services.imports.running import KIND, run_import, start_import

__all__ = ["KIND", "run_import", "start_import"]
