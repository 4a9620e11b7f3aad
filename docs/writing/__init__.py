"""The reference pages, each written from what the code declares: one module per sort of thing."""
