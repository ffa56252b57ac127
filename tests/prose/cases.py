"""Small made-up JSON of four kinds, and what tests ask of findings."""

from collections.abc import Iterable
from typing import Any

from intent_assets.grounding import ProseFinding


def _forecast(when: str, temp: float, wind: float, sky: str, **more: Any) -> dict[str, Any]:
    return {
        "dt_txt": when,
        "main": {"temp": temp, "feels_like": temp - 2, "pressure": 1010 + round(temp)},
        "wind": {"speed": wind, "gust": wind * 2},
        "weather": [{"description": sky}],
        **more,
    }


WEATHER: dict[str, Any] = {
    "city": {"name": "Oldtown", "country": "XX"},
    "units": {"temp": "°C", "wind": "m/s", "pressure": "hPa", "rain": "mm"},
    "list": [
        _forecast("2024-03-04 06:00:00", 2.0, 1.5, "clear sky"),
        _forecast("2024-03-04 12:00:00", 9.5, 3.0, "clear sky"),
        _forecast("2024-03-04 18:00:00", 5.0, 2.0, "few clouds"),
        _forecast("2024-03-05 06:00:00", -3.5, 4.0, "overcast clouds"),
        _forecast("2024-03-05 12:00:00", 1.2, 8.0, "light rain", rain={"3h": 0.5}),
        _forecast("2024-03-05 18:00:00", 0.4, 6.0, "light rain", rain={"3h": 1.5}),
    ],
}
"""4 March 2024 is a Monday."""

MATCH: dict[str, Any] = {
    "homeTeam": {"name": "Northport Bears", "shortName": "Bears"},
    "awayTeam": {"name": "Lake City Lions", "shortName": "Lions"},
    "homeScore": {"display": 4, "period1": 1, "period2": 0, "period3": 2, "normaltime": 3, "overtime": 1},
    "awayScore": {"display": 3, "period1": 1, "period2": 2, "period3": 0, "normaltime": 3, "overtime": 0},
    "startDatetime": "2024-03-04 18:30:00",
}

PRODUCT: dict[str, Any] = {
    "name": "Fabrikat One",
    "specifications": [
        {
            "category": "Body",
            "fields": [{"name": "Weight", "value": "134 g (4.73 oz)"}, {"name": "NFC", "value": "No"}],
        },
        {
            "category": "Battery",
            "fields": [{"name": "Type", "value": "Li-Ion 1100 mAh"}, {"name": "Talk time", "value": "Up to 4 h"}],
        },
        {"category": "Launch", "fields": [{"name": "Announced", "value": "2015, July"}]},
    ],
}

TENDER: dict[str, Any] = {
    "title": "Student success platform",
    "status": "open",
    "published_date": "2026-11-02",
    "due_date": "2026-12-12",
    "amount": 2300000,
    "buyer": {"name": "Ridgeview Community College", "enrollment": 14200},
    "contacts": [
        {"name": "Maria Delgado", "title": "Director of Procurement", "email": "mdelgado@ridgeview.example"},
        {"name": "Tom Baker", "title": "Chief Information Officer", "email": "tbaker@ridgeview.example"},
    ],
}

TENDERS: list[dict[str, Any]] = [
    {"title": "Student portal", "due_date": "2026-12-12", "amount": 2300000, "status": "open"},
    {"title": "Fleet services", "due_date": "2027-01-15", "amount": 540000, "status": "closed"},
]

LEDGER: list[dict[str, Any]] = [
    {"field": "due_date", "value": "2026-12-12", "display": "due 12 December 2026, in 19 days"},
    {"field": "amount", "value": 2300000, "unit": "USD", "display": "$2.3 million"},
]


def quotes(findings: Iterable[ProseFinding]) -> list[str]:
    """Return what stands at the place of each finding."""
    return [finding.quote for finding in findings]
