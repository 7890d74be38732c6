"""Transfers of functions: capacities, items, agreements and signed receipts."""
