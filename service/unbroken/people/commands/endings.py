"""What ends when an account is closed, its password changes or somebody asks for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from unbroken.people.models import Account, BearerToken, OneTimeLink, SignIn


def end_sign_ins(
    session: Session, account: Account, *, at: datetime, but: UUID | None = None
) -> None:
    """End every living sign-in of ``account``, except the one with UUID ``but``."""
    ending = update(SignIn).where(
        col(SignIn.account_id) == account.id, col(SignIn.ended_at).is_(None)
    )
    if but is not None:
        ending = ending.where(col(SignIn.uid) != but)
    session.execute(ending.values(ended_at=at))


def end_tokens(session: Session, account: Account, *, at: datetime) -> None:
    """Revoke every token of ``account``."""
    session.execute(
        update(BearerToken)
        .where(col(BearerToken.account_id) == account.id, col(BearerToken.ended_at).is_(None))
        .values(ended_at=at)
    )


def end_links(session: Session, account: Account, *, at: datetime) -> None:
    """Make every open one-time link of ``account`` useless."""
    session.execute(
        update(OneTimeLink)
        .where(col(OneTimeLink.account_id) == account.id, col(OneTimeLink.used_at).is_(None))
        .values(used_at=at)
    )


def end_everything(session: Session, account: Account, *, at: datetime) -> None:
    """End the sign-ins, tokens and links of ``account``: nothing given out before opens it."""
    end_sign_ins(session, account, at=at)
    end_tokens(session, account, at=at)
    end_links(session, account, at=at)
