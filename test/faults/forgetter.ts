// A process that appends texts and forgets accounts until it is killed: node forgetter.ts EVENTS KEYS SEED. Before and after
// each step it writes a line of JSON to standard output.
import { writeSync } from 'node:fs';
import { keyedEventStore, sqliteKeys } from '../../src/stores/keys/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { libsql } from '../support/sqliteDrivers.js';

const [events = '', keys = '', seed = '0'] = process.argv.slice(2);
const store = keyedEventStore(sqliteEventStore(libsql.open(events)), { keys: sqliteKeys(libsql.open(keys)) });
let state = Number(seed);
/** A number below another one. */
const below = (end: number) => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (state >> 8) % end;
};
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

for (;;) {
  const stream = { institution: 'north', patronId: `p${below(4)}` };
  const { version } = await store.read(stream);
  // An account without events has nothing to forget.
  if (below(3) > 0 || version === 0) {
    const comment = `secret-${stream.patronId}-${version + 1}-`;
    say({ ...stream, appends: version + 1 });
    await store.append(stream, [assessedFee(`f${version + 1}`, { comment })], { expectedVersion: version });
    say({ ...stream, appended: version + 1 });
  } else {
    const last = Math.max(1, version - below(4));
    const versions = Array.from({ length: last }, (_, index) => index + 1);
    say({ ...stream, forgets: last });
    await store.redact(stream, { versions });
    say({ ...stream, forgot: last });
  }
}
