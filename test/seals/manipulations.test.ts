import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { copyEvents, type EventStore, execute, type RecordedEvent } from 'patron-fees/history';
import { runPurge } from 'patron-fees/jobs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tried } from '../support/seeded.js';
import type { OpenDatabase } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import {
  type Books,
  booksOver,
  emptyBooks,
  found,
  institution,
  newDatabase,
  policy,
  record,
  seal,
  sealed,
  sealedAsKnown,
  timeZone,
  verify,
} from './sealedBooks.js';

// What a hand with SQL can do to books that were sealed three times, and that verifySeals finds it.

type Row = {
  readonly patron_id: string;
  readonly version: number;
  readonly recorded_at: string;
  readonly event: string;
};
type Table = readonly Row[];

/** What happened to the books before the hand with SQL came. */
const histories = {
  plain: [],
  /** What a slow clock put in, and what an administrator changed, were made known. */
  known: ['known'],
  /** Moved to another store and back. */
  moved: ['moved'],
  /** Restored to before the newest seal, whose file lay in the folder. */
  restored: ['restored'],
  /** All of it, and settled accounts were purged. */
  eventful: ['known', 'restored', 'moved', 'purged'],
} as const satisfies Readonly<Record<string, readonly Happening[]>>;

type Happening = 'known' | 'restored' | 'moved' | 'purged';

/** Sealed books, as they are before a manipulation. */
type Saved = {
  readonly accounts: Table;
  readonly office: Table;
  readonly folder: string;
  readonly totals: readonly string[];
  /** The file of the seal that a restore lost. */
  readonly lostFile: string | null;
};

const prepared = new Map<string, Saved>();
let saved: Saved;

/** Takes the books with a history from now on. */
function take(history: keyof typeof histories): void {
  saved = prepared.get(history) as Saved;
}

const rowsOf = (database: OpenDatabase) =>
  database
    .prepare('select patron_id, version, recorded_at, event from patron_fees_event order by position')
    .all() as Row[];

/** An account with known differences: its second event has an old time, its first one was changed. */
const SLOW = { institution, patronId: 'slow' } as const;
/** An account that is settled in January. */
const SETTLED = { institution, patronId: 'settled' } as const;
const by = { channel: 'desk', userId: 'ana' } as const;
const at = '2026-01-05T15:00:00Z';
const charge = (id: string) =>
  ({ type: 'AssessFee', id, feeType: 'OTHER', amount: '5', owner: 'MAIN', at, by }) as const;

async function prepare(happened: readonly Happening[]): Promise<Saved> {
  let [accounts, office] = [newDatabase(), newDatabase()];
  let books = booksOver(accounts, office);
  const totals: string[] = [];
  let [backup, lostFile]: [Pick<Saved, 'accounts' | 'office'> | null, string | null] = [null, null];
  const close = async (month: string) => {
    const { stores } = books;
    if (month === '2026-01') {
      await execute(stores.accounts, policy, SLOW, charge('f1'));
      await execute(stores.accounts, policy, SETTLED, [
        charge('f1'),
        { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at, by },
      ]);
    }
    if (month === '2026-02' && happened.includes('known')) {
      const [first] = (await stores.accounts.read(SLOW)).events as [RecordedEvent];
      const event = JSON.parse(JSON.stringify(first.event).replaceAll('"f1"', '"f2"'));
      const { recordedAt } = first;
      await stores.accounts.append(SLOW, [event], { expectedVersion: 1, recordedAt });
    }
    if (month === '2026-03' && happened.includes('known')) {
      const [row] = rowsOf(accounts).filter(({ patron_id: id }) => id === SLOW.patronId) as [Row];
      set(accounts, 'event', row, row.event.replace('"ana"', '"ben"'));
    }
    const isKnown = month !== '2026-01' && happened.includes('known');
    const { total } = await (isKnown ? sealedAsKnown : sealed)(books, month);
    totals.push(total);
    if (month === '2026-02') backup = { accounts: rowsOf(accounts), office: rowsOf(office) };
  };
  await record(books, { seed: 11, count: 12 }, close);
  if (happened.includes('restored')) {
    const before = backup as unknown as Pick<Saved, 'accounts' | 'office'>;
    [accounts, office] = [filled(before.accounts), filled(before.office)];
    books = booksOver(accounts, office, books.folder);
    const file = join(books.folder, 'seal-00003.ndjson');
    expect(await seal(books, '2026-03')).toMatchObject({ rejection: { type: 'SealFileExists', number: 3 } });
    lostFile = readFileSync(file, 'utf8');
    rmSync(file);
    totals.pop();
    books.clock.now = '2026-03-20T15:00:00Z';
    for (const { patron_id: patronId } of before.accounts.slice(0, 8))
      await execute(books.stores.accounts, policy, { institution, patronId }, charge(`again ${patronId}`));
    await close('2026-03');
  }
  if (happened.includes('moved')) {
    const { stores } = emptyBooks();
    const target = [newDatabase(), newDatabase()] as const;
    const { stores: last } = booksOver(...target);
    for (const name of ['accounts', 'office'] as const) {
      await copyEvents(books.stores[name] as EventStore, stores[name] as EventStore);
      await copyEvents(stores[name] as EventStore, last[name] as EventStore);
    }
    [accounts, office] = target;
    books = booksOver(accounts, office, books.folder);
  }
  if (happened.includes('purged')) {
    const now = '2026-04-20T15:00:00Z';
    books.clock.now = now;
    const job = { institution, jobId: 'purge', by: { userId: 'mo', roles: ['USER_MANAGER'] } };
    const form = { ...job, timeZone, at: now, settledForDays: 40 };
    const result = await runPurge(books.stores, policy, form, { seals: books.folder, now });
    expect(result).toMatchObject({ accepted: true });
    expect(result.accepted && result.report.purged).toBeGreaterThan(0);
  }
  const accused = (await verify(books)).findings.first.filter(({ knownSince }) => knownSince === null);
  expect(accused).toEqual([]);
  return { accounts: rowsOf(accounts), office: rowsOf(office), folder: books.folder, totals, lostFile };
}

