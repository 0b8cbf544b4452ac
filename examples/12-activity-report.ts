// "Send Activity Report": a patron's loans and fees as data, as text for an e-mail, and as an HTML page.
import assert from 'node:assert/strict';
import { decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { activityReport, activityReportHtml, activityReportText } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });
const at = '2026-03-02T09:00:00Z';
const { events } = decide(
  [
    { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '1240.00', owner: 'MAIN', at },
    { type: 'AssessFee', id: 'f2', feeType: 'LOCKERKEY', amount: '8.50', owner: 'MUS', at },
    { type: 'TransferFees', id: 't1', fees: [{ feeId: 'f2' }], expectsSettlement: true, at },
  ],
  emptyAccount(),
  policy,
);

// This library stores fees; the caller supplies loans, names and the time.
const report = activityReport(fold(events), policy, {
  at,
  patron: { name: 'Dev & Mira <Verma>', barcode: '2000171' },
  loans: [
    { title: 'Rivers of the north', library: 'MAIN', dueAt: '2026-02-27T20:00:00Z' },
    { title: 'Songs without words', library: 'MUS', dueAt: '2026-03-30T20:00:00Z' },
  ],
  libraryNames: { MAIN: 'Main Library', MUS: 'Music Library' },
});
assert.deepEqual(
  report.loans.map(({ overdue }) => overdue),
  [true, false],
);
// A fee that was transferred to a student system is still owed there, so it stays in the report.
assert.deepEqual(
  report.libraries.map(({ name, balances }) => [name, balances.active, balances.transferred]),
  [
    ['Main Library', '1240.00', '0.00'],
    ['Music Library', '0.00', '8.50'],
  ],
);

// Amounts and dates are formatted for the reader's locale. There is no default: the server's locale need not be the reader's.
const text = activityReportText(report, { locale: 'en-US', timeZone: 'America/New_York' });
assert.match(text, /\$1,240\.00/);
assert.match(text, /Feb 27, 2026/);

// The page escapes its content, and has the headings and headers that a screen reader needs.
const html = activityReportHtml(report, { locale: 'en-US', timeZone: 'America/New_York' });
assert.match(html, /Dev &amp; Mira &lt;Verma&gt;/);
assert.match(html, /<th scope="col"/);

console.log(text);
