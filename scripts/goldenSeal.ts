// The golden books of this release: events as a store recorded them, and the file of their seal. A later release must find
// nothing when it verifies them. `npm run golden` writes them once; before this version is published, delete the folder to
// write them again.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { encodeEvents } from '../src/history/codec.js';
import { decodeEvents, memoryEventStore } from '../src/history/index.js';
import { definePolicy } from '../src/index.js';
import { executeTill, officeEvents } from '../src/office/index.js';
import { sealPeriod } from '../src/seals/index.js';
import { goldenLogs } from './goldenStories.js';

/** Writes the golden books of a release, unless they are there. */
export async function writeGoldenSeal(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  let second = 0;
  let start = '2026-03-05T12:00:00Z';
  const now = () => {
    second += 1;
    return new Date(Date.parse(start) + second * 1_000).toISOString();
  };
  const accounts = memoryEventStore({ now });
  const office = memoryEventStore({ now, codec: officeEvents });
  const institution = 'north';
  for (const { name, events } of goldenLogs()) {
    // The log of a purged account begins with the purge, which is recorded by a purge only.
    if (events[0]?.type === 'AccountPurged') continue;
    for (const event of decodeEvents(encodeEvents(events)))
      await accounts.append({ institution, patronId: name }, [event], { expectedVersion: 'any' });
  }
  const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
  const open = { type: 'OpenTill', id: 's1', float: '50.00', at: '2026-03-05T12:00:00Z', by } as const;
  const policy = definePolicy({ currency: 'USD' });
  await executeTill(office, policy, { institution, till: 'CIRC' }, open);
  start = '2026-04-01T12:00:00Z';
  const form = { institution, month: '2026-03', timeZone: 'America/New_York', at: start };
  await sealPeriod({ accounts, office }, policy, form, { folder });
  for (const [name, store] of Object.entries({ accounts, office })) {
    const { events } = await store.readAll();
    writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(events, null, 1)}\n`);
  }
}

/** Reads the golden books of a release into stores: with their seals, or as they were before. */
export async function goldenBooks(folder: string, state: 'sealed' | 'unsealed' = 'sealed') {
  const now = () => '2026-04-01T12:00:00Z';
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  for (const [name, store] of Object.entries(stores)) {
    const events = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
    for (const { recordedAt, event, version: _version, ...stream } of events) {
      if (state === 'unsealed' && stream.stream === 'seals:') continue;
      await store.append(stream, [event], { expectedVersion: 'any', recordedAt });
    }
  }
  return stores;
}
