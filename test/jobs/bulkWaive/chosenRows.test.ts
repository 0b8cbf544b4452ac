import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventStore, execute, memoryEventStore } from '../../../src/history/index.js';
import { type AccountEvent, type Command, PatronFeesError } from '../../../src/index.js';
import { csvRows } from '../../../src/interop/import/index.js';
import {
  type BulkWaiveEntry,
  type BulkWaiveForm,
  type BulkWaiveOptions,
  type BulkWaiveResult,
  type BulkWaiveTotals,
  bulkWaiveJsonLines,
  planBulkWaive,
  runBulkWaive,
} from '../../../src/jobs/index.js';
import { anything } from '../../../src/testing/arbitraries/anything.js';
import { assess, pay, policy } from '../../support/account.js';
import { at, formWith, patron } from '../../support/bulkWaiveForms.js';
import { withOffice } from '../../support/officeOf.js';
import { tried } from '../../support/seeded.js';
import { withoutPauses } from '../../support/withoutPauses.js';

const north = (patronId: string) => ({ institution: 'north', patronId });
const patronIds = ['p1', 'p2', 'p3', 'p4'];
const patrons = patronIds.map((patronId) => patron(patronId));

/** Every patron owes 1 dollar on f1 since January, 2 on f2 since the last minute of March in New York, 4 on f3 since June. */
async function filledStore(): Promise<EventStore> {
  const store = memoryEventStore({ now: () => at });
  for (const patronId of patronIds) {
    await execute(store, policy, north(patronId), [
      assess('f1', '1', { at: '2026-01-10T12:00:00Z' }),
      assess('f2', '2', { at: '2026-04-01T03:59:00Z' }),
      assess('f3', '4', { at: '2026-06-30T17:00:00Z' }),
    ]);
  }
  return store;
}

type Done = { readonly entries: readonly BulkWaiveResult[]; readonly report: BulkWaiveTotals };

async function done(
  store: EventStore,
  form: Partial<BulkWaiveForm>,
  options: Partial<BulkWaiveOptions> = {},
  mode: 'plan' | 'run' = 'run',
): Promise<Done> {
  const given = { patrons, ...options };
  const job = (mode === 'run' ? runBulkWaive : planBulkWaive)(
    withOffice(store),
    policy,
    formWith(form),
    given,
  );
  if (!job.accepted) throw new Error(job.rejection.type);
  const entries: BulkWaiveEntry[] = [];
  for await (const entry of job.entries) entries.push(entry);
  return { entries: entries as BulkWaiveResult[], report: job.totals() };
}

const waivedBy = ({ entries }: Done) => entries.map(({ waived }) => waived);
const findingsOf = ({ report }: Done) =>
  report.findings.first.map((finding) =>
    'row' in finding
      ? [finding.code, finding.list, finding.row, finding.patronId, finding.feeId]
      : [finding.code],
  );

const newYork = { timeZone: 'America/New_York' };

describe('a bulk waive by the day of creation', () => {
  it.each<[string, Partial<BulkWaiveForm>, string]>([
    ['from a day', { createdFrom: '2026-03-31', ...newYork }, '6.00'],
    ['from the day after', { createdFrom: '2026-04-01', ...newYork }, '4.00'],
    ['in another time zone', { createdFrom: '2026-04-01', timeZone: 'UTC' }, '6.00'],
    ['through a day, which is included', { createdThrough: '2026-03-31', ...newYork }, '3.00'],
    ['through the day before', { createdThrough: '2026-03-30', ...newYork }, '1.00'],
    ['on one day', { createdFrom: '2026-03-31', createdThrough: '2026-03-31', ...newYork }, '2.00'],
    ['90 days ago at the latest', { minimumAgeDays: 90 }, '3.00'],
    [
      '171 days ago at the latest, to the second',
      { minimumAgeDays: 171, at: '2026-06-30T12:00:00Z' },
      '1.00',
    ],
    [
      '171 days ago at the latest, a second before',
      { minimumAgeDays: 171, at: '2026-06-30T11:59:59Z' },
      '0.00',
    ],
  ])('waives fees that were created %s', async (_, form, waived) => {
    const store = await filledStore();
    const plan = await done(store, form, {}, 'plan');
    expect(waivedBy(plan)).toEqual(patronIds.map(() => waived));
    const run = await done(store, form, { patrons: plan.entries });
    expect(run.entries.map(({ differs }) => differs)).toEqual(patronIds.map(() => false));
    expect(run.report).toEqual(plan.report);
  });

  it('reports why each other fee is kept, and compares the threshold with the total owed', async () => {
    const store = await filledStore();
    const form = { createdThrough: '2026-03-31', ...newYork };
    const [first] = (await done(store, form, {}, 'plan')).entries;
    expect(first?.fees.map(({ feeId, because }) => [feeId, because])).toEqual([
      ['f1', null],
      ['f2', null],
      ['f3', 'CreatedOnOtherDays'],
    ]);
    expect((await done(store, { ...form, threshold: '6.99' })).report.notWaived).toEqual({
      OwedAboveThreshold: 4,
    });
  });

  it('can write off by age', async () => {
    const rules = {
      ...policy,
      waiveReasons: { ...policy.waiveReasons, OLD: { label: 'Too old', kind: 'writeOff' } },
    };
    const form = formWith({ reason: 'OLD', minimumAgeDays: 150 });
    const job = runBulkWaive(await filledStore(), rules as never, form, { patrons });
    if (job.accepted) for await (const _ of job.entries);
    expect(job.accepted && job.totals()).toMatchObject({ waived: '4.00', writtenOff: '4.00' });
  });
});

