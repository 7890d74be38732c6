"""The pages; each module has a ``router``, and the list of them is in ``web/app.py``."""
