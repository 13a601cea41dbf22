"""A client of streamed chat answers that notes when each piece came: plain sockets, one thread."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import orjson

from benchmarks.load import Target, request_bytes

PATH = "/v1/chat/completions"


@dataclass
class Answer:
    """When the request went out and when each token came, by the monotonic clock in seconds."""

    began: float
    arrivals: list[float] = field(default_factory=list)

    @property
    def first_s(self) -> float:
        """Seconds to the first token."""
        return self.arrivals[0] - self.began

    @property
    def gaps_s(self) -> list[float]:
        """Seconds between one token and the next."""
        pairs = zip(self.arrivals, self.arrivals[1:], strict=False)
        return [later - earlier for earlier, later in pairs]


def ask(target: Target, model: str, tokens: int, prompt: str = "hello there") -> Answer:
    """One streamed chat answer of ``tokens`` tokens. Raises SystemExit where it is another one."""
    messages = [{"role": "user", "content": prompt}]
    body = {"model": model, "messages": messages, "stream": True, "max_tokens": tokens}
    family = socket.AF_UNIX if isinstance(target, str) else socket.AF_INET
    with socket.socket(family) as line:
        answer = Answer(time.perf_counter())
        line.connect(target)
        line.sendall(request_bytes(PATH, orjson.dumps(body | {"temperature": 0})))
        tail = b""
        while b"data: [DONE]" not in tail:
            data = line.recv(1 << 16)
            if not data:
                raise SystemExit(f"the answer broke off: {tail[-300:]!r}")
            now = time.perf_counter()
            answer.arrivals += [now] * data.count(b'"delta":{"content":"')
            tail = tail[-16:] + data
    if not answer.arrivals:
        raise SystemExit(f"no answer: {tail[-300:]!r}")
    return answer


def ask_together(target: Target, model: str, tokens: int, count: int) -> float:
    """Tokens a second of ``count`` streams together, from the first request to the last token.

    Raises SystemExit where an answer is shorter than was asked for.
    """
    with ThreadPoolExecutor(count) as pool:
        began = time.perf_counter()
        prompts = [f"hello {number}" for number in range(count)]
        answers = list(pool.map(lambda prompt: ask(target, model, tokens, prompt), prompts))
    lengths = {len(answer.arrivals) for answer in answers}
    if lengths != {tokens}:
        raise SystemExit(f"answers of {sorted(lengths)} tokens, not {tokens}")
    last = max(answer.arrivals[-1] for answer in answers)
    return sum(len(answer.arrivals) for answer in answers) / (last - began)
