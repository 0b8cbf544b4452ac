import { describe, expect, it } from 'vitest';
import { type OpenItem, type OpenItemsForm, openItemsCsv, runOpenItems } from '../../src/bursar/index.js';
import { execute, memoryEventStore } from '../../src/history/index.js';
import { balancesInMinorUnits, type Command, fold } from '../../src/index.js';
import type { AccountFinding } from '../../src/jobs/index.js';
import { ask, assess } from '../support/account.js';
import { randomAccounts } from '../support/randomAccounts.js';
import { tickingStore } from '../support/stores.js';
import { expecting } from './bursarLibrary.js';

const form = { institution: 'north', timeZone: 'America/New_York', asOf: '2026-03-31' };

const transfer = (id: string, feeId: string, more: object = {}) =>
  ask('TransferFees', id, { fees: [{ feeId }], destination: 'BANNER', ...more });

/** Patron u1 with a transfer of each kind, recorded day by day from the 2nd of March. */
async function filled() {
  const clock = { day: 2 };
  const store = memoryEventStore({ now: () => `2026-03-${String(clock.day).padStart(2, '0')}T09:00:00Z` });
  const run = async (day: number, ...commands: Command[]) => {
    clock.day = day;
    const { decision } = await execute(store, expecting, { institution: 'north', patronId: 'u1' }, commands);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  };
  await run(2, assess('f1', '30.00'), assess('f2', '20.00'), assess('f3', '5.00'), assess('f4', '7.00'));
  await run(2, transfer('t1', 'f1'), transfer('t2', 'f2', { destination: undefined }), transfer('t3', 'f3'));
  await run(2, transfer('t4', 'f4', { expectsSettlement: false }));
  await run(10, ask('SettleTransfer', 's1', { transferId: 't1', amount: '10.00' }));
  await run(11, ask('SettleTransfer', 's2', { transferId: 't1', amount: '21.50' }));
  await run(12, ask('ReverseSettlement', 'u2', { settlementId: 's2' }));
  await run(13, ask('SettleTransfer', 's3', { transferId: 't3', amount: '6.00' }));
  await run(14, ask('RecallTransfer', 'b1', { transferId: 't2', amount: '8.00' }));
  await run(15, ask('RefundCredit', 'r1', { creditId: 's3#1', amount: '1.00', method: 'CASH' }));
  await run(16, ask('WaiveFees', 'w1', { fees: [{ feeId: 'f4', amount: '2.00' }], reason: 'OTHER' }));
  await run(17, ask('TransferFees', 't5', { credits: [{ creditId: 'w1' }], destination: 'BANNER' }));
  return store;
}

async function listed(store: Awaited<ReturnType<typeof filled>>, more: Partial<OpenItemsForm> = {}) {
  const items: OpenItem[] = [];
  for await (const item of runOpenItems(store, expecting, { ...form, ...more })) items.push(item);
  return items;
}

const brief = ({ reference, amount, settled, reversed, surplus, recalled, pending }: OpenItem) =>
  [reference, amount, settled, reversed, surplus, recalled, pending].join(' ');

