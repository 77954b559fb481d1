"""Pages of the oversight body."""
