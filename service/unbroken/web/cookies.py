"""The cookies: the sign-in, the form token of visitors without one, the language, one notice."""

from datetime import datetime
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from unbroken.kit.settings import Settings
from unbroken.web.dependencies import LANGUAGE_COOKIE

NOTICE_COOKIE = "unbroken-notice"
NOTICE_SECONDS = 60
NOTICE_LENGTH = 300
MONTH_SECONDS = 30 * 24 * 3600
YEAR_SECONDS = 365 * 24 * 3600


def session_cookie(settings: Settings) -> str:
    """Return the name of the sign-in's cookie; the prefix makes browsers hold it to this host."""
    return "__Host-unbroken" if settings.secure_cookies else "unbroken"


def device_cookie(settings: Settings) -> str:
    """Return the name of the cookie by which a device is known for 30 days, where that is set.

    It holds the secret of a sign-in, which opens nothing once the sign-in has run out.
    """
    return f"{session_cookie(settings)}-device"


def form_cookie(settings: Settings) -> str:
    """Return the name of the cookie that forms of visitors without a sign-in are checked with."""
    return f"{session_cookie(settings)}-form"


def set_cookie(
    response: Response, name: str, value: str, *, settings: Settings, seconds: int | None = None
) -> None:
    """Set a cookie that scripts cannot read; without ``seconds`` it ends with the browser."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, name: str, *, settings: Settings) -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(
        name, path="/", secure=settings.secure_cookies, httponly=True, samesite="lax"
    )


def keep_sign_in(
    response: Response, secret: str, *, settings: Settings, until: datetime, at: datetime
) -> None:
    """Hand the browser its sign-in; both instants are the machine's."""
    seconds = max(0, int((until - at).total_seconds()))
    set_cookie(response, session_cookie(settings), secret, settings=settings, seconds=seconds)
    drop_cookie(response, form_cookie(settings), settings=settings)
    if settings.act_link_sign_in == "recent":
        set_cookie(
            response, device_cookie(settings), secret, settings=settings, seconds=MONTH_SECONDS
        )


def keep_language(response: Response, locale: str, *, settings: Settings) -> None:
    """Remember the language chosen on this device for a year."""
    set_cookie(response, LANGUAGE_COOKIE, locale, settings=settings, seconds=YEAR_SECONDS)


def leave_notice(response: Response, text: str, *, settings: Settings) -> None:
    """Leave one line for the next page that this browser opens."""
    kept = quote(text[:NOTICE_LENGTH])
    set_cookie(response, NOTICE_COOKIE, kept, settings=settings, seconds=NOTICE_SECONDS)


def notice_in(request: Request) -> str:
    """Return the line left for this page, or nothing."""
    return unquote(request.cookies.get(NOTICE_COOKIE, ""))[:NOTICE_LENGTH]
