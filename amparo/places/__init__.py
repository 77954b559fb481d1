"""Codes and names of places, by vintage."""
