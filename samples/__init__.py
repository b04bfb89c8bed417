"""The sample office, for trying Coopcase; all its data are invented."""
