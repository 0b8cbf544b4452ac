import { expect, it } from 'vitest';
import { memoryEventStore, type RecordedEvent } from '../../../src/history/index.js';
import type { AccountEvent } from '../../../src/index.js';
import { NEVER } from '../../../src/stores/readModels/accountColumns.js';
import { rowsOfAccount, rowsOfStreams } from '../../../src/stores/readModels/accountRows.js';

const stream = { institution: 'north', patronId: 'p1' };
const at = '2026-03-02T09:00:00Z';

const same = (event: RecordedEvent) => event;

function rowsOf(...events: AccountEvent[]) {
  const recorded = events.map((event, index) => ({ version: index + 1, recordedAt: at, event }));
  return rowsOfAccount(stream, recorded, same, same);
}

function assessed(feeId: string, more: object = {}): AccountEvent {
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, ...more };
  return { type: 'FeeAssessed', data };
}

it('sums what is owed by type and owner, by type, by owner, and in all', () => {
  const { account, owed } = rowsOf(
    assessed('f1', { amount: '1.00', at: '2026-03-02T09:00:00+02:00' }),
    assessed('f2', { amount: '2.00', owner: 'EAST' }),
    assessed('f3', { amount: '4.00', feeType: 'OVERDUEFINE', accruing: true, total: '4.00' }),
    { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f2', at } },
  );
  expect(account).toMatchObject({
    version: 4,
    currency: 'USD',
    active: 500,
    disputed: 200,
    payable: 500,
    fault: null,
  });
  const sums = owed.map((row) => [
    row.fee_type,
    row.owner,
    row.owed,
    row.owed_disputed,
    row.accruing,
    row.open_fees,
  ]);
  expect(sums.sort()).toEqual([
    ['', '', 700, 200, 400, 3],
    ['', 'EAST', 200, 200, 0, 1],
    ['', 'MAIN', 500, 0, 400, 2],
    ['OTHER', '', 300, 200, 0, 2],
    ['OTHER', 'EAST', 200, 200, 0, 1],
    ['OTHER', 'MAIN', 100, 0, 0, 1],
    ['OVERDUEFINE', '', 400, 0, 400, 1],
    ['OVERDUEFINE', 'MAIN', 400, 0, 400, 1],
  ]);
  const oldest = (type: string) =>
    owed.find((row) => row.fee_type === type && row.owner === '')?.oldest_open_at;
  expect([oldest(''), oldest('OVERDUEFINE')]).toEqual(['2026-03-02T07:00:00.000Z', NEVER]);
});

it('has no debt row for a closed account, and a till row for each movement of money', () => {
  const allocations = [{ feeId: 'f1', amount: '2.50' }];
  const payment = { paymentId: 'p1', amount: '2.50', currency: 'USD', method: 'CASH', allocations, at };
  const { owed, till } = rowsOf(assessed('f1'), { type: 'PaymentReceived', data: payment });
  expect(owed).toEqual([]);
  expect(till).toEqual([
    {
      institution: 'north',
      patron_id: 'p1',
      version: 2,
      at: '2026-03-02T09:00:00.000Z',
      recorded_at: '2026-03-02T09:00:00.000Z',
    },
  ]);
});

it('gives an account that does not fold a row with its fault', () => {
  const { account, owed } = rowsOf(assessed('f1'), assessed('f1'));
  expect([account.version, account.fault, account.currency, owed]).toEqual([2, 'CORRUPT_HISTORY', null, []]);
});

it('reads each account of a page once, in the order of ids', async () => {
  const store = memoryEventStore({ now: () => at });
  for (const patronId of ['b', 'a'])
    await store.append({ ...stream, patronId }, [assessed('f1'), assessed('f2')], { expectedVersion: 0 });
  const rows = await rowsOfStreams(store, (await store.readAll()).events, []);
  expect(rows.map(({ account }) => [account.patron_id, account.version])).toEqual([
    ['a', 2],
    ['b', 2],
  ]);
});