describe('a set of patrons', () => {
  it('limits the job to its patrons, even if the directory has more', async () => {
    const store = await filledStore();
    const set = csvRows(['name,patronId\nAda,p2\nBen,p4\nBen,p4\nEve,gone\n,\nonly one\n']);
    const result = await done(store, { setName: 'Leavers' }, { set });
    expect(waivedBy(result)).toEqual(['0.00', '7.00', '0.00', '7.00']);
    expect(result.report.notWaived).toEqual({ NotInSet: 2 });
    expect(findingsOf(result)).toEqual([
      ['BROKEN_ROW', 'set', 5, null, null],
      ['BROKEN_ROW', 'set', 6, null, null],
      ['UNKNOWN_PATRON', 'set', 4, 'gone', null],
    ]);
  });
});

describe('a file of fees', () => {
  const file = 'patronId\tfeeId\np1\tf1\np1\tf3\np2\tf2\np2\tf9\np3\tf1\nnobody\tf1\np1\n';

  it('waives its fees alone, and reports every row that waives nothing', async () => {
    const store = await filledStore();
    await execute(store, policy, north('p3'), pay('paid', '1', { feeIds: ['f1'] }));
    const fees = () => csvRows([file], { delimiter: '\t' });
    const plan = await done(store, { fileName: 'old.txt' }, { fees: fees() }, 'plan');
    const run = await done(store, { fileName: 'old.txt' }, { fees: fees(), patrons: plan.entries });
    for (const result of [plan, run]) {
      expect(waivedBy(result)).toEqual(['5.00', '2.00', '0.00', '0.00']);
      expect(result.report.notWaived).toEqual({ NothingToWaive: 1, NotInFile: 1 });
      expect(findingsOf(result)).toEqual([
        ['BROKEN_ROW', 'fees', 7, null, null],
        ['UNKNOWN_FEE', 'fees', 4, 'p2', 'f9'],
        ['NOTHING_OWED', 'fees', 5, 'p3', 'f1'],
        ['UNKNOWN_PATRON', 'fees', 6, 'nobody', null],
      ]);
    }
    expect(run.entries[0]?.fees.map(({ feeId, because }) => [feeId, because])).toEqual([
      ['f1', null],
      ['f2', 'FeeNotInFile'],
      ['f3', null],
    ]);
    // Run again, it reports the same, although nothing is owed on its fees any more.
    const again = await done(store, { fileName: 'old.txt' }, { fees: fees() });
    expect(again.report.findings).toEqual(run.report.findings);
    expect(again.report.waivedEarlier).toBe('7.00');
    expect(waivedBy(again)).toEqual(waivedBy(run));
  });

  it('waives nothing if it is empty', async () => {
    const result = await done(await filledStore(), { fileName: 'empty.csv' }, { fees: [] });
    expect(result.report).toMatchObject({ waived: '0.00', notWaived: { NotInFile: 4 } });
  });

  it('does not bypass the other criteria', async () => {
    const fees = [
      { patronId: 'p1', feeId: 'f1' },
      { patronId: 'p1', feeId: 'f3' },
    ];
    const form = { fileName: 'x', createdThrough: '2026-05-01', ...newYork };
    const result = await done(await filledStore(), form, { fees });
    expect(result.entries[0]?.fees.map(({ because }) => because)).toEqual([
      null,
      'FeeNotInFile',
      'CreatedOnOtherDays',
    ]);
    const other = await done(await filledStore(), { fileName: 'x', groups: ['STAFF'] }, { fees });
    expect(other.report.waived).toBe('0.00');
  });

  it('is divided into shards whose findings and waivers add up to the whole', async () => {
    const whole = await done(
      await filledStore(),
      { fileName: 'x' },
      { fees: csvRows([file], { delimiter: '\t' }) },
    );
    const store = await filledStore();
    const shares: Done[] = [];
    for (const index of [0, 1, 2]) {
      const fees = csvRows([file], { delimiter: '\t' });
      shares.push(await done(store, { fileName: 'x' }, { fees, shard: { index, of: 3 } }));
    }
    const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(shares.flatMap(findingsOf))).toEqual(sorted(findingsOf(whole)));
    expect(sorted(shares.flatMap(({ entries }) => entries))).toEqual(sorted(whole.entries));
  });

  it('may have any rows', async () => {
    const store = await filledStore();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.anything()), async (rows) => {
        const result = await done(store, { fileName: 'x', setName: 'y' }, { fees: rows, set: rows } as never);
        expect(result.report.waived).toBe('0.00');
      }),
      tried(50),
    );
  });
});

