"""`make bench`: every measurement, each beside a hand-written minimum on the same machine."""

from tests.bench import acts, forecasts, idle, legal_time, letters, many, register, versions

if __name__ == "__main__":
    acts.run()
    many.run()
    register.run()
    versions.run()
    legal_time.run()
    letters.run()
    forecasts.run()
    idle.run()
