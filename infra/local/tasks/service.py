"""The methods of google.cloud.tasks.v2.CloudTasks, over the registry and the dispatcher."""

import secrets
import time
from collections.abc import Callable
from typing import Any, TypeAlias

import grpc
from google.cloud.tasks_v2 import types
from google.protobuf.empty_pb2 import Empty

from infra.local.tasks.dispatcher import Dispatcher
from infra.local.tasks.messages import (
    PAUSED,
    RUNNING,
    Queue,
    QueueMessage,
    TaskMessage,
    check_settings,
    fill_defaults,
    new_task,
    shown,
)
from infra.local.tasks.names import check_location, check_queue, check_task, parent
from infra.local.tasks.pages import page
from infra.local.tasks.queues import PendingTask
from infra.local.tasks.refusals import Refusal, invalid, taken, unsupported
from infra.local.tasks.registry import Registry

SERVICE = "google.cloud.tasks.v2.CloudTasks"
MOST_QUEUES_PER_PAGE = 9_800
MOST_TASKS_PER_PAGE = 1_000

Message: TypeAlias = Any
Method: TypeAlias = Callable[[Message], Message]


class CloudTasks:
    """Each method takes the protobuf request and returns the response or raises Refusal."""

    def __init__(self, registry: Registry, dispatcher: Dispatcher) -> None:
        self._registry = registry
        self._dispatcher = dispatcher

    def handler(self) -> grpc.GenericRpcHandler:
        """What a gRPC server needs in order to answer all the methods."""
        methods: list[tuple[str, Any, Method]] = [
            ("CreateQueue", types.CreateQueueRequest, self.create_queue),
            ("UpdateQueue", types.UpdateQueueRequest, self.update_queue),
            ("GetQueue", types.GetQueueRequest, self.get_queue),
            ("ListQueues", types.ListQueuesRequest, self.list_queues),
            ("DeleteQueue", types.DeleteQueueRequest, self.delete_queue),
            ("PauseQueue", types.PauseQueueRequest, self.pause_queue),
            ("ResumeQueue", types.ResumeQueueRequest, self.resume_queue),
            ("PurgeQueue", types.PurgeQueueRequest, self.purge_queue),
            ("CreateTask", types.CreateTaskRequest, self.create_task),
            ("GetTask", types.GetTaskRequest, self.get_task),
            ("ListTasks", types.ListTasksRequest, self.list_tasks),
            ("DeleteTask", types.DeleteTaskRequest, self.delete_task),
            ("RunTask", types.RunTaskRequest, self.run_task),
        ]
        return grpc.method_handlers_generic_handler(
            SERVICE, {name: self._method(request, method) for name, request, method in methods}
        )

    def create_queue(self, request: Message) -> QueueMessage:
        message = _settings(request.queue)
        if parent(message.name) != check_location(request.parent):
            raise invalid("The queue's name must start with the parent.")
        if message.name in self._registry.queues:
            raise taken(f"There is already a queue {message.name}.")
        self._registry.put_queue(message)
        return message

    def update_queue(self, request: Message) -> QueueMessage:
        """Creates the queue when there is none, as Cloud Tasks does."""
        name = check_queue(request.queue.name)
        current = self._registry.queues.get(name)
        message = Queue(name=name)
        if current and request.update_mask.paths:
            message.CopyFrom(current.message)
            try:
                request.update_mask.MergeMessage(request.queue, message, replace_message_field=True)
            except (KeyError, ValueError) as error:
                raise invalid("update_mask names an unknown field.") from error
        else:
            message.CopyFrom(request.queue)
        message = _settings(message)
        if current:
            message.state = current.message.state
            if current.message.HasField("purge_time"):
                message.purge_time.CopyFrom(current.message.purge_time)
        self._registry.put_queue(message)
        return message

    def get_queue(self, request: Message) -> QueueMessage:
        return self._registry.queue(check_queue(request.name)).message

    def list_queues(self, request: Message) -> Message:
        if request.filter:
            raise unsupported("Filters are not supported here.")
        location = check_location(request.parent)
        queues = self._registry.queues
        names, token = page(
            (name for name in queues if parent(name) == location),
            size=request.page_size,
            token=request.page_token,
            most=MOST_QUEUES_PER_PAGE,
        )
        return types.ListQueuesResponse.pb()(
            queues=[queues[name].message for name in names], next_page_token=token
        )

    def delete_queue(self, request: Message) -> Message:
        self._registry.delete_queue(check_queue(request.name))
        return Empty()

    def pause_queue(self, request: Message) -> QueueMessage:
        return self._set_state(request.name, PAUSED)

    def resume_queue(self, request: Message) -> QueueMessage:
        return self._set_state(request.name, RUNNING)

    def purge_queue(self, request: Message) -> QueueMessage:
        queue = self._registry.queue(check_queue(request.name))
        self._registry.purge_queue(queue)
        return queue.message

    def create_task(self, request: Message) -> TaskMessage:
        queue = self._registry.queue(check_queue(request.parent))
        if not request.task.name:
            request.task.name = f"{request.parent}/tasks/{secrets.randbits(63)}"
        message = new_task(request.task)
        if parent(message.name) != request.parent:
            raise invalid("The task's name must start with the parent.")
        if queue.remembers(message.name, time.time()):
            raise taken(f"There is, or was within the last hour, a task {message.name}.")
        self._registry.schedule(queue, PendingTask(message))
        return shown(message, request.response_view)

    def get_task(self, request: Message) -> TaskMessage:
        _, task = self._registry.task(check_task(request.name))
        return shown(task.message, request.response_view)

    def list_tasks(self, request: Message) -> Message:
        tasks = self._registry.queue(check_queue(request.parent)).tasks
        names, token = page(
            tasks,
            size=request.page_size,
            token=request.page_token,
            most=MOST_TASKS_PER_PAGE,
        )
        return types.ListTasksResponse.pb()(
            tasks=[shown(tasks[name].message, request.response_view) for name in names],
            next_page_token=token,
        )

    def delete_task(self, request: Message) -> Message:
        queue, task = self._registry.task(check_task(request.name))
        self._registry.remove_task(queue, task.message.name)
        return Empty()

    def run_task(self, request: Message) -> TaskMessage:
        queue, task = self._registry.task(check_task(request.name))
        self._dispatcher.run(queue, task)
        return shown(task.message, request.response_view)

    def _set_state(self, name: str, state: int) -> QueueMessage:
        queue = self._registry.queue(check_queue(name))
        self._registry.set_state(queue, state)
        return queue.message

    def _method(self, request_type: Any, method: Method) -> "grpc.RpcMethodHandler[Any, Any]":
        def answer(request: Message, context: grpc.ServicerContext) -> bytes:
            try:
                with self._registry.changed:
                    # Encoded under the lock: the dispatcher changes the same messages.
                    encoded: bytes = method(request).SerializeToString()
            except Refusal as refusal:
                context.abort(refusal.status, str(refusal))
            return encoded

        return grpc.unary_unary_rpc_method_handler(
            answer, request_deserializer=request_type.pb().FromString
        )


def _settings(asked: QueueMessage) -> QueueMessage:
    check_settings(asked)
    message = Queue()
    message.CopyFrom(asked)
    message.ClearField("state")
    message.ClearField("purge_time")
    fill_defaults(message)
    return message
