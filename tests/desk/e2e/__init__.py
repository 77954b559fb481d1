"""Look at the pages as a person does: in a browser, on a phone and on a desk."""
