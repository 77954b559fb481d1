"""How days are written in languages Django does not know."""
