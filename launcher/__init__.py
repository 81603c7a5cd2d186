"""Starts Tuntas and keeps it running. Standard library only (apart from config.py), so that it starts at once."""
