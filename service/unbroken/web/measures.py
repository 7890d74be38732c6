"""What this process measures of its own requests; what all processes share is in the database."""

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector

METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Measures:
    """Counts requests by method, route template and status, in a registry of its own.

    Addresses are not measured: they carry the secrets of one-time links.
    """

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._seconds = Histogram(
            "unbroken_request_seconds",
            "Seconds that requests to this process took; the route is empty for unknown addresses.",
            ("method", "route", "status"),
            buckets=SECONDS,
            registry=self.registry,
        )

    def note(self, method: str, route: str, status: int, *, seconds: float) -> None:
        """Count one request; methods that nobody knows count together."""
        known = method if method in METHODS else "other"
        self._seconds.labels(known, route, str(status)).observe(seconds)
