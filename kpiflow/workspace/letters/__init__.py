"""Responsibility letters: drawn up, signed by both sides, renewed with every change, and shown to those who may see them."""
