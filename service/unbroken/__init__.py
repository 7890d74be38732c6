"""Unbroken keeps child-protection capacity unbroken while a United Nations mission leaves."""

__version__ = "0.1.0"
