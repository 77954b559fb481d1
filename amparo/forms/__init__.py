"""Instruments: XLSForms compiled and versioned, and what came in with them."""
