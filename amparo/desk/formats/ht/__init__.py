"""How days are written in Haitian Creole."""
