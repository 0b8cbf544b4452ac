// A payment plan: agree on instalments, record payments, list the plans that are behind.
import assert from 'node:assert/strict';
import { type Command, definePolicy, instalmentsOf } from 'patron-fees';
import { execute, loadAccount, memoryEventStore } from 'patron-fees/history';
import { runPlansBehind } from 'patron-fees/reports';
import { paymentPlan, summary } from 'patron-fees/views';
import { table } from './support/table.js';

const policy = definePolicy({ currency: 'USD' });
const store = memoryEventStore({ now: () => new Date().toISOString() });
const institution = 'north';
const at = '2026-03-02T09:00:00-05:00';

async function send(patronId: string, ...commands: Command[]) {
  const { decision } = await execute(store, policy, { institution, patronId }, commands);
  assert.ok(decision.accepted);
}

// Two patrons owe the same and agree on the same plan: three instalments, the first in April.
const terms = {
  amount: '100.00',
  currency: 'USD',
  number: 3,
  firstDueOn: '2026-04-01',
  interval: { months: 1 },
};
const instalments = instalmentsOf(terms);
for (const patronId of ['ada', 'bert']) {
  await send(
    patronId,
    { type: 'AssessFee', id: 'f1', feeType: 'LOSTITEMREPLACEMENTFEE', amount: '80', owner: 'MAIN', at },
    { type: 'AssessFee', id: 'f2', feeType: 'OVERDUEFINE', amount: '20', owner: 'MAIN', at },
    { type: 'AgreePaymentPlan', id: 'n1', feeIds: ['f1', 'f2'], instalments, at },
  );
}

// A plan moves no money. Payments name its fees.
const feeIds = ['f1', 'f2'];
const payment = { type: 'ReceivePayment', method: 'CASH', feeIds } as const;
await send('ada', { ...payment, id: 'p1', amount: '33.34', at: '2026-03-30T10:00:00-04:00' });
await send('ada', { ...payment, id: 'p2', amount: '33.33', at: '2026-04-29T10:00:00-04:00' });
await send('bert', { ...payment, id: 'p1', amount: '20.00', at: '2026-04-10T10:00:00-04:00' });

const on = '2026-05-02';
const rows = [];
for (const patronId of ['ada', 'bert']) {
  const { account } = await loadAccount(store, { institution, patronId });
  const { status, paid, behind, nextDue } = paymentPlan(account, policy, { planId: 'n1', on });
  const { active } = summary(account, policy);
  rows.push({
    patronId,
    active,
    status,
    paid,
    behind,
    next: nextDue?.dueOn ?? '',
    amount: nextDue?.amount ?? '',
  });
}
console.log(table(rows));
assert.deepEqual(
  rows.map(({ paid, behind }) => [paid, behind]),
  [
    ['66.67', '0.00'],
    ['20.00', '46.67'],
  ],
);

// The list for the person who writes the letters.
const late = [];
for await (const result of runPlansBehind(store, policy, { institution, on })) {
  assert.ok('plan' in result);
  late.push(`${result.patronId} is behind by ${result.plan.behind} since ${on}`);
}
console.log(late.join('\n'));
assert.deepEqual(late, [`bert is behind by 46.67 since ${on}`]);
