// `npm run sip2 -- --port 6001`: serves the example accounts to SIP2 terminals.
import { sip2Service } from 'patron-fees/sip2';
import { commandLine, exampleAccounts, people } from './exampleAccounts.js';
import { serveSip2 } from './serveSip2.js';

const { port, host, file } = commandLine('6001');
const { patronId, close: _close, ...accounts } = await exampleAccounts(file);
const service = sip2Service({
  ...accounts,
  libraryName: 'North Library',
  // Some terminals need CQ in every response.
  uncheckedPassword: 'N',
  patron: async ({ identifier, password }) => {
    const id = await patronId(identifier);
    const person = people.find((one) => one.patronId === id);
    if (person === undefined) return undefined;
    const { firstName, lastName, group } = person;
    const known = { patronId: person.patronId, name: `${firstName} ${lastName}`, group: group[0] };
    return password === undefined ? known : { ...known, passwordIsValid: password === person.password };
  },
});
const server = await serveSip2(service, { port, host });
console.log(`SIP2 on ${host}:${server.port}; patrons dverma, ftanaka, lbergstrom, nodonnell`);
