"""A sheet walked from its header to its signatures: every line ends as a unit or as a line left out with its reason."""