beforeAll(async () => {
  for (const [name, happened] of Object.entries(histories)) prepared.set(name, await prepare(happened));
});
beforeEach(() => take('plain'));

/** Whether an account has known differences, or was purged: only some manipulations are about it. */
const isSpecial = ({ patron_id: id }: Row) =>
  id === SLOW.patronId ||
  saved.accounts.some(({ patron_id, event }) => patron_id === id && event.includes('"AccountPurged"'));

const insert = `insert into patron_fees_event (institution, patron_id, version, recorded_at, event, is_left_by_purge)
  values ('north', ?, ?, ?, ?, ?)`;

function filled(rows: Table): OpenDatabase {
  const database = newDatabase();
  const statement = database.prepare(insert);
  for (const { patron_id, version, recorded_at, event } of rows) {
    statement.run(patron_id, version, recorded_at, event, 0);
  }
  return database;
}

/** The books as they were sealed, to be manipulated. */
type Copy = Books & { readonly accounts: OpenDatabase; readonly office: OpenDatabase };

function copyOf(): Copy {
  const [accounts, office, folder] = [filled(saved.accounts), filled(saved.office), temporaryFolder()];
  cpSync(saved.folder, folder, { recursive: true });
  return { ...booksOver(accounts, office, folder), accounts, office };
}

/** The number of the seal that covers a row. */
const sealOf = ({ recorded_at: at }: Row) =>
  ['2026-02-01T05', '2026-03-01T05', '2026-04-01T04'].findIndex((cutoff) => at < cutoff) + 1;

const copies = new Map<Saved, Copy>();

/** Runs a task on books that are as they were sealed, and are again afterwards: it may not append. */
async function onCopy<Result>(task: (copy: Copy) => Promise<Result>): Promise<Result> {
  const kept = copies.get(saved) ?? copyOf();
  copies.set(saved, kept);
  const { accounts, office, folder } = kept;
  for (const database of [accounts, office]) database.exec('begin');
  try {
    return await task(kept);
  } finally {
    for (const database of [accounts, office]) database.exec('rollback');
    cpSync(saved.folder, folder, { recursive: true });
  }
}

/** A manipulation; returns what is found, or null, and changes nothing, if it does not apply to the chosen rows. */
type Manipulation = (copy: Copy, rows: readonly [Row, Row]) => Promise<Expected | null> | Expected | null;

/** The stream and the version that a finding must name, and the codes that it may have. */
type Expected = { readonly codes: string; readonly id: string; readonly version: number | null };

const set = (
  database: OpenDatabase,
  column: 'event' | 'recorded_at',
  { patron_id, version }: Row,
  value: string,
) =>
  database
    .prepare(`update patron_fees_event set ${column} = ? where patron_id = ? and version = ?`)
    .run(value, patron_id, version);
