"""A receiver of Confluence webhooks on Flask.

    pip install -r requirements.txt
    SENDER=spec WEBHOOK_SECRET=… waitress-serve --host 127.0.0.1 --port 3000 app:app
"""

import os

from flask import Flask, abort, request

import auth
from deliveries import Deliveries, InvalidDelivery

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 4 * 1024 * 1024  # bytes; a larger body gets 413
deliveries = Deliveries(os.environ.get("DATABASE", "deliveries.db"))


# Confluence Cloud does not name the event in the body: register a URL for each event.
@app.post("/hooks")
@app.post("/hooks/<event>")
def receive(event: str | None = None):
    body = request.get_data()  # the bytes as received, not request.json
    query = request.query_string.decode()
    received = auth.Request(request.method, request.path, query, request.headers, body)
    if auth.is_connection_test(received):
        return "", 200
    try:
        auth.authenticate(received)
    except auth.Unauthorized as error:
        abort(401, str(error))
    if request.mimetype != "application/json":
        abort(415)
    try:
        deliveries.add(body, event)
    except InvalidDelivery as error:
        abort(400, str(error))
    return "", 200


if os.environ.get("SHOW_STATE"):  # for `cfwh probe --state`, never in production

    @app.get("/state")
    def state():
        return deliveries.state()
