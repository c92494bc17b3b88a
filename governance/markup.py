"""Text becomes markup, for the parts of pages that are written without templates."""

import html
import re

is_special = re.compile("[&<>\"']").search


def escape(text: str) -> str:
    """What `html.escape` gives; most of what a page says needs none of its five passes."""
    return html.escape(text) if is_special(text) else text
