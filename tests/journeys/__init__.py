"""Roads from end to end, over real nodes."""
