"""Show that what States answer, propose and say is kept, folded and guarded."""
