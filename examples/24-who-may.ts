// Clerks waive up to 10.00, managers any amount; a patron may only pay and dispute. What a job may do follows its actor's roles.
import assert from 'node:assert/strict';
import { decide, definePolicy, fold, permissionFor, rejectionText } from 'patron-fees';
import { execute, memoryEventStore } from 'patron-fees/history';
import { runBulkWaive } from 'patron-fees/jobs';

const at = '2026-03-02T14:00:00Z';
const policy = definePolicy({
  currency: 'USD',
  permissions: {
    AssessFee: { CLERK: {} },
    ReceivePayment: { CLERK: {} },
    WaiveFees: { CLERK: { upTo: '10.00' }, USER_MANAGER: {} },
  },
});
const clerk = { channel: 'desk', userId: 'ana', library: 'MAIN', roles: ['CLERK'] } as const;
const manager = { channel: 'desk', userId: 'mo', library: 'MAIN', roles: ['USER_MANAGER'] } as const;
const patron = { channel: 'online', userId: 'dverma' } as const;

const { events } = decide(
  { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '25.00', at, by: clerk },
  fold([]),
  policy,
);
const account = fold(events);

// The same waiver by three people. Roles are read and never recorded.
const waive = { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1' }], reason: 'OTHER', at } as const;
for (const by of [clerk, patron]) {
  const decision = decide({ ...waive, by }, account, policy);
  assert.ok(!decision.accepted && decision.rejection.type === 'NotPermitted');
  console.log(`${by.userId}: ${rejectionText(decision.rejection)}`);
}
const decision = decide({ ...waive, by: manager }, account, policy);
assert.ok(decision.accepted);
assert.ok(!JSON.stringify(decision.events).includes('USER_MANAGER'));

// A screen asks first, and hides the button.
assert.deepEqual(permissionFor(policy, 'WaiveFees', ['CLERK']), {
  permitted: true,
  limit: '10.00',
  rejection: null,
});
assert.equal(permissionFor(policy, 'RefundCredit', ['CLERK']).permitted, false);

// A bulk waive is refused without the role, and its report says who ordered it.
const store = memoryEventStore({ now: () => at });
const dverma = { institution: 'north', patronId: 'dverma' };
await execute(store, policy, dverma, {
  type: 'AssessFee',
  id: 'f1',
  feeType: 'OTHER',
  amount: '5.00',
  at,
  by: clerk,
});
const form = { jobId: 'amnesty', at, institution: 'north', reason: 'OTHER' };
const patrons = [{ patronId: 'dverma', group: 'STUDENT', hasOverdueLoans: false }];
const asClerk = { ...form, by: { userId: 'ana', roles: ['CLERK'] } };
assert.equal(runBulkWaive(store, policy, asClerk, { patrons }).accepted, false);
const job = runBulkWaive(
  store,
  policy,
  { ...form, by: { userId: 'mo', roles: ['USER_MANAGER'] } },
  { patrons },
);
assert.ok(job.accepted);
for await (const { patronId, waived } of job.entries) console.log(`${patronId}: ${waived} waived`);
const { waived, job: head } = job.totals();
assert.equal(waived, '5.00');
assert.deepEqual([head.jobId, head.by?.userId, head.reason], ['amnesty', 'mo', 'OTHER']);
