"""Exchange rates: files of the UN Treasury, the IMF and the European Central Bank."""
