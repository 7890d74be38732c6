"""OCHA's Humanitarian Programme Cycle: people in need and targeted, and projects, by cluster."""
