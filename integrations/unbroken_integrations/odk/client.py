"""Asks ODK Central for the submissions of a form; never sends the password anywhere else."""

from base64 import b64encode
from urllib.parse import quote, urlencode

from unbroken.kit.reaching import Reach, Trouble, Unreached, same_server

PAGE_SIZE = 1000


class OdkClient:
    """Asks one server as one of its users."""

    def __init__(self, reach: Reach, *, base_url: str, login: str) -> None:
        """Keep whom to ask; ``login`` is e-mail address and password with a colon between."""
        self._reach = reach
        self._base_url = base_url.rstrip("/")
        self._headers = {"authorization": f"Basic {b64encode(login.encode()).decode()}"}

    def first_page(self, form: str) -> str:
        """Return the address of the first page; ``form`` is ``PROJECT/FORM``.

        No filter: what is new is decided by identity, and a filter on the day of submission would
        miss what was committed late (getodk/central-backend#716).
        """
        project, _slash, name = form.partition("/")
        path = (
            f"/v1/projects/{quote(project, safe='')}/forms/{quote(name, safe='')}.svc/Submissions"
        )
        asked = urlencode({"$top": PAGE_SIZE, "$count": "true", "$expand": "*"}, safe="$*")
        return f"{self._base_url}{path}?{asked}"

    def answer(self, url: str) -> object:
        """Return the JSON at ``url``.

        Raises:
            Unreached: there is no answer that can be used, or it is another server's address.
        """
        if not same_server(url, self._base_url):
            raise Unreached(Trouble.LED_ELSEWHERE)
        return self._reach.get_json(url, headers=self._headers)
