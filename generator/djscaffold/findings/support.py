"""Until when Django and Python get security fixes, and which Python each Django runs on.

Sources, read on 2026-08-20: https://www.djangoproject.com/download/#supported-versions,
https://docs.djangoproject.com/en/stable/faq/install/, https://devguide.python.org/versions/.
A month without a day in the source is taken to its last day.
"""

from __future__ import annotations

from datetime import date

DJANGO_SUPPORTED_UNTIL = {
    "1.11": date(2020, 4, 1),
    "2.0": date(2019, 4, 1),
    "2.1": date(2019, 12, 2),
    "2.2": date(2022, 4, 11),
    "3.0": date(2021, 4, 6),
    "3.1": date(2021, 12, 7),
    "3.2": date(2024, 4, 1),
    "4.0": date(2023, 4, 1),
    "4.1": date(2023, 12, 1),
    "4.2": date(2026, 4, 30),
    "5.0": date(2025, 4, 2),
    "5.1": date(2025, 12, 31),
    "5.2": date(2028, 4, 30),
    "6.0": date(2027, 4, 30),
    "6.1": date(2027, 12, 31),
}
PYTHON_SUPPORTED_UNTIL = {
    "3.6": date(2021, 12, 23),
    "3.7": date(2023, 6, 27),
    "3.8": date(2024, 10, 7),
    "3.9": date(2025, 10, 31),
    "3.10": date(2026, 10, 31),
    "3.11": date(2027, 10, 31),
    "3.12": date(2028, 10, 31),
    "3.13": date(2029, 10, 31),
    "3.14": date(2030, 10, 31),
}
# First and last Python of each Django, as (3, minor).
DJANGO_PYTHONS = {
    "1.11": (4, 7),
    "2.0": (4, 7),
    "2.1": (5, 7),
    "2.2": (5, 9),
    "3.0": (6, 9),
    "3.1": (6, 9),
    "3.2": (6, 10),
    "4.0": (8, 10),
    "4.1": (8, 11),
    "4.2": (8, 12),
    "5.0": (10, 12),
    "5.1": (10, 13),
    "5.2": (10, 14),
    "6.0": (12, 14),
    "6.1": (12, 14),
}
OLDEST_LISTED_DJANGO = (1, 11)
