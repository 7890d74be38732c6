"""The phone form of a plan as a file that is sent."""

from starlette.responses import Response

from unbroken.web.dependencies import Visit
from unbroken.web.item_workbook_files import XLSX, as_file
from unbroken.workbooks.phone_forms import Flavour, phone_form


def sent_form(visit: Visit, plan: str, flavour: Flavour) -> Response:
    """Return the form of the open offers that the visitor sees in a plan; raises as ``phone_form``.

    The headers say which version it is and how many offers it leaves out.
    """
    on, at = visit.today, visit.clock.now()
    with visit.sessions.reading() as session:
        made = phone_form(session, plan, flavour, actor=visit.actor, on=on, at=at)
    answer = as_file(made.raw, XLSX, name=f"{made.form_id}-{flavour.value}.xlsx")
    answer.headers["x-form-version"] = made.version
    answer.headers["x-left-out"] = str(sum(made.left_out.values()))
    return answer
