"""Data model: tables, enums, value types, errors, clock, settings, database, migrations."""
