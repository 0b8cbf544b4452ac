// The commands on events of the office: every event type, from a file and from a store.
import Database from 'libsql';
import { expect, it } from 'vitest';
import { officeLogs } from '../../../scripts/goldenOffice.js';
import { officeEvents } from '../../../src/office/index.js';
import { officeEventSchemas } from '../../../src/office/officeEventSchemas.js';
import { officeFields } from '../../../src/office/officeFields.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { fileOf, runInMemory, storedLines } from '../../support/commandLine.js';

/** Each log is of a library of its own, because two may be of one stream. */
const logs = Object.entries(officeLogs).map(([institution, { stream, events }]) => ({
  lines: events.map((event, index) =>
    JSON.stringify({ institution, stream, version: index + 1, recordedAt: event.data.at, event }),
  ),
  types: events.map(({ type }) => type),
}));
const lines = logs.flatMap((log) => log.lines);

it('validates a file with all events of the office, beside accounts', async () => {
  const types = new Set(logs.flatMap((log) => log.types));
  expect([...types].sort()).toEqual(Object.keys(officeEventSchemas(officeFields(2))).sort());
  const { output, exitCode } = await runInMemory(['validate', fileOf([...lines, ...storedLines(['u17'])])]);
  const counts = `${lines.length + 3} readable events of 1 accounts and ${logs.length} streams of the office`;
  expect([output, exitCode]).toEqual([`${counts}, 0 faults\n`, 0]);
});

it('names the line of an event of the office that has a fault or does not fit', async () => {
  const [till = ''] = lines.filter((line) => line.includes('"TillOpened"'));
  const again = till.replace('"version":1', '"version":2');
  const file = fileOf([till, again, till.replace('"float":"', '"float":"x'), till.replace('till:', '')]);
  const { output, exitCode } = await runInMemory(['validate', file]);
  expect(exitCode).toBe(1);
  expect(output).toContain(`${file}:3:${till.indexOf('"float":"') + 9}: data.float: expected`);
  expect(output).toMatch(/:2:1: .*till:CIRC/);
  const { output: json } = await runInMemory(['validate', file, '--json']);
  const [, second] = json
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(second).toMatchObject({ line: 2, patronId: null, stream: 'till:CIRC' });
  const empty = await runInMemory(['validate', '-'], { input: till.replace('"till:CIRC"', '""') });
  expect(empty.output).toContain('stream: expected a name');
});

it('finds the first event of a stream that differs', async () => {
  const changed = lines.map((line) => line.replace('"float":"50.00"', '"float":"60.00"'));
  const files = [fileOf(lines), fileOf(changed)] as const;
  expect((await runInMemory(['diff', files[0], files[0]])).output).toBe(
    `0 accounts and ${logs.length} streams of the office, 0 of them differ\n`,
  );
  const { output, exitCode } = await runInMemory(['diff', ...files]);
  expect(exitCode).toBe(1);
  expect(output).toMatch(/till:CIRC: event 1 differs\n +event\n +\S+:\d+ +TillOpened\n/);
  const { output: json } = await runInMemory(['diff', ...files, '--json']);
  expect(json).toContain('"patronId":null,"stream":"till:CIRC"');
});

it('exports the store of an office as lines that can be read again, and copies no accounts from them', async () => {
  const [till] = logs.filter(({ lines: [first = ''] }) => first.includes('till:CIRC'));
  const file = fileOf(till?.lines ?? [], 'office.jsonl');
  const database = new Database(`${file}.db`);
  migrate(database);
  const { institution = '', stream = '' } = JSON.parse(till?.lines[0] ?? '{}');
  const events = (till?.lines ?? []).map((line) => JSON.parse(line).event);
  const store = sqliteEventStore(database, { codec: officeEvents });
  await store.append({ institution, stream }, events, { expectedVersion: 0 });
  database.close();
  const address = `sqlite:${file}.db`;
  const { output } = await runInMemory(['export', address]);
  const written = output.trim().split('\n');
  expect(written.map((line) => JSON.parse(line).event)).toEqual(events);
  const counts = `${events.length} readable events of 0 accounts and 1 streams of the office`;
  expect((await runInMemory(['validate', address])).output).toBe(`${counts}, 0 faults\n`);
  expect((await runInMemory(['diff', address, fileOf(written)])).exitCode).toBe(0);
  const copied = await runInMemory(['copy', fileOf(written), `sqlite:${file}.other.db`]);
  expect(copied.errors).toContain('its events are of the office');
});

