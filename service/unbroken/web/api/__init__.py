"""The JSON API under ``/api/v1``; what scripts rely on is stable."""
