"""Queues and tasks: each task has a queue and a route, and both sides count attempts alike."""

from infra.dev.openapi import routers
from infra.queues import queues
from shared.http.context import Access
from shared.models.tasks import MOST_ATTEMPTS, TASKS, Queue, Task

ROUTES = [route for router in routers() if router.group == "tasks" for route in router.routes]


def test_every_queue_is_set_up_and_nothing_else() -> None:
    assert set(queues()) == set(Queue)


def test_the_last_attempt_is_the_same_for_the_queue_and_for_us() -> None:
    assert {name: settings.max_attempts for name, settings in queues().items()} == MOST_ATTEMPTS


def test_every_kind_of_task_is_known_by_its_own_name() -> None:
    assert set(TASKS.values()) == set(Task.__subclasses__())
    assert all(kind == task.kind for kind, task in TASKS.items())


def test_every_task_has_its_route() -> None:
    taken = {route.path.removeprefix("/"): route.body for route in ROUTES if route.body}
    assert taken == TASKS


def test_only_our_own_queues_and_schedule_get_in() -> None:
    assert {route.access for route in ROUTES} == {Access.TASK}
