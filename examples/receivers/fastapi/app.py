"""A receiver of Confluence webhooks on FastAPI.

    pip install -r requirements.txt
    SENDER=spec WEBHOOK_SECRET=… uvicorn app:app --port 3000
"""

import os
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request
from starlette.concurrency import run_in_threadpool

import auth
from deliveries import Deliveries, InvalidDelivery

LARGEST_BODY = 4 * 1024 * 1024  # bytes


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.deliveries = Deliveries(os.environ.get("DATABASE", "deliveries.db"))
    yield


app = FastAPI(lifespan=lifespan, openapi_url=None)


# Confluence Cloud does not name the event in the body: register a URL for each event.
# The parameter is the Request, not a model: FastAPI would parse the body before you can verify it.
@app.post("/hooks")
@app.post("/hooks/{event}")
async def receive(request: Request, event: str | None = None) -> None:
    body = await read_body(request)
    url = request.scope
    received = auth.Request(
        request.method, url["raw_path"].decode(), url["query_string"].decode(), request.headers, body
    )
    # In a thread: both may wait, for keys and for the database.
    await run_in_threadpool(accept, received, event)


def accept(request: auth.Request, event: str | None) -> None:
    if auth.is_connection_test(request):
        return
    try:
        auth.authenticate(request)
    except auth.Unauthorized as error:
        raise HTTPException(401, str(error)) from error
    if request.headers.get("Content-Type", "").split(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "the body must be application/json")
    try:
        app.state.deliveries.add(request.body, event)
    except InvalidDelivery as error:
        raise HTTPException(400, str(error)) from error


async def read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, f"the body is larger than {LARGEST_BODY} bytes")
    return bytes(body)


if os.environ.get("SHOW_STATE"):  # for `cfwh probe --state`, never in production

    @app.get("/state")
    def state() -> dict[str, object]:
        return app.state.deliveries.state()
