"""What things are: tables, enums, value types, errors, clock, settings, database, migrations."""