describe('the rows of a set or a file', () => {
  it('are required if the form has their name, and refused otherwise', async () => {
    const store = await filledStore();
    const start = (form: Partial<BulkWaiveForm>, options: object) => () =>
      planBulkWaive(withOffice(store), policy, formWith(form), { patrons, ...options });
    expect(start({ setName: 'Leavers' }, {})).toThrow('options.set: missing');
    expect(start({ fileName: 'old.csv' }, { fees: 'old.csv' })).toThrow('options.fees: expected the fees');
    expect(start({}, { set: [] })).toThrow('options.set: expected no set, or its setName in the form');
    expect(start({}, { fees: [] })).toThrow('options.fees: expected no fees, or their fileName in the form');
    expect(() => planBulkWaive(store, policy, null as never, { patrons, set: [] })).toThrow('options.set');
  });

  it('are not read to their end after the job is cancelled', async () => {
    const stop = new AbortController();
    function* endless() {
      for (let row = 0; ; row++) {
        if (row === 3) stop.abort();
        yield { patronId: `p${row}` };
      }
    }
    const options = { set: endless(), signal: stop.signal };
    await expect(done(await filledStore(), { setName: 's' }, options)).rejects.toMatchObject({
      code: 'JOB_CANCELLED',
    });
  });

  it('select the same fees in the plan and the run, for any criteria', async () => {
    const criteria = fc.record({
      threshold: fc.option(fc.constantFrom('6', '7', '8'), { nil: undefined }),
      createdFrom: fc.option(fc.constantFrom('2026-01-10', '2026-03-31', '2026-05-01'), { nil: undefined }),
      createdThrough: fc.option(fc.constantFrom('2026-05-02', '2026-06-29', '2026-06-30'), {
        nil: undefined,
      }),
      minimumAgeDays: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
      set: fc.option(fc.subarray(patronIds), { nil: undefined }),
      fees: fc.option(
        fc.array(
          fc.record({ patronId: fc.constantFrom(...patronIds), feeId: fc.constantFrom('f1', 'f2', 'f3') }),
        ),
        { nil: undefined },
      ),
    });
    await fc.assert(
      fc.asyncProperty(criteria, async ({ set, fees, ...rest }) => {
        const store = await filledStore();
        const dated = rest.createdFrom !== undefined || rest.createdThrough !== undefined;
        const form = JSON.parse(
          JSON.stringify({
            ...rest,
            ...(dated && newYork),
            ...(set && { setName: 's' }),
            ...(fees && { fileName: 'f' }),
          }),
        ) as Partial<BulkWaiveForm>;
        const rows = {
          ...(set && { set: set.map((patronId) => ({ patronId })) }),
          ...(fees && { fees }),
        };
        const plan = await done(store, form, rows, 'plan');
        const run = await done(store, form, { ...rows, patrons: plan.entries });
        expect(run.entries.map(({ planned, differs, ...entry }) => entry)).toEqual(plan.entries);
        expect(run.report).toEqual(plan.report);
        const again = await done(store, form, rows);
        expect(again.report.waived).toBe(run.report.waived);
        expect(again.report.findings).toEqual(run.report.findings);
      }),
      tried(40),
    );
  });
});

