"""Words that are said again and again: worked out once for each language."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from django.utils.translation import get_language

Say = TypeVar("Say", bound=Callable[..., Any])

# Answers that are kept of each function; the least used ones are forgotten.
MOST_KEPT = 1024


def said_once(say: Say) -> Say:
    """`@said_once def days_left(count): …`: what it says is kept for each value it was asked with.

    For what follows from the values and the language alone, never for what an office may change.
    """
    kept = lru_cache(maxsize=MOST_KEPT)(lambda _language, *values: say(*values))

    @wraps(say)
    def saying(*values: Any) -> Any:
        return kept(get_language(), *values)

    return cast(Say, saying)
