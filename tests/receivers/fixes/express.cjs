// The fixes of docs/how-to/probe-fixes.md for Express, in one receiver. AUTH is hmac, token, connect, forge or none.
//
// npm install express atlassian-jwt jose json-bigint node-sqlite3-wasm
const crypto = require('node:crypto');
const fs = require('node:fs');
const express = require('express');

const { AUTH = 'hmac', APP_ID: appId, BASE_URL: baseUrl, JWKS_URL: jwksUrl, PORT = 3000, TOKEN = '' } = process.env;

// Valid deliveries are refused
const secret = fs.readFileSync(process.env.SECRET_FILE, 'utf8').replace(/\n$/, '');
if (!secret) throw new Error('the secret is empty');

function equals(given, right) {
  return given.length === right.length && crypto.timingSafeEqual(Buffer.from(given), Buffer.from(right));
}

const schemes = {
  none: () => true,
  hmac(request) {
    const right = 'sha256=' + crypto.createHmac('sha256', secret).update(request.body).digest('hex');
    return equals(request.get('X-Hub-Signature') ?? '', right);
  },
  token(request) {
    return typeof request.query.token === 'string' && equals(request.query.token, TOKEN);
  },
  connect(request) {
    const jwt = require('atlassian-jwt');
    const token = (request.get('Authorization') ?? '').replace(/^JWT /, '');
    const claims = jwt.decodeSymmetric(token, secret, 'HS256');
    const qsh = jwt.createQueryStringHash(jwt.fromExpressRequest(request), false, baseUrl);
    return claims.exp > Date.now() / 1000 && claims.qsh === qsh && claims.iss === process.env.CLIENT_KEY;
  },
  async forge(request) {
    const jose = require('jose');
    const token = (request.get('Authorization') ?? '').replace(/^Bearer /, '');
    keys ??= jose.createRemoteJWKSet(new URL(jwksUrl));
    await jose.jwtVerify(token, keys, { algorithms: ['RS256'], audience: appId, issuer: 'forge/invocation-token' });
    return true;
  },
};
let keys;

async function isGenuine(request) {
  try {
    return await schemes[AUTH](request);
  } catch {
    return false;
  }
}

const JSONbig = require('json-bigint')({ storeAsString: true });

const { Database } = require('node-sqlite3-wasm');
const db = new Database(process.env.DB);
db.exec('CREATE TABLE IF NOT EXISTS delivery (id TEXT PRIMARY KEY)');
db.exec('CREATE TABLE IF NOT EXISTS page (id TEXT PRIMARY KEY, title TEXT, event TEXT, timestamp INTEGER)');

function store(id, event, delivery) {
  db.exec('BEGIN');
  const { changes } = db.run('INSERT INTO delivery VALUES (?) ON CONFLICT DO NOTHING', [id]);
  if (changes === 1 && delivery.page) {
    const { title = null, id: page } = delivery.page;
    db.run(
      `INSERT INTO page VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
       SET title = excluded.title, event = excluded.event, timestamp = excluded.timestamp
       WHERE excluded.timestamp >= page.timestamp`,
      [String(page), title, event, delivery.timestamp ?? null],
    );
  }
  db.exec('COMMIT');
}

const app = express();
const raw = express.raw({ type: () => true, limit: '4mb' });

app.post(['/hooks', '/hooks/:event'], raw, async (request, response) => {
  if (!Buffer.isBuffer(request.body)) request.body = Buffer.alloc(0);
  if (request.get('X-Event-Key') === 'diagnostics:ping') return response.sendStatus(200);
  if (!(await isGenuine(request))) return response.sendStatus(401);
  if (!request.is('application/json')) return response.sendStatus(415);
  let delivery;
  try {
    delivery = JSONbig.parse(request.body.toString('utf8'));
  } catch {
    return response.sendStatus(400);
  }
  const event = delivery.event ?? delivery.eventType ?? request.params.event;
  const id = request.get('X-Atlassian-Webhook-Identifier') ?? `${event} ${delivery.page?.id} ${delivery.timestamp}`;
  store(id, event, delivery);
  response.sendStatus(200);
  setImmediate(work, event, delivery);
});

function work(event, delivery) {
  switch (event) {
    case 'page_created': break;
    default: break;
  }
}

app.get('/state', (request, response) => {
  const pages = db.all(`SELECT id, title, event FROM page WHERE event NOT LIKE '%removed'`);
  response.json({ pages, deliveries: db.get('SELECT count(*) AS count FROM delivery') });
});

app.listen(PORT, '127.0.0.1');
