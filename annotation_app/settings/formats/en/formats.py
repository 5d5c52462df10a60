"""Dates that read the same in London and in New York: 8 Dec 2026, 01:24.

Django's own English formats are American: 12/08/2026 is 12 August to most readers. Chinese dates
(2026年12月8日) need no change.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H:i"
MONTH_DAY_FORMAT = "j M"
YEAR_MONTH_FORMAT = "M Y"
