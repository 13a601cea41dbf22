"""No body of the control plane is larger than one of the data plane may be."""

from bodhi.errors import BodyTooLarge
from bodhi.http.asgi import App, Message, Receive, Scope, Send, send_error


class BodyLimit:
    """ASGI application that answers 413 in place of ``app`` where a body is over ``most_bytes``.

    A length that is announced is enough; without one, nothing beyond the limit is passed on.
    """

    def __init__(self, app: App, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._most:
            await send_error(send, self._refusal())
            return
        size, is_over, is_told = 0, False, False

        async def counted() -> Message:
            nonlocal size, is_over
            message = await receive()
            size += len(message.get("body", b""))
            is_over = is_over or size > self._most
            return {"type": "http.disconnect"} if is_over else message

        async def answer(message: Message) -> None:
            nonlocal is_told
            if not is_over:
                await send(message)
            elif not is_told:
                is_told = True
                await send_error(send, self._refusal())

        await self._app(scope, counted, answer)
        if is_over and not is_told:
            await send_error(send, self._refusal())

    def _refusal(self) -> BodyTooLarge:
        return BodyTooLarge(
            f"The body is larger than {self._most / 1048576:g} MiB.",
            remedy="The setting max_body_mib raises this limit.",
        )
