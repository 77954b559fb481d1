"""Hold the keys that wrap the data keys of cases: in a file of the node, or in a process of another account."""
