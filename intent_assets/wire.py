"""What Starbridge sends, typed (contracts: starbridge, Tools): tolerant of what is absent or unknown, strict in form.

Only the fields that the contract marks "always" are needed. A field of the wrong form is set to None and named in
`unreadable` where the rest of the record is still good; a record without an `always` field fails validation.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """Base of the wire records: camelCase on the wire, snake_case here, unknown fields ignored, frozen."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


Json = dict[str, Any]
