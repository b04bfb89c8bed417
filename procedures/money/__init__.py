"""The money of a dissolution: assets and claims by item, and the pay-out computed from them. No database."""
