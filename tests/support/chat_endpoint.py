"""An OpenAI-compatible endpoint of the tests' own, which misbehaves on order."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from support.web import serve_in_threads

Reply = tuple[int, bytes]


def completion(content: str) -> Reply:
    """The answer of a model with this content."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1724155200,
        "model": "test-model",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": content},
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return 200, json.dumps(body).encode()


@dataclass
class ChatEndpoint:
    """What the endpoint was asked, and what it answers."""

    reply: Callable[[], Reply]
    url: str = ""
    questions: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def hang(self) -> Reply:
        """Answer only when the test is over."""
        self.released.wait(30)
        return completion("{}")


@contextmanager
def chat_endpoint(reply: Callable[[], Reply]) -> Iterator[ChatEndpoint]:
    """Run the endpoint on a free port until the block ends."""
    endpoint = ChatEndpoint(reply)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            endpoint.questions.append({"path": self.path, **json.loads(self.rfile.read(length))})
            endpoint.headers.append({name.lower(): v for name, v in self.headers.items()})
            status, body = endpoint.reply()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                return  # it was not waited for

        def log_message(self, *_: object) -> None:
            return

    with serve_in_threads(Handler) as port:
        endpoint.url = f"http://127.0.0.1:{port}/v1"
        try:
            yield endpoint
        finally:
            endpoint.released.set()
