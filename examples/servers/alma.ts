// `npm run alma -- --port 8080`: serves the example accounts to clients of Alma, as a mock for test harnesses.
import { almaFeesHandler } from 'patron-fees/alma';
import { withUsers } from './almaUsers.js';
import { commandLine, exampleAccounts, libraries, people } from './exampleAccounts.js';
import { serveHttp } from './serveHttp.js';

const { port, host, file, key } = commandLine('8080');
const { patronId, close: _close, ...accounts } = await exampleAccounts(file);
const fees = almaFeesHandler({
  ...accounts,
  libraries,
  // Without a key, everybody who reaches the port could pay and waive fees.
  authorize: ({ apiKey }) => apiKey === key,
  patron: async ({ userId }) => {
    const id = await patronId(userId);
    return id === undefined ? undefined : { patronId: id };
  },
  onError: console.error,
});
const handler = withUsers(fees, (id) => people.find(({ patronId }) => patronId === id));
const server = await serveHttp(handler, { port, host });
console.log(`Alma's fees on http://${host}:${server.port}/almaws/v1/users/dverma/fees?apikey=${key}`);
console.log('Users: dverma, ftanaka, lbergstrom, nodonnell; their password is 1234.');
