// `npm run folio -- --port 8082`: serves the example accounts to clients of FOLIO, as a mock for test harnesses.
import { randomUUID } from 'node:crypto';
import { folioFeesHandler } from 'patron-fees/folio';
import { commandLine, exampleAccounts, libraries, people } from './exampleAccounts.js';
import { isSecret } from './isSecret.js';
import { serveHttp } from './serveHttp.js';

const { port, host, file, key } = commandLine('8082');
const { patronId: _patronId, close: _close, ...accounts } = await exampleAccounts(file);
const patrons = people.map(({ patronId, firstName, lastName, email }) => {
  const personal = { firstName, lastName, email };
  return {
    patronId,
    details: { username: patronId, barcode: patronId, externalSystemId: patronId, personal },
  };
});
const accessToken = randomUUID();
const handler = folioFeesHandler({
  ...accounts,
  libraries,
  login: ({ password }) => (isSecret(password, key) ? { accessToken, expiresIn: 600 } : undefined),
  // Without a key, everybody who reaches the port could pay and waive fees.
  authorize: ({ token, apiKey }) => isSecret(token, accessToken) || isSecret(apiKey, key),
  // All identifiers of the example are the same: the patron's id.
  patron: ({ identifier }) => patrons.find(({ patronId }) => patronId === identifier),
  methods: { 'Credit Card': 'CREDIT_CARD' },
  onError: console.error,
});
const server = await serveHttp(handler, { port, host });
const address = `http://${host}:${server.port}`;
console.log(`FOLIO's fees on ${address}: POST /authn/login with any username and the password ${key}.`);
console.log(`Users: ${address}/users?query=username==dverma&apikey=${key}, ftanaka, lbergstrom, nodonnell.`);
