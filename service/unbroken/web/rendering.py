"""Pages: one frozen dataclass, one template, one call of ``page``.

There is one template environment for each language, so that macros translate without being handed
anything, and undefined names are errors.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import ClassVar, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from unbroken import __version__
from unbroken.kit.languages import LANGUAGES, Languages, Translator
from unbroken.people.rules import Role
from unbroken.web.cookies import (
    NOTICE_COOKIE,
    drop_cookie,
    form_cookie,
    leave_notice,
    notice_in,
    set_cookie,
)
from unbroken.web.csrf import masked
from unbroken.web.dependencies import Means, Visit
from unbroken.web.filters import filters_for
from unbroken.web.navigation import Place, places_for
from unbroken.web.static import StaticFiles
from unbroken.web.words import word_for

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_NAMES = {"en": "English", "fr": "Français", "ar": "العربية", "es": "Español"}
ACCOUNT_HEADER = "unbroken-account"
SIGNATORIES = (Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)
BETWEEN_TAGS = re.compile(r">\s*\n\s*<")


class Page:
    """What one page shows: a frozen dataclass whose fields are exactly its template's names."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the layout of every page shows around it; ``frame`` in templates.

    ``csrf`` goes into every form, by ``ui.csrf(frame)``. ``path`` is that of this page with its
    query, to come back to. ``may_sign`` is whether acts of this reader may wait on the device;
    ``kept_at`` is when the device was given the page, ``None`` on a page that is read on line.
    """

    language: str
    direction: str
    csrf: str = field(repr=False)
    handle: str
    is_signed_in: bool
    is_demonstration: bool
    today: date
    notice: str
    path: str
    places: tuple[Place, ...]
    languages: Mapping[str, str] = field(default_factory=lambda: LANGUAGE_NAMES)
    version: str = __version__
    may_sign: bool = False
    kept_at: datetime | None = None


class Renderer:
    """Renders templates for readers of any language; made once at start."""

    def __init__(self, languages: Languages, static: StaticFiles) -> None:
        """Make an environment for each language; ``static`` knows the addresses of files."""
        self._environments = {
            locale: _environment(translator, static)
            for locale, translator in languages.translators.items()
        }

    def render(self, content: Page, *, frame: Frame) -> str:
        """Return the page as HTML.

        Raises:
            UndefinedError: the template names something its page does not have.
        """
        template = self._environments[frame.language].get_template(content.template)
        names = {each.name: getattr(content, each.name) for each in fields(content)}  # type: ignore[arg-type]
        return template.render(names, frame=frame)

    def environment(self, locale: str) -> Environment:
        """Return the environment of one language, for tests that look at templates."""
        return self._environments[locale]


def page(
    visit: Visit, content: Page, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """Return ``content`` as a whole page for the reader of ``visit``."""
    html = renderer_of(visit.request).render(content, frame=frame_of(visit))
    response = HTMLResponse(html, status_code=status, headers=dict(headers or {}))
    keeping = "no-store" if visit.is_signed_in else "private, no-cache"
    response.headers["cache-control"] = keeping
    response.headers["vary"] = "cookie, accept-language"
    response.headers["content-language"] = visit.reader.locale
    # By this the browser's worker learns whose pages it may still keep.
    response.headers[ACCOUNT_HEADER] = visit.actor.handle if visit.is_signed_in else ""
    _keep_cookies(visit, response)
    return response


def see_other(visit: Visit, path: str, *, notice: str = "") -> RedirectResponse:
    """Return the way to another page after a write; ``notice`` (English) is said there, once.

    ``path`` is one of this site: whatever a visitor sent goes through ``local_path`` first.
    """
    response = RedirectResponse(path, status_code=303)
    if notice:
        leave_notice(response, visit.say(notice), settings=visit.house.settings)
    return response


def renderer_of(request: Request) -> Renderer:
    """Return the renderer of the application that serves ``request``."""
    return cast("Renderer", request.app.state.renderer)


def frame_of(visit: Visit) -> Frame:
    """Return what stands around every page of this visit."""
    url = visit.request.url
    return Frame(
        language=visit.reader.locale,
        direction=visit.reader.direction,
        csrf=masked(visit.visitor.csrf_token),
        handle=visit.actor.handle,
        is_signed_in=visit.is_signed_in,
        is_demonstration=visit.is_demonstration,
        today=visit.today,
        notice=notice_in(visit.request),
        path=f"{url.path}?{url.query}" if url.query else url.path,
        places=places_for(visit.actor, path=url.path),
        may_sign=visit.visitor.means is Means.COOKIE
        and any(visit.actor.has(role) for role in SIGNATORIES),
    )


def _keep_cookies(visit: Visit, response: HTMLResponse) -> None:
    settings, cookies = visit.house.settings, visit.request.cookies
    if NOTICE_COOKIE in cookies:
        drop_cookie(response, NOTICE_COOKIE, settings=settings)
    token = visit.visitor.csrf_token
    # An error before the gate knows no token: an open form elsewhere keeps its own.
    if token and not visit.is_signed_in and cookies.get(form_cookie(settings)) != token:
        set_cookie(response, form_cookie(settings), token, settings=settings)


def _environment(translator: Translator, static: StaticFiles) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds these two by name; it has no types.
    install = made.install_gettext_callables  # type: ignore[attr-defined]
    install(translator.gettext, translator.ngettext, newstyle=True, pgettext=translator.pgettext)
    made.filters.update(filters_for(translator))
    made.globals.update(
        static=static.address,
        word=word_for(translator),
        language=translator.locale,
        direction=translator.direction,
        all_languages=LANGUAGES,
        icon=icon,
    )
    return made


@cache
def icon(name: str) -> Markup:
    """Return an inline picture out of ``templates/icons``, hidden from screen readers."""
    text = (TEMPLATES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return Markup(BETWEEN_TAGS.sub("><", text.strip()))  # noqa: S704 - our own file
