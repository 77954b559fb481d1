"""The door for field devices: OpenRosa today, the offline app as it grows."""
