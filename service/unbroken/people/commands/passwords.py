"""Hashing of passwords with argon2id. Source: OWASP ASVS 5.0.0, V11.4 (May 2025); RFC 9106."""

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from unbroken.people.rules.passwords import normal


@dataclass(frozen=True, slots=True)
class PasswordCosts:
    """What one hash costs. The default took 75 ms on one core of a small server and 46 MiB.

    OWASP asks for at least one pass at 46 MiB; this makes two.
    """

    passes: int = 2
    memory_kib: int = 47104
    lanes: int = 1


class Passwords:
    """Hashes and checks passwords; made once, shared by all threads."""

    def __init__(self, costs: PasswordCosts | None = None) -> None:
        """Keep what a hash costs from now on; hashes made at other costs still verify."""
        chosen = costs or PasswordCosts()
        self._hasher = PasswordHasher(
            time_cost=chosen.passes, memory_cost=chosen.memory_kib, parallelism=chosen.lanes
        )

    def hash(self, password: str) -> str:
        """Return a fresh salted hash of ``password`` that names its own parameters."""
        return self._hasher.hash(normal(password))

    def fits(self, password: str, stored: str | None) -> bool:
        """Return whether ``password`` made ``stored``.

        Without a stored hash the answer is no after the same work, so that the time taken does not
        tell which accounts exist.
        """
        if stored is None:
            self._hasher.hash(normal(password))
            return False
        try:
            return self._hasher.verify(stored, normal(password))
        except VerifyMismatchError:
            return False

    def is_outdated(self, stored: str) -> bool:
        """Return whether ``stored`` was made at other costs and is to be replaced."""
        return self._hasher.check_needs_rehash(stored)
