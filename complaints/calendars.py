"""The calendar by which a street counts its limits: days and hours, and when a day ends."""

from dataclasses import replace

from complaints.rules import rules_of
from governance.calendar import Calendar, CutOff
from governance.models import Organisation
from governance.services import calendar

# For each street the calendar of the house and the same with the street's cut-off.
_of_street: dict[int, tuple[Calendar, Calendar]] = {}


def current_calendar(subdistrict: Organisation) -> Calendar:
    """The calendar as it stands, days ending when the street's rules say (`domain.md` 1.6, 3).

    No statement beyond the one of the house's calendar: whoever edits the cut-off gives the
    calendar a new version, and only then the rule is read again.
    """
    plain = calendar.current_calendar(subdistrict)
    kept = _of_street.get(subdistrict.pk)
    if kept and kept[0] is plain:
        return kept[1]
    own = replace(plain, cut_off=CutOff(rules_of(subdistrict).case.cut_off))
    _of_street[subdistrict.pk] = (plain, own)
    return own
