"""Fill and send forms with a third-party engine, as a phone would."""
