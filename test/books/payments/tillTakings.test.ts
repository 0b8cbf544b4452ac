import { expect, it } from 'vitest';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import { runPaymentsReport } from '../../../src/jobs/reports/index.js';
import { tillTakings } from '../../../src/office/index.js';
import { at, by } from '../../office/till/tills.js';
import { pay, policyWith } from '../../support/account.js';
import { errorOf } from '../../support/events.js';

const policy = policyWith({ overpayment: 'credit' });
const days = { institution: 'north', timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };

it('sums what a session took by method, and leaves out other sessions', async () => {
  const store = memoryEventStore({ now: () => at });
  const take = (id: string, amount: string, method: string, tillSession: string) =>
    pay(id, amount, { at, method, by: { ...by, tillSession } });
  await execute(store, policy, { institution: 'north', patronId: 'p1' }, [
    take('a', '7.25', 'CASH', 'CIRC/1'),
    take('b', '5.00', 'CASH', 'CIRC/1'),
    take('c', '20.00', 'CHECK', 'CIRC/1'),
    take('d', '9.00', 'CASH', 'CIRC/2'),
  ]);
  const report = await runPaymentsReport(store, policy, {
    ...days,
    columns: ['tillSession', 'user', 'method'],
  });
  expect(tillTakings(report, 'CIRC/1')).toEqual([
    { method: 'CASH', amount: '12.25' },
    { method: 'CHECK', amount: '20.00' },
  ]);
  expect(tillTakings(report, 'CIRC/3')).toEqual([]);
  const byMethod = await runPaymentsReport(store, policy, { ...days, columns: ['method'] });
  expect(errorOf(() => tillTakings(byMethod, 'CIRC/1')).code).toBe('INVALID_ARGUMENT');
});
