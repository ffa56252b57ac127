"""Figures and dates in all the notations that people and models write them in."""

import random
from calendar import month_name
from datetime import date

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_MONTHS = tuple(month_name)[1:]
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def in_words(number: int) -> str:
    """Return a number from 0 to 999 in words."""
    if number < 20:
        return _UNITS[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_UNITS[number % 10]}" if number % 10 else "")
    rest = f" and {in_words(number % 100)}" if number % 100 else ""
    return f"{_UNITS[number // 100]} hundred{rest}"


def wrong_date_forms(when: date) -> tuple[str, ...]:
    """Return a date in the ways in which it is written."""
    month, short = _MONTHS[when.month - 1], _MONTHS[when.month - 1][:3]
    return (
        f"{when.day} {month} {when.year}", f"{month} {when.day}, {when.year}", f"{month} {when.day}", when.isoformat(),
        f"{when.month}/{when.day}/{when.year}", f"{when.month}/{when.day}", f"{when.day}.{when.month}.{when.year}",
        f"{short}. {when.day}", f"{short} {when.year}", f"the {when.day}th of {month}", f"early {month}",
        f"{month} {when.year}", f"Q{(when.month + 2) // 3} {when.year}", f"FY{when.year % 100}", f"mid-{month}",
        f"the end of {month}", f"{when:%A}", f"next {when:%A}", f"fiscal {when.year}", f"{month.lower()} {when.day}",
        f"the {_ORDINALS[when.day % 10]} of {month}", "next week", "a week from now", "the end of the quarter",
        f"the winter of {when.year}", "two weeks from today", f"{when.year}",
    )  # fmt: skip


def in_disguise(figure: str, dice: random.Random) -> str:
    """Return a figure such that a plain search for digits does not find it, or finds another one."""
    digits = "".join(char for char in figure if char.isdigit()) or "7"
    number = int(digits)
    forms = [
        figure.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        figure.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        figure.translate(str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")),
        figure.translate(str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")),
        "\u200b".join(figure),
        " ".join(_UNITS[int(digit)] for digit in digits),
        in_words(number % 1000 or 3).replace("o", "\u043e").replace("e", "\u0435"),
        in_words(number % 1000 or 3).replace("e", "\u00ade"),
        in_words(number % 1000 or 3).upper(),
        " ".join(in_words(number % 20 or 3)),
        f"between {in_words(number % 20 + 2)} and {in_words(number % 50 + 22)}",
        f"about {number:.1e}",
        f"{figure}-plus",
        f"a {_ORDINALS[number % 10]} of them" if number % 10 > 1 else "half of them",
        f"{number // 2}-{number}",
        f"~{figure}",
        "several hundred",
        "tens of thousands",
        "a couple dozen",
        "two thirds",
        "VII",
    ]
    return dice.choice(forms)