it('a form without creation dates, set and file gives its entries and report byte for byte, and repeats them', async () => {
  const store = memoryEventStore({ now: () => at });
  for (const [patronId, amount] of [
    ['p1', '1'],
    ['p2', '9'],
  ] as const) {
    await execute(store, policy, north(patronId), [
      assess('f1', amount, { at }),
      assess('f2', '2', { at, feeType: 'CARDRENEWAL' }),
    ]);
  }
  let text = '';
  for (const _ of [1, 2]) {
    const by = { userId: 'mo', roles: ['USER_MANAGER'] };
    const form = formWith({ by, threshold: '5', feeTypes: ['OVERDUEFINE'] });
    const job = runBulkWaive(store, policy, form, { patrons: [patron('p1'), patron('p2')] });
    if (!job.accepted) throw new Error(job.rejection.type);
    for await (const line of bulkWaiveJsonLines(job.entries)) text += line;
    text += `${JSON.stringify(job.totals())}\n`;
  }
  // Written before the form had these fields.
  expect(text).toBe(readFileSync(new URL('earlierForm.jsonl', import.meta.url), 'utf8'));
});

async function storeWith(accounts: Readonly<Record<string, readonly Command[]>>): Promise<EventStore> {
  const store = memoryEventStore({ now: () => at });
  for (const [patronId, commands] of Object.entries(accounts)) {
    await execute(store, policy, { institution: 'north', patronId }, commands);
  }
  return store;
}

async function entriesOf(
  store: EventStore,
  patrons: Iterable<unknown> | AsyncIterable<unknown>,
  form = formWith(),
): Promise<BulkWaiveResult[]> {
  const job = runBulkWaive(store, policy, form, { patrons: patrons as never });
  if (!job.accepted) throw new Error(job.rejection.type);
  const entries: BulkWaiveResult[] = [];
  for await (const entry of job.entries) entries.push(entry);
  return entries;
}

const fee = [assess('f1', '10')];

describe('the directory and the store', () => {
  it('are joined in directory order, including patrons without an account', async () => {
    const store = await storeWith({ p1: fee, p2: fee, stranger: fee });
    async function* rows() {
      yield* [patron('p2'), patron('nobody'), patron('p1')];
    }
    const job = runBulkWaive(store, policy, formWith(), { patrons: rows() as never });
    if (!job.accepted) throw new Error('refused');
    expect(job.totals().accountsNotInDirectory).toBeNull();
    const entries: unknown[] = [];
    for await (const { patronId, waived, because } of job.entries) entries.push([patronId, waived, because]);
    expect(entries).toEqual([
      ['p2', '10.00', null],
      ['nobody', '0.00', { type: 'NoAccount' }],
      ['p1', '10.00', null],
    ]);
    // Nothing is waived for the unknown patron, but the totals count the account.
    expect((await store.read({ institution: 'north', patronId: 'stranger' })).version).toBe(1);
    expect(job.totals()).toMatchObject({ patrons: 3, accountsNotInDirectory: 1 });
  });

  it('count only accounts of the institution, but all groups of the directory', async () => {
    const store = await storeWith({ p1: fee, p2: fee });
    await execute(store, policy, { institution: 'south', patronId: 'p3' }, fee);
    const rows = [
      patron('p1', { group: 'STAFF' }),
      patron('nobody', { group: 'STAFF' }),
      { ...patron('p3'), institution: 'south' },
    ];
    const job = runBulkWaive(store, policy, formWith({ groups: ['STUDENT'] }), { patrons: rows as never });
    if (!job.accepted) throw new Error('refused');
    const reasons: unknown[] = [];
    for await (const { because } of job.entries) reasons.push(because?.type);
    expect(reasons).toEqual(['GroupNotChosen', 'NoAccount', 'OtherInstitution']);
    expect(job.totals().accountsNotInDirectory).toBe(1);
  });

  it('continue after invalid entries, and report each with its fault', async () => {
    const store = await storeWith({ p1: fee });
    const { group, ...groupless } = patron('p1');
    const entries = await entriesOf(store, [
      groupless,
      null,
      patron('p1'),
      { ...patron('p1'), patronId: '' },
    ]);
    expect(entries.map(({ patronId, because }) => [patronId, because])).toEqual([
      [
        'p1',
        {
          type: 'PatronInvalid',
          row: 1,
          faults: [{ path: 'group', expected: 'a user group', found: 'missing' }],
        },
      ],
      ['', { type: 'PatronInvalid', row: 2, faults: [{ path: '', expected: 'an object', found: 'null' }] }],
      ['p1', null],
      ['', expect.objectContaining({ type: 'PatronInvalid', row: 4 })],
    ]);
    expect(group).toBe('STUDENT');
  });

  it('work with any field values in an entry', async () => {
    const store = await storeWith({});
    const fields = fc.constantFrom('patronId', 'group', 'hasOverdueLoans', 'institution', 'fees', 'because');
    await fc.assert(
      fc.asyncProperty(fields, anything(fc), async (field, make) => {
        const [entry] = await entriesOf(store, [{ ...patron('p1'), [field]: make() }]);
        expect(entry?.because?.type).toMatch(/^(PatronInvalid|NoAccount|OtherInstitution)$/);
      }),
      tried(300),
    );
  });

  it('waive once for a patron listed twice, and report that on the second entry', async () => {
    const store = await storeWith({ p1: fee });
    const entries = await entriesOf(store, [patron('p1'), patron('p2'), patron('p1')]);
    expect((await store.read({ institution: 'north', patronId: 'p1' })).version).toBe(2);
    expect(entries.map(({ because }) => because?.type)).toEqual([undefined, 'NoAccount', 'PatronRepeated']);
  });
});