it('explains one stream of the office, from a file and from a store', async () => {
  const log = logs.find(({ lines: [first = ''] }) => first.includes('till:CIRC'));
  const { institution = '', stream = '' } = JSON.parse(log?.lines[0] ?? '{}');
  const file = fileOf([...lines, ...storedLines(['u17'])]);
  const whose = ['--stream', stream, '--institution', institution];
  const { output, exitCode } = await runInMemory(['explain', file, ...whose]);
  expect([exitCode, output.match(/"stream":"[^"]*"/g)]).toEqual([
    0,
    log?.lines.map(() => '"stream":"till:CIRC"'),
  ]);
  const several = await runInMemory(['explain', fileOf([...(log?.lines ?? []), ...storedLines(['u17'])])]);
  expect([several.exitCode, several.errors]).toEqual([2, expect.stringContaining('--stream NAME')]);
  const both = await runInMemory(['explain', file, '--stream', stream, '--patron', 'u17']);
  expect([both.exitCode, both.errors]).toEqual([2, expect.stringContaining('--patron')]);

  const database = new Database(`${file}.db`);
  migrate(database);
  const store = sqliteEventStore(database, { codec: officeEvents });
  const events = (log?.lines ?? []).map((line) => JSON.parse(line).event);
  await store.append({ institution, stream }, events, { expectedVersion: 0 });
  await store.append({ institution, stream: 'till:OTHER' }, events, { expectedVersion: 0 });
  database.close();
  const stored = await runInMemory(['explain', `sqlite:${file}.db`, '--stream', stream]);
  expect(stored.exitCode).toBe(0);
  expect(stored.output.match(/"stream":"[^"]*"/g)).toEqual(events.map(() => '"stream":"till:CIRC"'));
  expect((await runInMemory(['explain', `sqlite:${file}.db`, '--stream', 'till:NONE'])).errors).toContain(
    'has nothing to explain',
  );
});

it('says how a stream of an office is chosen', async () => {
  const file = fileOf(lines);
  const database = new Database(`${file}.db`);
  migrate(database);
  const { stream, events } = Object.values(officeLogs)[0] as (typeof officeLogs)[keyof typeof officeLogs];
  const store = sqliteEventStore(database, { codec: officeEvents });
  await store.append({ institution: 'north', stream }, events, { expectedVersion: 0 });
  database.close();
  for (const options of [[], ['--patron', 'u17']]) {
    const { exitCode, errors } = await runInMemory(['explain', `sqlite:${file}.db`, ...options]);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining('--stream NAME')]);
  }
});

it.each([['replay'], ['verify']])(
  'refuses events of the office in %s, which is about accounts',
  async (command) => {
    const file = fileOf(lines);
    const database = new Database(`${file}.db`);
    migrate(database);
    const { stream, events } = Object.values(officeLogs)[0] as (typeof officeLogs)[keyof typeof officeLogs];
    const store = sqliteEventStore(database, { codec: officeEvents });
    await store.append({ institution: 'north', stream }, events, { expectedVersion: 0 });
    database.close();
    for (const address of [file, `sqlite:${file}.db`]) {
      const { exitCode, errors } = await runInMemory([command, address]);
      expect([address, exitCode, errors]).toEqual([
        address,
        2,
        expect.stringContaining(
          'its events are of the office. Commands for them: validate, diff, explain, export.',
        ),
      ]);
    }
  },
);