const remove = (database: OpenDatabase, { patron_id, version }: Row) =>
  database
    .prepare('delete from patron_fees_event where patron_id = ? and version = ?')
    .run(patron_id, version);
const streamOf = ({ patron_id }: Row, table = saved.accounts) =>
  table.filter((row) => row.patron_id === patron_id);
const lastOf = (row: Row, table = saved.accounts) => streamOf(row, table).at(-1) as Row;
const changedAt = ({ patron_id: id, version }: Row, codes = 'EVENT_CHANGED'): Expected => ({
  codes,
  id,
  version,
});

const changed = (event: string, change: (data: Record<string, unknown>) => object) => {
  const read = JSON.parse(event);
  return JSON.stringify({ ...read, data: { ...read.data, ...change(read.data) } });
};

const amountOf = (row: Row): string | undefined => JSON.parse(row.event).data.amount;

const manipulations: Readonly<Record<string, Manipulation>> = {
  'an amount changed in two events, so that the sums agree': ({ accounts }, [one, other]) => {
    const [first, second] = [amountOf(one), amountOf(other)];
    const isSame = first === second || first === undefined || second === undefined;
    if (isSame || one.patron_id === other.patron_id) return null;
    set(
      accounts,
      'event',
      one,
      changed(one.event, () => ({ amount: second })),
    );
    set(
      accounts,
      'event',
      other,
      changed(other.event, () => ({ amount: first })),
    );
    // The other account may have a currency with other decimals.
    return changedAt(one, 'EVENT_CHANGED INVALID_EVENT');
  },
  'the first event deleted': ({ accounts }, [row]) => {
    const [first] = streamOf(row) as [Row];
    remove(accounts, first);
    const codes = streamOf(row).length === 1 ? 'ACCOUNT_MISSING' : 'CORRUPT_HISTORY';
    return changedAt(first, codes);
  },
  'an event in the middle deleted': ({ accounts }, [row]) => {
    if (row.version === 1 || row.version === lastOf(row).version) return null;
    remove(accounts, row);
    return changedAt(row, 'CORRUPT_HISTORY');
  },
  'an event in the middle deleted, and the others numbered anew': ({ accounts }, [row]) => {
    if (row.version === lastOf(row).version) return null;
    remove(accounts, row);
    for (const { patron_id, version } of streamOf(row)) {
      if (version > row.version)
        accounts
          .prepare('update patron_fees_event set version = ? where patron_id = ? and version = ?')
          .run(version - 1, patron_id, version);
    }
    return changedAt(row);
  },
  'the last event deleted': ({ accounts }, [row]) => {
    const last = lastOf(row);
    remove(accounts, last);
    return changedAt(last, last.version === 1 ? 'ACCOUNT_MISSING' : 'EVENT_MISSING');
  },
  'an account deleted': ({ accounts }, [{ patron_id: id }]) => {
    accounts.prepare('delete from patron_fees_event where patron_id = ?').run(id);
    return { codes: 'ACCOUNT_MISSING', id, version: 1 };
  },
  'an event put in with an old time': ({ accounts }, [row]) => {
    const version = lastOf(row).version + 1;
    accounts.prepare(insert).run(row.patron_id, version, row.recorded_at, row.event, 0);
    return { codes: 'EVENT_ADDED', id: row.patron_id, version };
  },
  'an account put in with an old time': ({ accounts }, [row]) => {
    accounts.prepare(insert).run('new', 1, row.recorded_at, row.event, 0);
    return { codes: 'ACCOUNT_ADDED', id: 'new', version: 1 };
  },
  'two events swapped': ({ accounts }, [one, two]) => {
    const rows = streamOf(one);
    const other = rows[rows.findIndex(({ version }) => version === one.version) + 1] ?? two;
    if (other.patron_id !== one.patron_id || other.version === one.version) return null;
    set(accounts, 'event', one, other.event);
    set(accounts, 'event', other, one.event);
    return changedAt(one.version < other.version ? one : other);
  },
  'a time of recording changed': ({ accounts }, [row]) => {
    set(accounts, 'recorded_at', row, row.recorded_at.replace(/\.(\d\d\d)/, '.$1001'));
    return changedAt(row);
  },
  'a time in an event changed': ({ accounts }, [row]) => {
    set(
      accounts,
      'event',
      row,
      changed(row.event, () => ({ at: '2020-01-01T00:00:00Z' })),
    );
    return changedAt(row);
  },
  'the count of a till changed': ({ office }, [row]) => {
    const counts = saved.office.filter(({ event }) => event.includes('TillClosed'));
    const count = counts[row.version % counts.length] as Row;
    set(office, 'event', count, count.event.replaceAll('51.00', '50.00'));
    return changedAt(count);
  },
  'a purge forged': ({ accounts }, [row]) => {
    const { patron_id: id, version } = lastOf(row);
    accounts.prepare('delete from patron_fees_event where patron_id = ?').run(id);
    const by = { channel: 'job', userId: 'mo' };
    const data = {
      purgeId: 'x',
      at: '2026-04-02T09:00:00Z',
      by,
      events: version,
      currency: 'USD',
      totals: [],
    };
    const event = JSON.stringify({ type: 'AccountPurged', data });
    accounts.prepare(insert).run(id, version + 1, '2026-04-02T09:00:00Z', event, 1);
    return { codes: 'PURGE_UNKNOWN', id, version: version + 1 };
  },
  "a seal's file changed": ({ folder }, [row]) => {
    const file = join(folder, `seal-0000${sealOf(row)}.ndjson`);
    if (!existsSync(file)) return null;
    writeFileSync(file, readFileSync(file, 'utf8').replace('"open":true', '"open":false'));
    return { codes: 'SEAL_CHANGED', id: 'seals:', version: sealOf(row) };
  },
  "a seal's file lengthened": ({ folder }, [row]) => {
    const file = join(folder, `seal-0000${sealOf(row)}.ndjson`);
    if (!existsSync(file)) return null;
    appendFileSync(file, '\n');
    return { codes: 'SEAL_CHANGED', id: 'seals:', version: sealOf(row) };
  },
  "a seal's file deleted": ({ folder }, [row]) => {
    const number = sealOf(row);
    const exists = (one: number) => existsSync(join(folder, `seal-0000${one}.ndjson`));
    // The oldest may be gone.
    if (!exists(number) || !exists(number - 1)) return null;
    rmSync(join(folder, `seal-0000${number}.ndjson`));
    return { codes: 'SEAL_CHANGED', id: 'seals:', version: sealOf(row) };
  },
  "a seal's event changed": ({ office }, [row]) => {
    const event = saved.office.filter(({ patron_id: id }) => id === 'seals:')[sealOf(row) - 1] as Row;
    set(
      office,
      'event',
      event,
      changed(event.event, () => ({ total: 'f'.repeat(64) })),
    );
    return changedAt(event, 'SEAL_CHANGED');
  },
  "a seal's event deleted": ({ office }, [row]) => {
    const event = saved.office.filter(({ patron_id: id }) => id === 'seals:')[sealOf(row) - 1] as Row;
    remove(office, event);
    return { codes: 'SEAL_CHANGED', id: 'seals:', version: null };
  },
  "a seal's file and event changed": ({ office, folder }, [row]) => {
    const number = sealOf(row);
    // The newest needs an anchor: see below.
    if (number === 3 || !existsSync(join(folder, `seal-0000${number}.ndjson`))) return null;
    const event = saved.office.filter(({ patron_id: id }) => id === 'seals:')[number - 1] as Row;
    set(office, 'event', event, event.event.replaceAll('"events":', '"events":1'));
    const file = join(folder, `seal-0000${number}.ndjson`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"events":', '"events":1'));
    return changedAt(event, 'SEAL_CHANGED EVENT_CHANGED');
  },
};

const of = ({ patronId }: { readonly patronId: string }, version: number, table = saved.accounts) =>
  table.find((row) => row.patron_id === patronId && row.version === version) as Row;

/** What can only be done to books in which something happened before. */
const later: Readonly<
  Record<string, { readonly of: readonly (keyof typeof histories)[]; readonly make: Manipulation }>
> = {
  'a known change, changed again': {
    of: ['known', 'eventful'],
    make: ({ accounts }) => {
      set(accounts, 'event', of(SLOW, 1), of(SLOW, 1).event.replace('"ben"', '"eve"'));
      return changedAt(of(SLOW, 1));
    },
  },
  'a known change, undone': {
    of: ['known', 'eventful'],
    make: ({ accounts }) => {
      set(accounts, 'event', of(SLOW, 1), of(SLOW, 1).event.replace('"ben"', '"ana"'));
      return changedAt(of(SLOW, 1));
    },
  },
  'an event that a slow clock added, changed': {
    of: ['known', 'eventful'],
    make: ({ accounts }) => {
      set(accounts, 'event', of(SLOW, 2), of(SLOW, 2).event.replace('"ana"', '"eve"'));
      return changedAt(of(SLOW, 2));
    },
  },
  'an event that a slow clock added, deleted': {
    of: ['known', 'eventful'],
    make: ({ accounts }) => {
      remove(accounts, of(SLOW, 2));
      return changedAt(of(SLOW, 2), 'EVENT_MISSING');
    },
  },
  'the file of a seal that was lost, put back': {
    of: ['restored', 'eventful'],
    make: ({ folder }) => {
      writeFileSync(join(folder, 'seal-00003.ndjson'), saved.lostFile as string);
      return { codes: 'SEAL_CHANGED', id: 'seals:', version: 3 };
    },
  },
  'the record of a purge deleted': {
    of: ['eventful'],
    make: ({ office }) => {
      office.prepare('delete from patron_fees_event where patron_id = ?').run(`purges:${SETTLED.patronId}`);
      const [left] = saved.accounts.filter(({ patron_id: id }) => id === SETTLED.patronId) as [Row];
      return changedAt(left, 'PURGE_UNKNOWN');
    },
  },
};

const names = Object.keys(manipulations);
const everyHistory = Object.keys(histories) as (keyof typeof histories)[];
/** What a purge leaves only the newest file for. */
const ofOlderFiles = ["a seal's file deleted", "a seal's file and event changed"];
const withOlderFiles = everyHistory.filter((history) => history !== 'eventful');
const cases = fc.constantFrom(...names, ...Object.keys(later)).chain((name) =>
  fc.record({
    name: fc.constant(name),
    history: fc.constantFrom(
      ...(later[name]?.of ?? (ofOlderFiles.includes(name) ? withOlderFiles : everyHistory)),
    ),
    one: fc.nat(),
    other: fc.nat(),
  }),
);

/** Makes a manipulation on the chosen rows, or on the first ones after them that it applies to. */
async function made(
  copy: Copy,
  name: string,
  { one, other }: { readonly one: number; readonly other: number },
) {
  const accounts = saved.accounts.filter((row) => !isSpecial(row));
  const from = (start: number) =>
    accounts.map((_, index) => accounts[(start + index) % accounts.length] as Row);
  for (const first of from(one)) {
    for (const second of from(other)) {
      const make = manipulations[name] ?? later[name]?.make;
      const expected = await (make as Manipulation)(copy, [first, second]);
      if (expected !== null) return expected;
    }
  }
  throw new Error(`applies to no rows: ${name}`);
}

/** Expects that a manipulation is found, with the stream and the first version that differs. */
async function expectFound({
  name,
  history,
  ...which
}: {
  readonly name: string;
  readonly history: keyof typeof histories;
  readonly one: number;
  readonly other: number;
}) {
  take(history);
  const { expected, findings } = await onCopy(async (copy) => {
    const expected = await made(copy, name, which);
    return { expected, findings: (await verify(copy)).findings.first };
  });
  const { codes, id, version } = expected;
  const places = findings
    .filter(({ knownSince }) => knownSince === null)
    .map((one) => ({
      code: one.code as string,
      version: one.version,
      id: 'stream' in one ? one.stream : one.patronId,
    }));
  // A purge deletes the older files, which had the places: the stream is named then, and no version, or where it ends.
  const isPlaceLost = !existsSync(join(saved.folder, 'seal-00001.ndjson'));
  if (isPlaceLost) {
    expect(places.map((one) => one.id)).toContain(id);
    return;
  }
  // The other stream that was changed may be a finding with one of these codes, too.
  const there = places.filter((one) => one.id === id && one.version === version);
  const code = there.find((one) => codes.split(' ').includes(one.code))?.code ?? codes;
  expect(places).toContainEqual({ code, id, version });
}

describe('a hand with SQL', () => {
  it.each(names)('is found: %s', (name) => expectFound({ name, history: 'plain', one: 5, other: 9 }));

  it.each(Object.entries(later).flatMap(([name, { of }]) => of.map((history) => ({ name, history }))))(
    'is found in books that are $history: $name',
    (which) => expectFound({ ...which, one: 0, other: 0 }),
  );

  it('is found, with the stream and the first version that differs, whatever happened before', () =>
    fc.assert(fc.asyncProperty(cases, expectFound), tried(500)));

  it.each(names.filter((name) => !name.startsWith("a seal's") && !name.startsWith('a purge')))(
    'cannot seal the next month: %s',
    async (name) => {
      const copy = copyOf();
      await made(copy, name, { one: 0, other: 9 });
      const refused = await seal(copy, '2026-04');
      expect(refused).toMatchObject({ rejection: { type: 'BooksDiffer', seal: 3 } });
      // It names what verifySeals names, so that what is made known is recognised.
      const differences = async () =>
        (await verify(copy)).findings.first.filter(({ code }) => code !== 'JOURNAL_DIFFERS');
      expect(refused.report.findings.first).toEqual(await differences());
      await sealedAsKnown(copy, '2026-04');
      for (const finding of await differences()) expect(finding.knownSince).toBe(4);
    },
  );

  it('is found by the older lines, even after an honest seal of what it changed', async () => {
    for (const one of [0, 9]) {
      const copy = copyOf();
      const row = saved.accounts.filter((each) => sealOf(each) < 3)[one] as Row;
      set(
        copy.accounts,
        'event',
        row,
        changed(row.event, () => ({ at: '2020-01-01T00:00:00Z' })),
      );
      // The hand deletes the newest seals, and has the program make them anew; only the first one is honest.
      copy.office
        .prepare("delete from patron_fees_event where patron_id = 'seals:' and version > ?")
        .run(sealOf(row));
      for (const file of readdirSync(copy.folder)) {
        if (Number(file.slice(5, 10)) > sealOf(row)) rmSync(join(copy.folder, file));
      }
      for (const month of ['2026-02', '2026-03'].slice(sealOf(row) - 1)) {
        const refused = await seal(copy, month);
        if (refused.accepted) continue;
        expect(refused).toMatchObject({ rejection: { type: 'BooksDiffer' } });
        await sealedAsKnown(copy, month);
      }
      expect(await found(copy)).toContain(`EVENT_CHANGED ${row.patron_id} ${row.version} ${sealOf(row)}`);
    }
  });

  it('is found if it purges an open account in the name of a seal and deletes the file of that seal', async () => {
    const forged = copyOf();
    const lines = readFileSync(join(forged.folder, 'seal-00003.ndjson'), 'utf8').split('\n').slice(1, -1);
    const open = lines.map((line) => JSON.parse(line)).find((line) => line.kind === 'account' && line.open);
    const { id, version } = open as { readonly id: string; readonly version: number };
    const [at, by] = ['2026-04-02T09:00:00Z', { channel: 'job', userId: 'mo' }];
    const put = (database: OpenDatabase, stream: string, at1: number, type: string, data: object) =>
      database
        .prepare(insert)
        .run(stream, at1, at, JSON.stringify({ type, data, metadata: { correlationId: 'x' } }), 0);
    forged.accounts.prepare('delete from patron_fees_event where patron_id = ?').run(id);
    const purged = { purgeId: 'x', at, by, events: version, currency: 'USD', totals: [] };
    put(forged.accounts, id, version + 1, 'AccountPurged', purged);
    const recorded = { purgeId: 'x', patronId: id, version, seal: 1, at, by };
    put(forged.office, `purges:${id}`, 1, 'PurgeRecorded', recorded);
    rmSync(join(forged.folder, 'seal-00001.ndjson'));
    expect(await found(forged)).toContain(`PURGE_UNKNOWN ${id} ${version + 1} null`);
  });

  it('is found only by an anchor if it changes the newest seal completely, or deletes it with its file', async () => {
    const anchor = { number: 3, total: saved.totals[2] as string };
    const gone = copyOf();
    gone.office.exec("delete from patron_fees_event where patron_id = 'seals:' and version = 3");
    rmSync(join(gone.folder, 'seal-00003.ndjson'));
    expect(await found(gone)).toEqual([]);
    expect(await found(gone, { anchor })).toEqual(['SEAL_CHANGED seals: null 3']);
  });

  it('is not found in texts that may be erased: comments, notes, items, digests of commands', async () => {
    const { accounts, ...books } = copyOf();
    let changes = 0;
    for (const row of saved.accounts) {
      const event = JSON.parse(row.event);
      const data = { ...event.data, comment: 'changed', staffNote: 'changed' };
      if (data.item !== undefined) data.item = { title: 'changed' };
      const metadata = { ...event.metadata, commandDigest: 'changed' };
      set(accounts, 'event', row, JSON.stringify({ ...event, data, metadata }));
      changes += 1;
    }
    expect(changes).toBeGreaterThan(40);
    const { findings } = await verify(books);
    expect(findings.first.filter(({ code }) => code !== 'CORRUPT_HISTORY')).toEqual([]);
  });
});
