"""Several who do something at the same moment, each in a connection of its own."""

import threading

from django.db import connection

from orchard.kit.errors import Refused


def together(*jobs):
    """Run these at the same moment; return what each returned or refused."""
    gate, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        gate.wait()
        try:
            answers[place] = job()
        except Refused as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
