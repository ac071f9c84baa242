"""Prints once a minute how many jobs wait in Redis; CloudWatch reads the number from the log.

    QUEUE_URL=rediss://... python -m deployment.queues celery mail

A small container beside each worker runs it (deploy/terraform/queue.tf). It imports nothing of the
site, so it tells how long the queue is also when the site's own code does not start.
"""

import json
import os
import sys
import time

import redis

# Celery keeps a priority other than 0 in a list of its own, named like this.
PRIORITIES = ("", "\x06\x163", "\x06\x166", "\x06\x169")
EVERY_SECONDS = 60


def waiting(client, names):
    """Return queue -> how many jobs wait in it."""
    return {name: sum(client.llen(name + priority) for priority in PRIORITIES) for name in names}


def report(client, names):
    """Return the line of one minute; a Redis that does not answer is said, not hidden."""
    try:
        queues = waiting(client, names)
    except redis.RedisError as error:
        return json.dumps({"event": "queue", "error": type(error).__name__})
    return json.dumps({"event": "queue", "waiting": sum(queues.values()), "queues": queues})


def main(names):
    """Print for ever; ECS stops it together with the worker."""
    client = redis.from_url(os.environ["QUEUE_URL"], socket_timeout=10)
    while True:
        print(report(client, names), flush=True)
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1:])
