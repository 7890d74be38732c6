"""Asks KoboToolbox for the submissions of a form; never sends the token anywhere else."""

from urllib.parse import quote, urlencode

from unbroken.kit.reaching import Reach, Trouble, Unreached, same_server

PAGE_SIZE = 1000
"""The most that it gives since 9 March 2026. Source: KoboToolbox release notes."""

OLDEST_FIRST = '{"_id":1}'


class KoboClient:
    """Asks one server with one token."""

    def __init__(self, reach: Reach, *, base_url: str, token: str) -> None:
        """Keep whom to ask; nothing is asked yet."""
        self._reach = reach
        self._base_url = base_url.rstrip("/")
        self._headers = {"authorization": f"Token {token}"}

    def first_page(self, asset: str) -> str:
        """Return the address of the first page; in a fixed order, so that pages do not overlap."""
        path = f"/api/v2/assets/{quote(asset, safe='')}/data.json"
        asked = urlencode({"start": 0, "limit": PAGE_SIZE, "sort": OLDEST_FIRST})
        return f"{self._base_url}{path}?{asked}"

    def answer(self, url: str) -> object:
        """Return the JSON at ``url``.

        Raises:
            Unreached: there is no answer that can be used, or it is another server's address.
        """
        if not same_server(url, self._base_url):
            raise Unreached(Trouble.LED_ELSEWHERE)
        return self._reach.get_json(url, headers=self._headers)
