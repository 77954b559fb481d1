"""Try to break each promise about a child's data; `make trust-quick` and `make trust` write down what was tried."""
