// The promise of this library to everyone who stores its events: every later release folds the events of earlier ones to
// the same figures. A published log is never changed. If a test here fails, stored accounts would show other balances
// after an update. The events of pre-releases (v0.0.*) are the worked example of retired shapes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { officeLogs } from '../../scripts/goldenOffice.js';
import { goldenLogs } from '../../scripts/goldenStories.js';
import { circumstancesFields } from '../../src/account/fieldSchemas.js';
import { decodeEvents, encodeEvents } from '../../src/history/codec.js';
import { eventFields, eventSchemas } from '../../src/history/eventSchemas.js';
import { fold } from '../../src/index.js';
import { officeEventSchemas } from '../../src/office/officeEventSchemas.js';
import { officeFields } from '../../src/office/officeFields.js';
import { violations } from '../../src/testing/index.js';
import { typesOfUnion } from '../support/compiler.js';
import { figures } from '../support/figures.js';
import { officeEventsOf, officeFigures, officeLines } from '../support/officeFigures.js';

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
  // If this fails, the shape of an event has changed: keep the old one in src/history/codec.ts.
  it('is encoded byte for byte, unless its shapes were retired', () => {
    const events = decodeEvents(read(`${log}.ndjson`));
    expect(encodeEvents(events)).toBe(read(`${log}.ndjson`));
  });
});

const officeOf = (release: string) =>
  existsSync(`${here}${release}/office`)
    ? readdirSync(`${here}${release}/office`)
        .filter((name) => name.endsWith('.ndjson'))
        .map((name) => ({
          name: name.replace('.ndjson', ''),
          log: `${release}/office/${name.replace('.ndjson', '')}`,
        }))
    : [];

describe.each(releases.flatMap(officeOf))('the log $log', ({ log }) => {
  it('folds to its recorded figures, and is encoded unchanged', () => {
    const events = officeEventsOf(read(`${log}.ndjson`));
    const recorded = JSON.parse(read(`${log}.figures.json`));
    // A later release may fold more out of the same events.
    expect(officeFigures(recorded.stream, events)).toMatchObject(recorded);
    expect(officeLines(events)).toBe(read(`${log}.ndjson`));
  });
});

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** The schema of an event's data: its fields, or several shapes. */
type FieldsOfData =
  | { readonly entries: object }
  | { readonly options: readonly { readonly entries: object }[] };

const fieldsOf = (data: FieldsOfData): readonly string[] =>
  'options' in data ? data.options.flatMap(({ entries }) => Object.keys(entries)) : Object.keys(data.entries);

/** Returns the fields of events that no written event has. */
const missingFields = (
  schemas: Readonly<Record<string, { readonly entries: { readonly data: FieldsOfData } }>>,
  written: readonly { readonly type: string; readonly data: object }[],
) =>
  Object.entries(schemas).flatMap(([type, { entries }]) =>
    fieldsOf(entries.data)
      .filter((field) => !written.some((event) => event.type === type && field in event.data))
      .map((field) => `${type}.${field}`),
  );

describe('the logs of the office of this release', () => {
  // If this fails, see "An event of the office" in CONTRIBUTING.md.
  it('are what its stories give', () => {
    const names = officeOf(`v${version}`).map(({ name }) => name);
    expect(Object.keys(officeLogs).sort()).toEqual(names.sort());
    for (const [name, { events }] of Object.entries(officeLogs))
      expect(officeLines(events), name).toBe(read(`v${version}/office/${name}.ndjson`));
  });

  it('contain every field of every event', () => {
    const written = Object.values(officeLogs).flatMap(({ events }) => events);
    expect(missingFields(officeEventSchemas(officeFields(2)), written)).toEqual([]);
  });
});

describe('the logs of this release', () => {
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
    const missing = missingFields(eventSchemas(eventFields(2)), written);
    expect(missing.filter((field) => !circumstances.includes(field.split('.')[1] ?? ''))).toEqual([]);
  });

  it('contain every event type', () => {
    expect([...new Set(written.map(({ type }) => type))].sort()).toEqual(
      typesOfUnion(root, 'src/account/events/accountEvent.ts', 'AccountEvent').sort(),
    );
  });
});
