"""Dissolution councils as bodies of an office: their seats, cases, meetings and tasks."""
