"""Checks of everything stored, lists made again from the facts, and backups."""
