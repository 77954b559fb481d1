"""Tiny tools without domain: clock, ids, sealing, the embedded database."""
