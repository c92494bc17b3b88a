"""Refusals: sentences a person can act on."""


class HouseError(Exception):
    """The house refuses, and says in one Chinese sentence what happened and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = str(message)


class WrongMove(HouseError):
    """Not now: the present state does not allow this verb (409, never 403)."""


class KeyConflict(HouseError):
    """The same deed key arrived with another body (422)."""
