// `npm run koha -- --port 8081`: serves the example accounts to clients of Koha, as a mock for test harnesses.
import { randomUUID } from 'node:crypto';
import { memoryEventStore } from 'patron-fees/history';
import { kohaAccountHandler } from 'patron-fees/koha';
import { executeTill, officeEvents } from 'patron-fees/office';
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
// A till that was closed once: cash registers are read only.
const office = memoryEventStore({ now: accounts.now, codec: officeEvents });
const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
const cash = [{ method: 'CASH', amount: '12.29' }];
const [openedAt, closedAt] = ['2026-03-02T09:00:00Z', '2026-03-02T18:00:00Z'];
for (const command of [
  { type: 'OpenTill', id: 's1', float: '0.00', at: openedAt, by } as const,
  { type: 'CloseTill', id: 'c1', sessionId: 's1', takings: cash, counts: cash, at: closedAt, by } as const,
])
  await executeTill(office, accounts.policy, { institution: accounts.institution, till: 'CIRC' }, command);
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
  cashRegisters: { office, tills: [{ till: 'CIRC', library: 'MAIN', name: 'Front desk' }] },
  onError: console.error,
});
const server = await serveHttp(handler, { port, host });
console.log(`Koha's accounts on http://${host}:${server.port}/api/v1/patrons/1/account (Basic any:${key})`);
console.log('Patrons: 1 dverma, 2 ftanaka, 3 lbergstrom, 4 nodonnell.');
