"""The Guide as public pages: one list, one page per obligation."""
