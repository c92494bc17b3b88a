"""What is raised when: the moments of a year, and which matter belongs to which season (pure)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from complaints.choices import Source
from governance.calendar import Calendar

DAYS = 365
HOUR_WEIGHTS = (
    1,
    1,
    1,
    1,
    1,
    2,
    5,
    14,
    30,
    42,
    40,
    26,
    16,
    22,
    32,
    36,
    33,
    26,
    20,
    22,
    20,
    14,
    7,
    3,
)
WORKDAY, REST_DAY = 1.0, 0.55
SOURCES = {
    Source.HOTLINE: 54,
    Source.PLATFORM: 5,
    Source.PHONE: 12,
    Source.COUNTER: 4,
    Source.WEB: 6,
    Source.QR: 9,
    Source.PATROL: 10,
}
# How often a matter is raised, against an ordinary one's 10.
FREQUENT = {
    "010101": 28, "010102": 18, "010201": 30, "010202": 16, "020101": 16, "020104": 18,
    "020201": 60, "020202": 26, "030103": 22, "040101": 22, "040102": 14, "040103": 24,
    "040104": 24, "040105": 30, "040202": 26, "040203": 18, "040206": 18, "050101": 22,
    "050103": 22, "050302": 24, "050401": 26, "060101": 44, "060102": 16, "060201": 18,
    "070301": 14, "090102": 26, "100101": 34, "100201": 16, "100301": 8, "080203": 12,
    "040201": 4, "030301": 4, "040204": 5, "050404": 2, "070202": 4, "080202": 4,
    "040302": 6, "040402": 7, "080101": 4, "070102": 4, "050402": 5, "080301": 5, "050202": 4,
    "030401": 22, "030402": 8,
}  # fmt: skip
# How much more or less often in each month, January first.
SUMMER = (0.5, 0.5, 0.7, 0.9, 1.2, 1.6, 1.9, 1.8, 1.3, 0.9, 0.6, 0.5)
WINTER = (6.0, 4.0, 1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 6.0, 7.0)
RAIN_AND_ICE = (1.4, 1.0, 0.5, 0.6, 0.8, 1.4, 2.4, 2.2, 0.8, 0.4, 0.6, 1.3)
DROUGHT = (0.6, 0.6, 0.7, 0.8, 1.0, 1.6, 2.6, 2.2, 1.1, 0.8, 0.7, 0.7)
SCHOOL = (0.5, 0.6, 0.7, 0.8, 1.4, 2.4, 2.6, 2.2, 0.8, 0.4, 0.4, 0.4)
SEASONS = {
    "010106": SUMMER, "010201": SUMMER, "010101": SUMMER, "060101": SUMMER, "060201": SUMMER,
    "060203": SUMMER, "030201": SUMMER, "020302": SUMMER, "020304": SUMMER, "060102": SUMMER,
    "030401": WINTER, "030402": WINTER, "020103": RAIN_AND_ICE, "040203": RAIN_AND_ICE,
    "030101": DROUGHT, "030102": DROUGHT, "030103": DROUGHT, "070303": SCHOOL,
}  # fmt: skip
ALWAYS = (1.0,) * 12


@dataclass(frozen=True)
class Chances:
    """The codes of the leaves and how often each is raised, month by month."""

    codes: tuple[str, ...]
    by_month: tuple[tuple[float, ...], ...]

    def code(self, chance: Random, month: int) -> str:
        """Some matter of a month."""
        return chance.choices(self.codes, cum_weights=self.by_month[month - 1])[0]


def chances(codes: list[str]) -> Chances:
    """Prepare the choice among these leaves."""
    months = tuple(
        tuple(
            accumulate(FREQUENT.get(code, 10) * SEASONS.get(code, ALWAYS)[month] for code in codes)
        )
        for month in range(12)
    )
    return Chances(tuple(codes), months)


def source(chance: Random) -> str:
    """By which way a matter comes in."""
    return chance.choices(list(SOURCES), list(SOURCES.values()))[0]


def moments(chance: Random, count: int, until: datetime, calendar: Calendar) -> list[datetime]:
    """When the matters of the last 365 days were raised, oldest first; all before `until`."""
    today = calendar.local(until).date()
    days = [today - timedelta(days=back) for back in range(DAYS, -1, -1)]
    weights = [weight_of(day, calendar) for day in days]
    # Of today only the hours that have passed.
    weights[-1] *= sum(HOUR_WEIGHTS[: calendar.local(until).hour]) / sum(HOUR_WEIGHTS)
    found: list[datetime] = []
    while len(found) < count:
        for day in chance.choices(days, weights, k=count - len(found)):
            hour = chance.choices(range(24), HOUR_WEIGHTS)[0]
            at = calendar.utc(datetime.combine(day, time(hour))) + timedelta(
                seconds=chance.randrange(3600), microseconds=chance.randrange(1_000_000)
            )
            if at < until:
                found.append(at)
    return sorted(found)


def weight_of(day: date, calendar: Calendar) -> float:
    """How many matters a day brings: fewer on rest days, a slow rise over the year's end."""
    season = (0.95, 0.8, 0.95, 1.0, 1.0, 1.1, 1.2, 1.15, 1.0, 0.95, 1.05, 1.05)[day.month - 1]
    return season * (WORKDAY if calendar.is_workday(day) else REST_DAY)
