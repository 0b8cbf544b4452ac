// Shows a patron's fees as Alma lists them: the active fees, all fees, and a selection.
import assert from 'node:assert/strict';
import { definePolicy, fold } from 'patron-fees';
import { fromAlmaFees } from 'patron-fees/alma';
import { finesAndFees } from 'patron-fees/views';
import response from './data/alma-fees.json' with { type: 'json' };

const policy = definePolicy({ currency: 'USD' });

// Alma's response to `GET /users/{id}/fees` is converted to events. A row that events cannot explain would be a finding.
const { events, findings } = fromAlmaFees(response, { policy });
assert.deepEqual(findings, []);

// The account is computed from its events.
const account = fold(events);

// Without a filter the list shows active rows; a credit is a row with a negative amount.
const active = finesAndFees(account, policy);
assert.deepEqual(
  active.rows.map(({ typeLabel, owner, remaining }) => [typeLabel, owner, remaining]),
  [
    ['Overdue fine', 'MAIN', '22.23'],
    ['Overdue fine', 'MUS', '2.77'],
    ['Lost item replacement fee', 'MAIN', '60.00'],
    ['Lost item process fee', 'MAIN', '15.00'],
    ['Credit', 'MUS', '-5.00'],
  ],
);

// The five figures above the list. "Currently filtered" is the sum of the rows that pass the filter.
assert.deepEqual(active.balances, {
  active: '95.00',
  disputed: '15.00',
  transferred: '34.75',
  currentlyFiltered: '95.00',
  currentlyFilteredDisputed: '0.00',
});

// Transferred and closed rows are listed only with the status `all`.
const all = finesAndFees(account, policy, { status: 'all' });
assert.equal(all.rowCount, 9);
assert.equal(all.balances.currentlyFilteredDisputed, '15.00');

// One library, two statuses, largest first, a page of two.
const filtered = finesAndFees(account, policy, {
  status: ['active', 'disputed'],
  owner: 'MAIN',
  sort: { by: 'remaining', descending: true },
  page: { limit: 2 },
});
assert.equal(filtered.rowCount, 4);
assert.deepEqual(
  filtered.rows.map(({ item, remaining }) => [item?.title, remaining]),
  [
    ['Harbour lights : a novel / Ines Aldana.', '60.00'],
    ['A field guide to river birds / Petra Holm.', '22.23'],
  ],
);
assert.equal(filtered.balances.currentlyFiltered, '97.23');

console.table(
  active.rows.map(({ typeLabel, item, remaining }) => ({ typeLabel, title: item?.title, remaining })),
);
