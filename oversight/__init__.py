"""What a manager watches: late items, obstacles, statistics, reports."""
