"""Words that templates need: ages, times, what the Guide says, in the reader's language."""
