"""Missions and their plans: decisions, areas, closings, revisions, timetable."""
