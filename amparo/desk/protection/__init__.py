"""Pages for those who protect children: my day, the case, what was done, what is refused."""
