"""Telling trouble of the database from a fault of the house."""

from django.db import DatabaseError, InterfaceError, OperationalError


def is_of_the_database(error: BaseException | None) -> bool:
    """Whether the database was away or too busy, so that the same may well succeed in a moment.

    A connection that breaks off in the midst of an answer has no code of error, and then arrives as
    a bare DatabaseError. Django's own bare ones do not come from the driver.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return type(error) is DatabaseError and getattr(error.__cause__, "pgcode", "") is None
