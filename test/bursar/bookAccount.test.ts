import { expect, it, vi } from 'vitest';
import { bookAccount } from '../../src/bursar/bookAccount.js';
import type { Settlement } from '../../src/bursar/settlementRow.js';
import { type EventStore, versionConflict } from '../../src/history/index.js';
import { assess, at, transfer } from '../support/account.js';
import { watched } from '../support/stores.js';
import { accountOf, expecting, institution, storeOf } from './bursarLibrary.js';

const paymentOf = (row: number): Settlement => ({
  row,
  line: null,
  reference: 'a@job',
  patronId: 'a',
  transferId: 'job',
  kind: 'fee',
  amount: '0.01',
  paymentReference: `B-${row}`,
});

it('reads an account once and appends 250 rows at a time, however many payments a transfer has', async () => {
  const { store, calls } = watched(await storeOf({ a: [assess('f1', '10.00'), transfer('job', 'f1')] }));
  const rows = Array.from({ length: 600 }, (_, index) => paymentOf(index + 1));
  const job = { jobId: 'answer', at, by: { channel: 'import' } } as const;
  const outcomes = await bookAccount(store, { institution, patronId: 'a' }, rows, job, expecting);
  expect([...outcomes.values()].every(({ isNew }) => isNew)).toBe(true);
  expect(calls).toEqual(['read after 0', 'append 250 at 2', 'append 250 at 252', 'append 100 at 502']);
  expect((await accountOf(store, 'a')).transfers[0]).toMatchObject({ amount: 1_000, settled: 600 });
});

it('pauses before it retries an account after a conflict', async () => {
  const store = await storeOf({ a: [assess('f1', '10.00'), transfer('job', 'f1')] });
  let conflicts = 0;
  const racing: EventStore = {
    ...store,
    append: (stream, events, options) => {
      conflicts += 1;
      return conflicts <= 3
        ? Promise.reject(versionConflict(stream, 2, 3))
        : store.append(stream, events, options);
    },
  };
  const timer = vi.spyOn(globalThis, 'setTimeout');
  const job = { jobId: 'answer', at, by: { channel: 'import' } } as const;
  const outcomes = await bookAccount(racing, { institution, patronId: 'a' }, [paymentOf(1)], job, expecting);
  const pauses = timer.mock.calls.map(([, pause]) => pause as number);
  timer.mockRestore();
  expect(outcomes.get(1)).toMatchObject({ isNew: true, finding: null });
  expect(pauses).toHaveLength(3);
  expect(pauses.every((pause, index) => pause > 0 && pause <= 8 * 2 ** index)).toBe(true);
});
