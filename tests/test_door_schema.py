"""The door keeps what its OpenAPI says, whatever is sent: schemathesis looks for what it does not."""

from pathlib import Path

from benchmarks.door_load import schemathesis
from tests.intake.running_door import SECRETS, running_door

LIMITS = {"INTENT_DOOR__REQUESTS_A_MINUTE": "100000", "INTENT_DOOR__REFUSALS_A_MINUTE": "100000"}


def test_the_door_keeps_its_contract(tmp_path: Path) -> None:
    with running_door(tmp_path, **SECRETS, **LIMITS) as door:
        assert schemathesis(f"http://127.0.0.1:{door.port}", examples=5, seed=20_261_125) == "nothing"
