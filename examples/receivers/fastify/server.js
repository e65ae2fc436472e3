// A receiver of Confluence webhooks on Fastify.
//
//     npm install
//     SENDER=spec WEBHOOK_SECRET=… node server.js

import Fastify from 'fastify';
import { Unauthorized, authenticate, isConnectionTest } from './auth.js';
import { Deliveries, InvalidDelivery } from './deliveries.js';

const app = Fastify({ bodyLimit: 4 * 1024 * 1024 }); // bytes; a larger body gets 413
const deliveries = new Deliveries();

// The bytes as received: Fastify would parse JSON before you can verify it.
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request, body) => body);

async function receive(request, reply) {
  const { method, url, headers } = request.raw;
  const body = request.body ?? Buffer.alloc(0);
  const received = { method, url, headers, body };
  if (isConnectionTest(received)) return reply.code(200).send();
  await authenticate(received);
  const [mediaType] = (headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') return reply.code(415).send();
  deliveries.add(body, request.params.event);
  return reply.code(200).send();
}

// Confluence Cloud does not name the event in the body: register a URL for each event.
for (const path of ['/hooks', '/hooks/:event']) {
  app.post(path, receive);
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: path,
    handler: (request, reply) => reply.code(405).header('Allow', 'POST').send(),
  });
}

if (process.env.SHOW_STATE) { // for `cfwh probe --state`, never in production
  app.get('/state', async () => deliveries.state());
}

app.setErrorHandler((error, request, reply) => {
  if (error instanceof Unauthorized) return reply.code(401).send(error.message);
  if (error instanceof InvalidDelivery) return reply.code(400).send(error.message);
  if (!error.statusCode) console.error(error);
  return reply.code(error.statusCode ?? 500).send();
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
