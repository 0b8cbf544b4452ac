// "Waive Selected": waives several fees at once, each in full or by an amount, with a reason from the list and a comment.
import assert from 'node:assert/strict';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { finesAndFees, transactions } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
const desk = { channel: 'desk', userId: 'lin', library: 'MAIN' } as const;

const assessed = decide(
  [
    { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '12.00', at, by: desk },
    { type: 'AssessFee', id: 'f2', feeType: 'OVERDUEFINE', amount: '4.00', at, by: desk },
    { type: 'AssessFee', id: 'f3', feeType: 'CARDRENEWAL', amount: '1.50', at, by: desk },
  ],
  emptyAccount(),
  policy,
);
const before = fold(assessed.events);

const waive: Command = {
  type: 'WaiveFees',
  id: 'w1',
  fees: [{ feeId: 'f1', amount: '5.00' }, { feeId: 'f2' }],
  reason: 'STAFF_ERROR',
  comment: 'The book drop was locked over the holidays',
  at: '2026-03-03T10:30:00Z',
  by: desk,
};
const decision = decide(waive, before, policy);

// Each fee gets its own waiver: the first has the command's id, the second an id derived from it.
assert.deepEqual(
  decision.events.map(({ type, data }) => type === 'FeeWaived' && [data.waiverId, data.feeId, data.amount]),
  [
    ['w1', 'f1', '5.00'],
    ['w1#1', 'f2', '4.00'],
  ],
);

// The charged amount stays, the remaining amount falls, and the second fee is closed.
const after = fold(decision.events, before);
const { rows, balances } = finesAndFees(after, policy, { status: 'all' });
assert.deepEqual(
  rows.map(({ id, original, remaining, status }) => [id, original, remaining, status]),
  [
    ['f1', '12.00', '7.00', 'active'],
    ['f2', '4.00', '0.00', 'closed'],
    ['f3', '1.50', '1.50', 'active'],
  ],
);
assert.equal(balances.active, '8.50');

// The fee's transactions show reason and comment. Patrons can see the comment, but would never see a staffNote.
const waiver = transactions(after, policy, { id: 'f1' }).lines.at(-1);
assert.equal(waiver?.reasonLabel, 'Staff error');
assert.equal(waiver?.comment, 'The book drop was locked over the holidays');

// All or nothing: if one fee cannot be waived by its amount, the whole selection is refused.
const tooMuch = decide(
  { ...waive, id: 'w2', fees: [{ feeId: 'f3' }, { feeId: 'f1', amount: '7.01' }] },
  after,
  policy,
);
assert.deepEqual(tooMuch, {
  accepted: false,
  events: [],
  rejection: { type: 'WaiverExceedsOwed', kind: 'conflict', feeId: 'f1', amount: '7.01', owed: '7.00' },
});

console.log(`Active balance after the waiver: ${balances.active}`);
