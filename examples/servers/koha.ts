// `npm run koha -- --port 8081`: serves the example accounts to clients of Koha, as a mock for test harnesses.
import { randomUUID } from 'node:crypto';
import { kohaAccountHandler } from 'patron-fees/koha';
import { commandLine, exampleAccounts, libraries, people } from './exampleAccounts.js';
import { isSecret } from './isSecret.js';
import { serveHttp } from './serveHttp.js';

const { port, host, file, key } = commandLine('8081');
const { patronId: _patronId, close: _close, ...accounts } = await exampleAccounts(file);
// Koha's clients expect numbers as ids of patrons: 1 to 4 here.
const patrons = people.map(({ patronId, firstName, lastName, email }, index) => {
  const names = { firstname: firstName, surname: lastName, email, library_id: 'MAIN' };
  return { patronId, details: { patron_id: index + 1, userid: patronId, cardnumber: patronId, ...names } };
});
const token = { accessToken: randomUUID(), expiresIn: 3600 };
const handler = kohaAccountHandler({
  ...accounts,
  libraries,
  token: ({ clientSecret }) => (isSecret(clientSecret, key) ? token : undefined),
  // Without a key, everybody who reaches the port could pay and waive fees.
  authorize: ({ credentials }) =>
    credentials !== undefined &&
    ('token' in credentials
      ? isSecret(credentials.token, token.accessToken)
      : isSecret(credentials.password, key)),
  patron: ({ patronId }) => patrons.find(({ details }) => String(details.patron_id) === patronId),
  patrons: (query) =>
    patrons
      .map(({ details }) => details)
      .filter((details: Record<string, unknown>) =>
        Object.entries(query).every(([name, value]) => details[name] === value),
      ),
  reasons: { WRITEOFF: 'OTHER', FORGIVEN: 'OTHER', DISCOUNT: 'OTHER' },
  onError: console.error,
});
const server = await serveHttp(handler, { port, host });
console.log(`Koha's accounts on http://${host}:${server.port}/api/v1/patrons/1/account (Basic any:${key})`);
console.log('Patrons: 1 dverma, 2 ftanaka, 3 lbergstrom, 4 nodonnell.');
