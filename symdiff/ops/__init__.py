"""The table of scalar operations."""
