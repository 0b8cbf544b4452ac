// A day at two tills: floats, payments with numbered receipts, a drop to the safe, a blind count, over and short; and the
// audit trail of the day.
import assert from 'node:assert/strict';
import { definePolicy } from 'patron-fees';
import { execute, memoryEventStore } from 'patron-fees/history';
import {
  executeTill,
  issueReceipt,
  officeEvents,
  reprintReceipt,
  runTillReport,
  tillTakings,
} from 'patron-fees/office';
import { runAuditTrail, runPaymentsList, runPaymentsReport } from 'patron-fees/reports';
import { table } from './support/table.js';

const [institution, at] = ['north', '2026-03-02T09:00:00-05:00'];
const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
const accounts = memoryEventStore({ now: () => at });
const office = memoryEventStore({ now: () => at, codec: officeEvents });

// A till that is open cannot be opened again.
const cashiers = [
  { till: 'CIRC', by: { channel: 'desk', userId: 'ana', desk: 'CIRC', library: 'MAIN' } as const },
  { till: 'ANNEX', by: { channel: 'desk', userId: 'ben', desk: 'ANNEX', library: 'BRANCH' } as const },
];
for (const { till, by } of cashiers) {
  const open = { type: 'OpenTill', id: `${till}/1`, float: '50.00', at, by } as const;
  await executeTill(office, policy, { institution, till }, open);
  const { decision } = await executeTill(office, policy, { institution, till }, { ...open, id: `${till}/2` });
  assert.equal(decision.accepted, false);
}

// Twenty payments, each with a receipt. All are issued at the same time, and still have the numbers 1 to 20.
const numbers = await Promise.all(
  Array.from({ length: 20 }, async (_, n) => {
    const { till, by } = cashiers[n % 2] as (typeof cashiers)[number];
    const patron = { institution, patronId: `patron ${n % 7}` };
    const money = { amount: `${n + 1}.25`, method: n % 5 === 0 ? 'CHECK' : 'CASH' };
    const atTill = { ...by, tillSession: `${till}/1` };
    await execute(accounts, policy, patron, {
      type: 'ReceivePayment',
      id: `p${n}`,
      ...money,
      at,
      by: atTill,
    });
    const payment = { ...patron, kind: 'payment', subjectId: `p${n}` } as const;
    const receipt = await issueReceipt({ accounts, office }, policy, { ...payment, series: '2026', at, by });
    const copy = await reprintReceipt({ accounts, office }, policy, payment);
    assert.deepEqual(copy, { ...receipt, isCopy: true });
    return receipt.number;
  }),
);
assert.deepEqual(
  numbers.sort((a, b) => a - b),
  Array.from({ length: 20 }, (_, n) => n + 1),
);

// In the evening each drawer is counted, method by method. At the annex 0.50 is missing.
const day = { institution, timeZone: 'America/New_York', from: '2026-03-02', through: '2026-03-02' };
const report = await runPaymentsReport(accounts, policy, { ...day, columns: ['tillSession', 'method'] });
for (const { till, by } of cashiers) {
  const sessionId = `${till}/1`;
  const drop = { type: 'MoveTillMoney', id: 'drop', direction: 'out', amount: '40.00', sessionId } as const;
  await executeTill(office, policy, { institution, till }, { ...drop, at, by });
  const takings = tillTakings(report, sessionId);
  const counts = takings.map(({ method, amount }) => {
    const inDrawer = method === 'CASH' ? Number(amount) + 50 - 40 : Number(amount);
    return { method, amount: (till === 'ANNEX' && method === 'CASH' ? inDrawer - 0.5 : inDrawer).toFixed(2) };
  });
  const close = { type: 'CloseTill', id: 'close', sessionId, takings, counts, at, by } as const;
  await executeTill(office, policy, { institution, till }, close);
}

const { rows, total } = await runTillReport({ accounts, office }, policy, day);
assert.equal(total.difference, '-0.50');
assert.equal(total.takings, report.total.net);
// The payments of a session, one by one, and everything that its cashier did on that day.
let listed = 0;
for await (const { tillSession } of runPaymentsList(accounts, policy, { ...day, tillSessions: ['CIRC/1'] })) {
  assert.equal(tillSession, 'CIRC/1');
  listed += 1;
}
assert.equal(listed, 10);
const done: string[] = [];
const ofAna = { ...day, users: ['ana'] };
for await (const { source, user, events } of runAuditTrail({ accounts, office }, policy, ofAna)) {
  assert.equal(user, 'ana');
  done.push(`${source}: ${events.join(' ')}`);
}
const count = (what: string) => done.filter((line) => line === what).length;
assert.equal(count('account: PaymentReceived'), 10);
assert.equal(count('receipts: ReceiptIssued'), 10);
assert.deepEqual(
  [count('till: TillOpened'), count('till: TillMoneyMoved'), count('till: TillClosed')],
  [1, 1, 1],
);

console.log(
  table(
    rows.map(({ till, method, payments, takings, counted, difference, deposit }) => ({
      till,
      method,
      payments: String(payments),
      takings,
      counted: counted ?? '',
      difference: difference ?? '',
      deposit: deposit ?? '',
    })),
  ),
);
