"""Web pages for offices, one folder per reader."""
