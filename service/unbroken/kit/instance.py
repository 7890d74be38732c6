"""What this installation is: its identity, whether it is a demonstration, and the day it plays."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlmodel import CheckConstraint, Field, Session, SQLModel, select

from unbroken.kit.clock import Clock, SystemClock, civil_date
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.errors import Conflict, NotFound

ONLY_ID = 1


class Instance(SQLModel, table=True):
    """The one row that says what this installation is."""

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=ONLY_ID, primary_key=True)
    uid: UUID = Field(default_factory=new_uid, unique=True, nullable=False)
    is_demonstration: bool
    today_on: date | None = Field(default=None)
    created_at: datetime


def read_instance(session: Session) -> Instance:
    """Return the instance.

    Raises:
        NotFound: the database has its tables and nothing else yet.
    """
    instance = _instance(session)
    if instance is None:
        raise NotFound(
            "This database has not been prepared yet.", remedy="Run: unbroken db upgrade"
        )
    return instance


def is_demonstration(session: Session) -> bool | None:
    """Return whether this is a demonstration; ``None`` where nothing was prepared yet."""
    instance = _instance(session)
    return None if instance is None else instance.is_demonstration


def create_instance(session: Session, *, is_demonstration: bool, at: datetime) -> Instance:
    """Add the one instance and return it; ``at`` is the instant it counts as made.

    Raises:
        Conflict: there is one; a demonstration never becomes the real thing, nor the reverse.
    """
    if _instance(session) is not None:
        raise Conflict("This database is already in use.")
    instance = Instance(uid=uuid4(), is_demonstration=is_demonstration, created_at=at)
    session.add(instance)
    session.flush()
    return instance


def set_today(session: Session, day: date | None) -> None:
    """Move the demonstration to ``day``; ``None`` returns it to the real day.

    Raises:
        NotFound: there is no instance yet.
        Conflict: this is no demonstration, where the day is always the real one.
    """
    instance = read_instance(session)
    if not instance.is_demonstration:
        raise Conflict("Only a demonstration can be moved to another day.")
    instance.today_on = day
    session.add(instance)
    session.flush()


class InstanceClock:
    """The clock of the instance: real, or in a demonstration the day it was moved to.

    It asks the database each time, so that server and command line obey the same day at once. Only
    "this is no demonstration" is remembered: it never changes.
    """

    def __init__(self, sessions: Sessions, *, clock: Clock | None = None) -> None:
        """Tell the day by ``sessions`` and the time of day by ``clock`` (the machine's own)."""
        self._sessions = sessions
        self._clock = clock or SystemClock()
        self._is_real = False

    def now(self) -> datetime:
        """Return the present instant; when moved, that civil date with the real UTC time of day."""
        real = self._clock.now().astimezone(UTC)
        day = self._moved_to()
        return real if day is None else datetime.combine(day, real.timetz())

    def today(self, zone: str = "UTC") -> date:
        """Return the civil date of ``now()`` in ``zone`` (an IANA name)."""
        return civil_date(self.now(), zone=zone)

    def _moved_to(self) -> date | None:
        if self._is_real:
            return None
        with self._sessions.reading() as session:
            instance = _instance(session)
        if instance is None:
            return None
        self._is_real = not instance.is_demonstration
        return instance.today_on if instance.is_demonstration else None


def _instance(session: Session) -> Instance | None:
    return session.exec(select(Instance).where(Instance.id == ONLY_ID)).one_or_none()
