"""Many transactions one after another do not keep another writer out."""

from threading import Event, Thread
from time import sleep

from sqlalchemy import Engine

from models.database import give_way, writing

ROUNDS = 40


def test_another_writer_gets_a_turn_between_two_of_many_transactions(bind: Engine) -> None:
    begun, done = Event(), list[str]()

    def many() -> None:
        for number in range(ROUNDS):
            with writing(bind):
                begun.set()
                sleep(0.05)
            done.append(f"round {number}")
            give_way(bind)

    worker = Thread(target=many)
    worker.start()
    assert begun.wait(timeout=60)
    with writing(bind):
        done.append("another")
    worker.join()
    assert done.index("another") < ROUNDS - 1, done
