"""The child, the case, what is known of it and what must happen next."""
