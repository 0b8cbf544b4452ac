// A process that works at a till and records remittances until it is killed: node --import tsx officeWriter.ts OFFICE.
// It writes a line for each command: a long one, since a process that is far ahead of its reader is killed too late. Every
// process gives the same commands.
import { once } from 'node:events';
import { executeRemittance } from '../../src/bursar/index.js';
import { executeTill, officeEvents } from '../../src/office/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';
import { officeCommands, officePolicy } from './officeCommands.js';

const [file = ''] = process.argv.slice(2);
const store = sqliteEventStore(libsql.open(file), {
  synchronous: 'normal',
  busyTimeoutMs: 60_000,
  codec: officeEvents,
});
const retry = { attempts: 1_000 };
for (const command of officeCommands()) {
  const { decision } =
    command.of === 'till'
      ? await executeTill(store, officePolicy, { institution: 'north', till: 'CIRC' }, command.command, {
          retry,
        })
      : await executeRemittance(store, officePolicy, { institution: 'north' }, command.command, { retry });
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  if (!process.stdout.write(`${command.command.id.padEnd(16_000)}\n`)) await once(process.stdout, 'drain');
}
