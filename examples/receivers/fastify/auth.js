// Is a request from your Confluence? One function for each sender: copy the one that you need.
//
// Environment: SENDER is `spec`, `datacenter`, `cloud`, `connect` or `forge`; `checks` has the variables of each.
//
// A request is { method, url, headers, body }: the URL as received, without the host; headers with lower-case names; the body
// as a Buffer. JSON that was parsed and written again has another signature.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';

export class Unauthorized extends Error {}

const { env } = process;
const sender = env.SENDER ?? 'spec';

const sha256 = (text) => createHash('sha256').update(text).digest();

// In constant time. The digests have the same length, as timingSafeEqual demands.
const isSame = (given, expected) => timingSafeEqual(sha256(given ?? ''), sha256(expected));

// The published document, and Data Center: HMAC-SHA256 of the body.
function checkSignature({ headers, body }) {
  const digest = createHmac('sha256', env.WEBHOOK_SECRET).update(body).digest('hex');
  if (!isSame(headers['x-hub-signature'], `sha256=${digest}`)) {
    throw new Unauthorized('X-Hub-Signature is missing or wrong');
  }
}

// Data Center's button "Test connection" sends this without a signature, also when there is a secret.
export function isConnectionTest({ headers, body }) {
  const isPing = headers['x-event-key'] === 'diagnostics:ping' && body.toString() === '{"test": true}';
  return sender === 'datacenter' && isPing;
}

// Confluence Cloud signs nothing: register the URL with `?token=…`, and keep the token out of logs.
function checkUrlToken({ url }) {
  const given = new URLSearchParams(url.split('?')[1]).getAll('token');
  if (given.length !== 1 || !isSame(given[0], env.WEBHOOK_TOKEN)) {
    throw new Unauthorized('the token in the URL is missing or wrong');
  }
}

// A Connect app: a token signed with the secret of the installation, for one method, path and query.
async function checkConnect(request) {
  // One entry for each installation. Your callback for `installed` stores them.
  const sharedSecrets = new Map([[env.CONNECT_CLIENT_KEY, env.CONNECT_SHARED_SECRET]]);
  const token = tokenAfter('JWT', request);
  const { payload } = await refuseInvalid(() => {
    const secret = sharedSecrets.get(decodeJwt(token).iss);
    if (!secret) throw new Unauthorized('no installation has this client key');
    return jwtVerify(token, Buffer.from(secret), { algorithms: ['HS256'], requiredClaims: ['exp', 'qsh'] });
  });
  if (!isSame(String(payload.qsh), queryStringHash(request))) {
    throw new Unauthorized('the token is for another request');
  }
}

// https://developer.atlassian.com/cloud/confluence/understanding-jwt-for-connect-apps/
function queryStringHash({ method, url }) {
  const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt().toString(16).toUpperCase());
  const [fullPath, search] = url.split('?');
  // The path of the app's base URL is not covered.
  const basePath = env.CONNECT_BASE_PATH ?? '';
  const path = fullPath.startsWith(basePath) ? fullPath.slice(basePath.length) : fullPath;
  const values = new Map();
  for (const [name, value] of new URLSearchParams(search)) {
    if (name !== 'jwt') values.set(encode(name), [...(values.get(encode(name)) ?? []), encode(value)]);
  }
  const query = [...values.keys()].sort().map((name) => `${name}=${values.get(name).sort()}`).join('&');
  const trimmed = path.replace(/^\/+|\/+$/g, '').replaceAll('&', '%26');
  return sha256(`${method}&/${trimmed}&${query}`).toString('hex');
}

// Fetches Atlassian's public keys when they are needed, and keeps them.
const forgeKeys = createRemoteJWKSet(
  new URL(env.FORGE_JWKS_URL ?? 'https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json'),
  { timeoutDuration: 3000 },
);

// A Forge app's remote backend: a token that Atlassian signs for your app.
async function checkForge(request) {
  const token = tokenAfter('Bearer', request);
  await refuseInvalid(() =>
    jwtVerify(token, forgeKeys, {
      algorithms: ['RS256'], // never the algorithm that the token names
      audience: env.FORGE_APP_ID,
      issuer: 'forge/invocation-token',
      requiredClaims: ['exp'],
    }),
  );
}

function tokenAfter(scheme, { headers }) {
  const [givenScheme, token] = (headers.authorization ?? '').split(' ');
  if (givenScheme !== scheme || !token) throw new Unauthorized(`no \`Authorization: ${scheme}\``);
  return token;
}

// A failure to fetch the keys is a 500, not a 401: Forge then tries again.
async function refuseInvalid(verify) {
  try {
    return await verify();
  } catch (error) {
    if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout) throw error;
    throw new Unauthorized('the token is not valid');
  }
}

const checks = {
  spec: [checkSignature, 'WEBHOOK_SECRET'],
  datacenter: [checkSignature, 'WEBHOOK_SECRET'],
  cloud: [checkUrlToken, 'WEBHOOK_TOKEN'],
  connect: [checkConnect, 'CONNECT_CLIENT_KEY', 'CONNECT_SHARED_SECRET'],
  forge: [checkForge, 'FORGE_APP_ID'],
};
const [check, ...required] = checks[sender];
for (const name of required) {
  if (!env[name]) throw new Error(`set ${name}`); // an empty secret would accept everybody
}

// Throws Unauthorized unless the request is from your Confluence.
export const authenticate = check;
