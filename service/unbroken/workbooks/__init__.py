"""Spreadsheets: a package is checked, read, answered row by row in place, and written."""
