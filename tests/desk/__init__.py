"""Show that the desk says what it must, to whom it may, in words people understand."""
