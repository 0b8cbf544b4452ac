import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventStore, execute, memoryEventStore } from '../../../src/history/index.js';
import { type AccountEvent, type Command, PatronFeesError } from '../../../src/index.js';
import { type BulkWaiveResult, runBulkWaive } from '../../../src/jobs/index.js';
import { anything } from '../../../src/testing/arbitraries/anything.js';
import { assess, policy } from '../../support/account.js';
import { at, formWith, patron } from '../../support/bulkWaiveForms.js';
import { tried } from '../../support/seeded.js';
import { withoutPauses } from '../../support/withoutPauses.js';

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
