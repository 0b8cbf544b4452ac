// Retention: the texts of settled fees are erased, those of open fees are kept, and no sum changes.
import assert from 'node:assert/strict';
import { type Command, definePolicy } from 'patron-fees';
import { execute, loadAccount, memoryEventStore } from 'patron-fees/history';
import { planRetention, type RetainedAccount, runRetention } from 'patron-fees/jobs';
import { finesAndFees, summary } from 'patron-fees/views';
import { table } from './support/table.js';

const policy = definePolicy({ currency: 'USD' });
const store = memoryEventStore({ now: () => new Date().toISOString() });
const institution = 'north';
const at = '2024-03-02T09:00:00-05:00';

const charge = (id: string, title: string, comment: string): Command => {
  const fee = { type: 'AssessFee', id, feeType: 'OVERDUEFINE', amount: '5.00', owner: 'MAIN' } as const;
  return { ...fee, item: { title }, comment, at };
};
const pay = (id: string, feeIds: string[]): Command => {
  return { type: 'ReceivePayment', id, amount: '5.00', method: 'CASH', feeIds, comment: 'By her son', at };
};
const histories: Record<string, Command[]> = {
  ada: [charge('f1', 'Living with diabetes', 'Was in hospital'), pay('p1', ['f1'])],
  bert: [
    charge('f1', 'A cat’s life', 'Found it'),
    charge('f2', 'Debt, and out of it', 'Sorry'),
    pay('p1', ['f1']),
  ],
};
for (const [patronId, commands] of Object.entries(histories)) {
  const { decision } = await execute(store, policy, { institution, patronId }, commands);
  assert.ok(decision.accepted);
}

const by = { userId: 'mo', roles: ['USER_MANAGER'] };
const form = { institution, at: '2026-03-02T09:00:00-05:00', by, settledForDays: 730 };

// The plan lists what is kept, and why.
const planned: RetainedAccount[] = [];
const plan = await planRetention(store, policy, form, { onAccount: (account) => void planned.push(account) });
assert.ok(plan.accepted);
console.log(
  table(
    planned.map(({ patronId, events, kept }) => {
      const reasons = kept.map(({ id, because }) => `${id}: ${because}`);
      return { patronId, 'events to redact': String(events), kept: reasons.join(', ') };
    }),
  ),
);

const result = await runRetention(store, policy, form);
assert.deepEqual(result, plan);
const rows = [];
for (const patronId of Object.keys(histories)) {
  const { account } = await loadAccount(store, { institution, patronId });
  const { payable } = summary(account, policy);
  for (const row of finesAndFees(account, policy, { status: 'all' }).rows)
    rows.push({ patronId, feeId: row.id, title: row.item?.title ?? '', remaining: row.remaining, payable });
}
console.log(table(rows));
assert.deepEqual(
  rows.map(({ patronId, title, payable }) => [patronId, title, payable]),
  [
    ['ada', '', '0.00'],
    ['bert', '', '5.00'],
    ['bert', 'Debt, and out of it', '5.00'],
  ],
);
