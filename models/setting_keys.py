"""The keys of the table of settings."""

OFFICE_KIND = "office_kind"
DEMO_DAY = "demo_day"
MACHINE_CLOCK = "machine_clock"
SAMPLE_CASES = "sample_cases"
