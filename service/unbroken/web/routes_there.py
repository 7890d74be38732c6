"""Whether a page is served here: a page leads on to another one only where there is one."""

from starlette.requests import Request
from starlette.routing import NoMatchFound


def path_of(request: Request, name: str) -> str:
    """Return the path of the page whose function is called ``name``; empty where none is served."""
    try:
        return str(request.app.url_path_for(name))
    except NoMatchFound:
        return ""
