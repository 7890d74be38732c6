"""What there is of sources and of what they answered."""

from unbroken.sources.queries.forms import FormSourceView, PollView, form_sources, sources_due

__all__ = ["FormSourceView", "PollView", "form_sources", "sources_due"]
