"""The token of forms is written differently each time and still known."""

from hypothesis import given
from hypothesis import strategies as st

from unbroken.web.csrf import masked, unmasked

TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=64)


@given(TOKENS)
def test_a_masked_token_is_known_again(token: str) -> None:
    assert token == unmasked(masked(token))


def test_a_token_never_looks_the_same_twice() -> None:
    assert 100 == len({masked("a-token-of-some-length") for _ in range(100)})


def test_no_token_stays_none() -> None:
    assert "" == masked("")


@given(st.text(max_size=80))
def test_whatever_is_sent_is_no_failure(sent: str) -> None:
    assert isinstance(unmasked(sent), str)
