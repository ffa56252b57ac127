"""Which buyers are looked at more closely, and what they are called."""

import pandas as pd

from intent_assets.assets.analysis import wanted_buyers


def test_a_buyer_without_a_name_goes_by_its_id() -> None:
    scored = pd.DataFrame(
        {
            "buyer_id": ["b-2", "b-1", "b-3"],
            "buyer_name": [None, "Elm County", "Oak City"],
            "role": ["secondary", "featured", None],
            "rank": [2, 1, 3],
        }
    )
    assert wanted_buyers(scored, 4) == [("b-1", "Elm County", "featured", 4), ("b-2", "b-2", "secondary", 4)]
