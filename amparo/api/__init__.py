"""HTTP for other nodes."""
