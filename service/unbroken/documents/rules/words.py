"""The kinds, readers and acts of documents."""

from enum import StrEnum

from unbroken.trail.rules import Action


class Kind(StrEnum):
    """What a certificate is about."""

    PLAN = "plan"
    TRANSFER = "transfer"


class Audience(StrEnum):
    """For whom a certificate is written; a public one leaves out what is restricted."""

    RESTRICTED = "restricted"
    PUBLIC = "public"


class DocumentAction(Action):
    """The acts of this feature; names are hashed, so none is ever renamed."""

    CERTIFICATE_ISSUED = "documents:certificate:issued"


CERTIFICATE_ISSUED = DocumentAction.CERTIFICATE_ISSUED
