"""The sentences with which a spreadsheet is refused; each says how to mend it."""

from unbroken.kit.errors import Invalid, TooLarge
from unbroken.kit.languages import gettext as _

SAVE_AGAIN = _("Open it in Excel or LibreOffice, save it as “Excel workbook (.xlsx)”, upload that.")
SPLIT = _("Keep only the sheets and rows that are needed, or split the workbook, and try again.")


def damaged() -> Invalid:
    """Return the refusal of a package that is cut short or contradicts itself."""
    return Invalid(_("The workbook is damaged or was cut short on its way."), remedy=SAVE_AGAIN)


def lying() -> Invalid:
    """Return the refusal of a package whose parts are not as large as it says."""
    return Invalid(
        _("The workbook says other sizes of its parts than they have, so it is not opened."),
        remedy=SAVE_AGAIN,
    )


def unusual() -> Invalid:
    """Return the refusal of what cannot be checked in bounded time."""
    return Invalid(
        _("The workbook is written in an unusual way, so it is not opened."), remedy=SAVE_AGAIN
    )


def refuse_doctype(*_told: object) -> None:
    """Refuse a declared document type, as a handler of expat.

    Raises:
        Invalid: always.
    """
    raise unusual()


def too_many_cells(most: int) -> TooLarge:
    """Return the refusal of sheets that span more than ``most`` cells."""
    return TooLarge(
        _("The sheets reach over more than {most} cells, some of them far from the table."),
        remedy=_(
            "Delete the rows below and the columns beside your tables (select them and delete, "
            "not only clear), save, and upload again."
        ),
        most=most,
    )


def too_much_text() -> TooLarge:
    """Return the refusal of texts that, written out in each cell, would not fit in memory."""
    return TooLarge(_("The cells of the workbook hold too much text."), remedy=SPLIT)
