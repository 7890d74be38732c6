"""Reference tables that travel with the code: countries, sectors, places, codes, resolutions."""
