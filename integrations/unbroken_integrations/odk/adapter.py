"""ODK Central as a source of submissions; found by the entry point ``odk``."""

from collections.abc import Callable, Iterator

from unbroken.kit.reaching import Reach, Unreached
from unbroken.sources.ports import FormAddress, Silence, SourceSilent, SubmissionPage
from unbroken_integrations.odk.client import OdkClient
from unbroken_integrations.odk.mapping import NotOurs, page_of


class OdkForms:
    """Reads every submission of a form (``PROJECT/FORM``) from any ODK Central."""

    def __init__(self, reach: Callable[[], Reach]) -> None:
        """Keep what makes the way to outside servers, once for each reading."""
        self._reach = reach

    def pages(self, address: FormAddress) -> Iterator[SubmissionPage]:
        """Yield every submission, page by page, as the server's own cursor leads.

        Raises:
            SourceSilent: no answer, one that cannot be used, or a next page that was read before.
        """
        client = OdkClient(self._reach(), base_url=address.base_url, login=address.secret)
        seen: set[str] = set()
        url = client.first_page(address.form)
        while url:
            if url in seen:
                raise SourceSilent(Silence.REPEATED_PAGE)
            seen.add(url)
            try:
                answered = page_of(client.answer(url))
            except Unreached as trouble:
                reason = Silence(trouble.trouble.value)
                raise SourceSilent(reason, wait_seconds=trouble.wait_seconds) from trouble
            except NotOurs as error:
                raise SourceSilent(Silence.NOT_UNDERSTOOD) from error
            yield answered.page
            url = answered.next
