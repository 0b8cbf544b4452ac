// Shows the accounts of one patron at several institutions of a fulfillment network; each fee is paid at its institution.
import assert from 'node:assert/strict';
import { decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { networkActivity } from 'patron-fees/views';

const at = '2026-03-02T09:00:00Z';

/** Returns an account at an institution, with one fine. */
function accountWith(amount: string, currency: string) {
  const policy = definePolicy({ currency });
  const { events } = decide(
    { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount, owner: 'MAIN', at },
    emptyAccount(),
    policy,
  );
  return fold(events);
}

// Each institution has its own account, with its own currency and ids: "f1" is three different fees here.
const { institutions, totals, rows } = networkActivity(
  [
    { institution: 'NORTH', account: accountWith('25.00', 'USD') },
    { institution: 'SOUTH', account: accountWith('4.50', 'USD') },
    { institution: 'OSAKA', account: accountWith('300', 'JPY') },
  ],
  definePolicy({ currency: 'USD' }),
);

assert.deepEqual(
  institutions.map(({ institution, currency, active, payable }) => [institution, currency, active, payable]),
  [
    ['NORTH', 'USD', '25.00', '25.00'],
    ['SOUTH', 'USD', '4.50', '4.50'],
    ['OSAKA', 'JPY', '300', '300'],
  ],
);

// There is one total per currency; amounts are never converted.
assert.deepEqual(
  totals.map(({ currency, active }) => [currency, active]),
  [
    ['USD', '29.50'],
    ['JPY', '300'],
  ],
);

// The fees themselves, to be read: each is paid and waived at its own institution.
assert.deepEqual(
  rows.map(({ institution, typeLabel, remaining, currency }) => [
    institution,
    typeLabel,
    remaining,
    currency,
  ]),
  [
    ['NORTH', 'Overdue fine', '25.00', 'USD'],
    ['SOUTH', 'Overdue fine', '4.50', 'USD'],
    ['OSAKA', 'Overdue fine', '300', 'JPY'],
  ],
);

console.table(institutions.map(({ institution, currency, active }) => ({ institution, currency, active })));
