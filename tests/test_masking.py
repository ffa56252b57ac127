"""Keys do not get into messages and logs; ids that people need stay readable."""

import pytest

from intent_assets.errors import ClayError
from intent_assets.masking import keep_out, mask

MASKED = [
    ("POST https://user:pw-1@api.example/x failed", "pw-1", "credentials of a URL"),
    ("https://api.example/v1?api_key=abc&x=1", "abc", "the query of a URL"),
    ("https://hooks.example/webhook/pull-0123456789abcdef", "0123456789abcdef", "a key in a path"),
    ("postgresql://u:geheim@db:99999999/x", "geheim", "a URL that can't be read"),
    ("api_key=abc123", "abc123", "a named key"),
    ('{"x-clay-webhook-auth": "abc123"}', "abc123", "a header"),
    ("Authorization: Bearer abc.def.ghi", "abc.def", "a bearer token"),
    ("using sk-ant-api03-AAAAbbbb now", "AAAAbbbb", "a prefix of keys"),
    ("token 9f86d081884c7d659a2feaa0c55ad015", "9f86d081", "a long random text"),
    ("the word is xyzzy", "xyzzy", "a secret that is known"),
]


@pytest.mark.parametrize(("text", "secret", "reason"), MASKED)
def test_what_looks_like_a_key_is_masked(text: str, secret: str, reason: str) -> None:
    assert secret not in mask(text, ["xyzzy", "ab"])


@pytest.mark.parametrize(
    "text",
    [
        "run 3fa85f64-5717-4562-b3fc-2c963f66afa6 failed",
        "reply r_0123456789abcdef0123 of vmock.example",
        "StarbridgeError: Starbridge opportunity_search: rate limited (HTTP 429; another try can help)",
        "not set: CLAY_WEBHOOK_URL. Set it in the environment or in .env",
        "https://api.example:8443/v1/search",
        "max_output_tokens: 8000",
    ],
)
def test_what_people_need_stays(text: str) -> None:
    assert mask(text) == text


def test_what_is_to_be_kept_out_stands_in_no_error_of_a_service() -> None:
    keep_out(["keyofaservice", "https://someone:passwordofsomeone@clay.example/hook?token=tokenofahook"])
    said = "401: keyofaservice is wrong; passwordofsomeone and tokenofahook as well"
    error = str(ClayError("Clay", "post_notice", said))
    assert "401: *** is wrong; *** and *** as well" in error
    assert mask(said) == "401: *** is wrong; *** and *** as well"


@pytest.mark.parametrize("piece", ["a", "x-", "a+", "=a", "1+a", "token", "a.b@"])
def test_a_long_message_of_one_piece_is_masked_before_anybody_gives_up(piece: str) -> None:
    # steps that grow with the square of the length would take minutes
    assert mask(piece * (400_000 // len(piece)))
