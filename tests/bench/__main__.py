"""`make bench`: every measurement, each beside a hand-written minimum on the same machine."""

from tests.bench import (
    acts,
    city,
    effects,
    forecasts,
    growth,
    idle,
    imports,
    legal_time,
    letters,
    log_cost,
    long_work,
    many,
    pay_outs,
    register,
    sweeps,
    versions,
)

if __name__ == "__main__":
    acts.run()
    growth.run()
    log_cost.run()
    many.run()
    sweeps.run()
    register.run()
    imports.run()
    long_work.run()
    effects.run()
    versions.run()
    legal_time.run()
    letters.run()
    pay_outs.run()
    forecasts.run()
    city.run()
    idle.run()