describe('a problem with an account', () => {
  it('is reported as an entry if its history is corrupt, and the job continues', async () => {
    const store = await storeWith({ p1: fee, p3: fee });
    const lie: AccountEvent = {
      type: 'FeeWaived',
      data: { waiverId: 'w1', feeId: 'none', amount: '1.00', currency: 'USD', at },
    };
    await store.append({ institution: 'north', patronId: 'p2' }, [lie], { expectedVersion: 0 });
    const entries = await entriesOf(store, [patron('p1'), patron('p2'), patron('p3')]);
    expect(entries.map(({ waived, because }) => [waived, because?.type])).toEqual([
      ['10.00', undefined],
      ['0.00', 'AccountUnreadable'],
      ['10.00', undefined],
    ]);
    expect(entries[1]?.because).toMatchObject({
      code: 'CORRUPT_HISTORY',
      message: expect.stringContaining('north/p2'),
    });
  });

  it('is decided again if another writer appends first', async () => {
    const store = await storeWith({ p1: fee });
    let meanwhile = 2;
    const contested: EventStore = {
      ...store,
      append: async (stream, events, options) => {
        if (meanwhile > 0) {
          await execute(store, policy, stream, assess(`new${meanwhile}`, '1'));
          meanwhile -= 1;
        }
        return store.append(stream, events, options);
      },
    };
    const [entry] = await entriesOf(contested, [patron('p1')]);
    expect(entry).toMatchObject({ owed: '12.00', waived: '12.00', earlier: false });
  });

  it('is reported as busy after too many conflicts', async () => {
    withoutPauses();
    const store = await storeWith({ p1: fee, p2: fee });
    const contested: EventStore = {
      ...store,
      append: async (stream, events, options) => {
        if (stream.patronId === 'p1') throw new PatronFeesError('VERSION_CONFLICT', 'somebody was first');
        return store.append(stream, events, options);
      },
    };
    const entries = await entriesOf(contested, [patron('p1'), patron('p2')]);
    expect(entries.map(({ because, waived }) => [because, waived])).toEqual([
      [{ type: 'AccountBusy', attempts: 50 }, '0.00'],
      [null, '10.00'],
    ]);
  });

  it('stops the job if the store itself fails', async () => {
    const store = await storeWith({ p1: fee });
    const broken: EventStore = { ...store, append: () => Promise.reject(new Error('disk full')) };
    await expect(entriesOf(broken, [patron('p1')])).rejects.toThrow('disk full');
    await store.close();
    await expect(entriesOf(store, [patron('p1')])).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});
