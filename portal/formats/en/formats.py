"""English as the house writes it: 23 November 2026, 17:30; the week starts on Monday.

Fields take the day the way round nobody mistakes: 2026-11-23, 23 November 2026, 23 Nov 2026.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%d %b %Y"]
DATETIME_INPUT_FORMATS = [
    f"{day} {hour}" for day in DATE_INPUT_FORMATS for hour in ("%H:%M:%S", "%H:%M")
] + ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", *DATE_INPUT_FORMATS]