describe('a list of open items', () => {
  it('has a line for each transfer that is pending, credits as negative', async () => {
    const items = await listed(await filled());
    expect(items.map(brief)).toEqual([
      'u1@t1 30.00 10.00 21.50 0.00 0.00 20.00',
      'u1@t2 20.00 0.00 0.00 0.00 8.00 12.00',
      'u1@t5 -2.00 0.00 0.00 0.00 0.00 -2.00',
    ]);
    expect(items[0]).toMatchObject({
      institution: 'north',
      patronId: 'u1',
      destination: 'BANNER',
      batchId: 't1',
      kind: 'fee',
      id: 'f1',
      owner: 'MAIN',
      ageDays: 29,
      currency: 'USD',
    });
    expect(items[2]).toMatchObject({ kind: 'credit', id: 'w1', type: 'CREDIT' });
  });

  it('has all transfers if the form says so', async () => {
    const all = await listed(await filled(), { which: 'all' });
    expect(all.map(brief)).toEqual([
      'u1@t1 30.00 10.00 21.50 0.00 0.00 20.00',
      'u1@t2 20.00 0.00 0.00 0.00 8.00 12.00',
      'u1@t3 5.00 5.00 0.00 1.00 0.00 0.00',
      'u1@t4 7.00 7.00 0.00 0.00 0.00 0.00',
      'u1@t5 -2.00 0.00 0.00 0.00 0.00 -2.00',
    ]);
  });

  it('shows the items of an earlier day unchanged by later events', async () => {
    const store = await filled();
    expect((await listed(store, { asOf: '2026-03-09' })).map(brief)).toEqual([
      'u1@t1 30.00 0.00 0.00 0.00 0.00 30.00',
      'u1@t2 20.00 0.00 0.00 0.00 0.00 20.00',
      'u1@t3 5.00 0.00 0.00 0.00 0.00 5.00',
    ]);
    const late = { asOf: '2026-03-09', recordedBefore: '2026-03-11T00:00:00Z' };
    expect((await listed(store, late)).map(brief)[0]).toBe('u1@t1 30.00 10.00 0.00 0.00 0.00 20.00');
  });

  it('can be of some systems or batches', async () => {
    const store = await filled();
    expect((await listed(store, { destinations: ['BANNER'] })).map(({ batchId }) => batchId)).toEqual([
      't1',
      't5',
    ]);
    expect((await listed(store, { batches: ['t2'] })).map(({ batchId }) => batchId)).toEqual(['t2']);
  });

  it.each([
    ['fixed', 1],
    ['random', undefined],
  ])('sums to the transferred balance of any account: %s ones', async (which, seed) => {
    const store = tickingStore();
    const accounts = randomAccounts(150, seed);
    for (const { patronId, events } of accounts) {
      await store.append({ institution: 'north', patronId }, events, { expectedVersion: 0 });
    }
    const pending = new Map<string, number>();
    const foreign: AccountFinding[] = [];
    const options = { onFinding: (finding: AccountFinding) => void foreign.push(finding) };
    for await (const { patronId, ...item } of runOpenItems(
      store,
      expecting,
      { ...form, asOf: '2099-01-01' },
      options,
    )) {
      pending.set(patronId, (pending.get(patronId) ?? 0) + Math.round(Number(item.pending) * 100));
    }
    let compared = 0;
    for (const { patronId, events } of accounts) {
      const account = fold(events);
      if (account.currency !== 'USD') continue;
      expect(pending.get(patronId) ?? 0).toBe(balancesInMinorUnits(account).transferred);
      compared += Number(pending.has(patronId));
    }
    if (which === 'fixed') expect(compared).toBeGreaterThan(2);
    for (const { code } of foreign) expect(code).toBe('OTHER_CURRENCY');
  });

  it('is a CSV file, with ids that a spreadsheet does not run', async () => {
    const [item] = await listed(await filled());
    const lines: string[] = [];
    for await (const line of openItemsCsv([{ ...(item as OpenItem), patronId: '=1' }])) lines.push(line);
    expect(lines).toEqual([
      'reference,institution,patronId,destination,batchId,kind,id,type,owner,transferredAt,ageDays,amount,settled,reversed,surplus,recalled,pending,currency\r\n',
      expect.stringMatching(
        /^u1@t1,north,'=1,BANNER,t1,fee,f1,\w+,MAIN,[^,]+,29,30.00,10.00,21.50,0.00,0.00,20.00,USD\r\n$/,
      ),
    ]);
  });

  it.each([{ asOf: 'now' }, { which: 'some' }, { timeZone: 'Mars' }, { batch: 't1' }])(
    'refuses %j',
    async (more) => {
      await expect(listed(tickingStore(), more as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});
