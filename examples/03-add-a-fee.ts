// Staff at a desk add fees: only types that allow it, and only valid amounts of the currency.
import assert from 'node:assert/strict';
import { type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { finesAndFees } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const desk = { channel: 'desk', userId: 'lin', library: 'MAIN' } as const;

// Only type and amount are needed; the fee belongs to the desk's library unless the command names an owner.
const lockerKey: Command = {
  type: 'AssessFee',
  id: 'f1',
  feeType: 'LOCKERKEY',
  amount: '8.5',
  comment: 'Key of locker 14',
  at: '2026-03-02T09:00:00Z',
  by: desk,
};

// "Add" and "Add and close": several fees are decided together, all of them or none.
const damaged: Command = {
  type: 'AssessFee',
  id: 'f2',
  feeType: 'DAMAGEDITEMFINE',
  amount: '18.00',
  item: { barcode: '30519', title: 'Atlas of winds' },
  staffNote: 'Photographs are in the drawer',
  at: '2026-03-02T09:01:00Z',
  by: desk,
};
const { events } = decide([lockerKey, damaged], emptyAccount(), policy);
const account = fold(events);
const list = finesAndFees(account, policy);
assert.deepEqual(
  list.rows.map(({ typeLabel, owner, remaining, comment }) => [typeLabel, owner, remaining, comment]),
  [
    ['Locker key', 'MAIN', '8.50', 'Key of locker 14'],
    ['Damaged item fine', 'MAIN', '18.00', null],
  ],
);

// A rejection is data: a type, and the fields that a person needs to correct the command.
function refusalOf(changes: object) {
  const decision = decide({ ...lockerKey, id: 'f3', ...changes } as Command, account, policy);
  return decision.accepted ? undefined : decision.rejection;
}
const unknown = refusalOf({ feeType: 'LOCKER KEYS' });
assert.equal(unknown?.type, 'FeeTypeUnknown');
assert.equal(unknown.known.nearest, 'LOCKERKEY');
assert.deepEqual(refusalOf({ feeType: 'RENEWFEE' }), {
  type: 'FeeTypeNotManual',
  kind: 'forbidden',
  feeType: 'RENEWFEE',
});
assert.deepEqual(refusalOf({ by: { channel: 'desk' } }), { type: 'FeeOwnerMissing', kind: 'invalid' });

// A tenth of a cent, a number, a negative amount: each is refused with the field's name, and never rounded.
for (const amount of ['8.505', 8.5, '-8.50', '0', '1e3', '']) {
  const refusal = refusalOf({ amount });
  assert.ok(refusal?.type === 'InvalidCommand');
  assert.equal(refusal.faults[0]?.path, 'amount');
}

console.log(list.rows.map(({ typeLabel, remaining }) => `${typeLabel}: ${remaining}`).join('\n'));
