// A receiver of Confluence webhooks on Express.
//
//     npm install
//     SENDER=spec WEBHOOK_SECRET=… node server.js

import express from 'express';
import { Unauthorized, authenticate, isConnectionTest } from './auth.js';
import { Deliveries, InvalidDelivery } from './deliveries.js';

const app = express();
const deliveries = new Deliveries();

// The bytes as received: no other parser of bodies may run before this one. A larger body gets 413, a compressed one 415.
const rawBody = express.raw({ type: () => true, limit: '4mb', inflate: false });

// Confluence Cloud does not name the event in the body: register a URL for each event.
const paths = ['/hooks', '/hooks/:event'];

app.post(paths, rawBody, async (request, response) => {
  const { method, originalUrl: url, headers } = request;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const received = { method, url, headers, body };
  if (isConnectionTest(received)) return response.sendStatus(200);
  await authenticate(received);
  if (!request.is('application/json')) return response.sendStatus(415);
  deliveries.add(body, request.params.event);
  response.sendStatus(200);
});

app.all(paths, (request, response) => response.set('Allow', 'POST').sendStatus(405));

if (process.env.SHOW_STATE) { // for `cfwh probe --state`, never in production
  app.get('/state', (request, response) => response.json(deliveries.state()));
}

app.use((error, request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof Unauthorized) return response.status(401).send(error.message);
  if (error instanceof InvalidDelivery) return response.status(400).send(error.message);
  if (!error.status) console.error(error);
  response.sendStatus(error.status ?? 500);
});

app.listen(process.env.PORT ?? 3000, '127.0.0.1');
