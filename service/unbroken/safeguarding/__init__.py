"""The one gate for free text, and the bands in which small numbers are told."""
