"""kill -9 at random instants: of the worker, the Prefect server, the web process, and of all three at once."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.stack import Stack, eventually

ALL = ("web", "prefect", "worker")
SHARES: Mapping[tuple[str, ...], float] = {("web",): 0.55, ("worker",): 0.245, ("prefect",): 0.13, ALL: 0.075}
AT_WORK = 0.6  # the part of the kills for which the victims are waited for; the others may hit them while they start
LONGEST = 480.0  # seconds of killing: a machine that takes long to start the dead gets through fewer kills
LONGEST_LIFE = {("web",): 0.6, ("worker",): 3.0, ("prefect",): 4.0, ALL: 5.0}  # seconds of work before the kill


@dataclass
class Killer:
    """A thread for each kind of kill; they do not wait for one another."""

    stack: Stack
    seed: int
    kills: int
    acts: Callable[[], int]  # how many the office has done: some are wanted between two kills of the pages
    done: Counter[tuple[str, ...]] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for place, (victims, share) in enumerate(SHARES.items()):
            dice = random.Random(f"{self.seed}:{place}")
            thread = threading.Thread(target=self._kill, args=(victims, round(self.kills * share), dice), daemon=True)
            thread.start()
            self._threads.append(thread)

    @property
    def part_done(self) -> float:
        return sum(self.done.values()) / self.kills

    @property
    def ran_out_of_time(self) -> bool:
        return time.monotonic() - self.began > LONGEST

    def is_over(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        self.stopped.set()
        for thread in self._threads:
            thread.join(60)

    def _kill(self, victims: tuple[str, ...], times: int, dice: random.Random) -> None:
        while self.done[victims] < times and not self.stopped.is_set() and not self.ran_out_of_time:
            if dice.random() < AT_WORK:
                seen = self.acts()
                eventually(lambda: all(self.stack.serves(name) for name in victims), 20)
                eventually(lambda: "web" not in victims or self.acts() > seen or self.stopped.is_set(), 10)  # noqa: B023
            time.sleep(dice.random() * LONGEST_LIFE[victims])
            if any(self.stack.child(name) for name in victims):
                self.stack.kill(*victims)
                self.done[victims] += 1
