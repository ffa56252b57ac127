"""Names of US states, districts and territories in any spelling -> their two-letter codes."""

import re
from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming", "AS": "American Samoa",
    "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico", "VI": "US Virgin Islands",
}  # fmt: skip

_OTHER_SPELLINGS: Mapping[str, str] = {
    "AL": "ala", "AK": "alas", "AZ": "ariz", "AR": "ark", "CA": "calif|cal", "CO": "colo", "CT": "conn", "DE": "del",
    "DC": "washingtondc|dcwashington", "FL": "fla", "IL": "ill", "IN": "ind", "KS": "kan|kans", "KY": "ken",
    "MA": "mass", "MI": "mich", "MN": "minn", "MS": "miss", "MT": "mont", "NE": "neb|nebr", "NV": "nev",
    "NH": "newhamp", "NM": "newmex", "ND": "ndak|nodak", "OK": "okla", "OR": "ore|oreg", "PA": "penn|penna",
    "SD": "sdak", "TN": "tenn", "TX": "tex", "VT": "verm", "VA": "virg", "WA": "wash", "WV": "wva|westva",
    "WI": "wis|wisc", "WY": "wyo", "MP": "northernmarianas|cnmi", "VI": "virginislands|usvirginislands|usvi",
    "NC": "ncar|nocar", "SC": "scar|socar",
}  # fmt: skip

_AROUND = re.compile(r"^(thestateof|stateof|thecommonwealthof|commonwealthof|territoryof|the|us(?=[a-z]{2}$))")


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalpha())


_CODES: Mapping[str, str] = (
    {code.casefold(): code for code in NAMES}
    | {_key(name): code for code, name in NAMES.items()}
    | {spelling: code for code, spellings in _OTHER_SPELLINGS.items() for spelling in spellings.split("|")}
)


def state_code(text: str) -> str | None:
    """Return the code that `text` means (`Tex.`, `state of texas`, `US-TX`, `TX`), or None if it names no state."""
    key = _key(text)
    for candidate in (key, _AROUND.sub("", key), key.removesuffix("state"), key.removesuffix("usa")):
        if candidate in _CODES:
            return _CODES[candidate]
    return None


_WRITTEN_OUT = re.compile(rf"\b({'|'.join(sorted(NAMES.values(), key=len, reverse=True))})\b", re.IGNORECASE)


def states_named(text: str) -> frozenset[str]:
    """Return the codes of the states whose names stand in a text, written out."""
    return frozenset(_CODES[_key(name)] for name in _WRITTEN_OUT.findall(" ".join(text.split())))
