// The promise of this library to everyone who stores its events: every later release folds the events of earlier ones to
// the same figures. A published log is never changed. If a test here fails, stored accounts would show other balances
// after an update. The events of pre-releases (v0.0.*) are the worked example of retired shapes.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { goldenLogs } from '../../scripts/goldenStories.js';
import { circumstancesFields } from '../../src/account/fieldSchemas.js';
import { decodeEvents, encodeEvents } from '../../src/history/codec.js';
import { eventFields, eventSchemas } from '../../src/history/eventSchemas.js';
import { fold } from '../../src/index.js';
import { violations } from '../../src/testing/index.js';
import { typesOfUnion } from '../support/compiler.js';
import { figures } from '../support/figures.js';

const here = fileURLToPath(new URL('./', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

const read = (path: string) => readFileSync(`${here}${path}`, 'utf8');

const releases = readdirSync(here).filter((name) => name.startsWith('v'));

const logs = releases.flatMap((release) =>
  readdirSync(`${here}${release}`)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => ({ release, log: `${release}/${name.replace('.ndjson', '')}` })),
);

/** Fields that every event may have: one event with each is enough. */
const circumstances = Object.keys(circumstancesFields);

const published = logs.filter(({ release }) => !release.startsWith('v0.0.'));

describe.each(logs)('the log $log', ({ log }) => {
  const account = fold(decodeEvents(read(`${log}.ndjson`)));

  it('folds to its recorded figures', () => {
    expect(figures(account)).toEqual(JSON.parse(read(`${log}.figures.json`)));
  });

  it('folds to an account without violations', () => {
    expect(violations(account)).toEqual([]);
  });
});

describe.each(published)('the log $log', ({ log }) => {
  // If this fails, the shape of an event has changed: keep the old one in src/history/retiredShapes.ts.
  it('is encoded unchanged, unless its shapes were retired', () => {
    const events = decodeEvents(read(`${log}.ndjson`));
    expect(encodeEvents(events)).toBe(read(`${log}.ndjson`));
  });
});

describe('the logs of this release', () => {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const written = logs
    .filter(({ release }) => release === `v${version}`)
    .flatMap(({ log }) => decodeEvents(read(`${log}.ndjson`)));

  // If this fails, see "An optional field of an event" in CONTRIBUTING.md.
  it('are what its stories give', () => {
    expect(
      goldenLogs()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(logs.filter(({ release }) => release === `v${version}`).map(({ log }) => log.split('/')[1]));
    for (const { name, events } of goldenLogs())
      expect(encodeEvents(events), name).toBe(read(`v${version}/${name}.ndjson`));
  });

  it('contain every field of every event', () => {
    const schemas = eventSchemas(eventFields(2));
    const missing = Object.entries(schemas).flatMap(([type, { entries }]) =>
      Object.keys(entries.data.entries)
        .filter((field) => !written.some((event) => event.type === type && field in event.data))
        .filter((field) => !circumstances.includes(field))
        .map((field) => `${type}.${field}`),
    );
    expect(missing).toEqual([]);
  });

  it('contain every event type', () => {
    expect([...new Set(written.map(({ type }) => type))].sort()).toEqual(
      typesOfUnion(root, 'src/account/events/accountEvent.ts', 'AccountEvent').sort(),
    );
  });
});
