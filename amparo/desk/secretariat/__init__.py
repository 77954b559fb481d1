"""The regional work: which State adopts which duty, proposals, comments, a place to try a file. No child data."""
