// One patron reads German, another French: the same account as a statement, a receipt, an explained fine and a refusal.
import assert from 'node:assert/strict';
import {
  type Command,
  decide,
  definePolicy,
  emptyAccount,
  fold,
  rejectionText,
  withLabels,
} from 'patron-fees';
import { defineCalendar, defineFineRule, explanationText, overdueFine } from 'patron-fees/overdue';
import { accountStatement, statementText } from 'patron-fees/reports';
import { receipt, transactions } from 'patron-fees/views';
import { french, german } from 'patron-fees/words';

const policy = definePolicy({ currency: 'EUR' });
const rule = defineFineRule({
  currency: 'EUR',
  amount: '0.50',
  period: { length: 1, unit: 'day' },
  maximum: '5.00',
});
const calendar = defineCalendar({ timeZone: 'Europe/Vienna' });
const fine = overdueFine({
  dueAt: '2026-03-02T18:00+01:00',
  until: '2026-03-05T10:00+01:00',
  rule,
  calendar,
});

const at = '2026-03-05T10:00:00+01:00';
const charge = { id: 'f1', feeType: 'OVERDUEFINE', amount: fine.amount, owner: 'MAIN' } as const;
const commands: Command[] = [
  { type: 'AssessFee', ...charge, at },
  { type: 'ReceivePayment', id: 'p1', amount: '1.00', method: 'CASH', at },
];
const { events } = decide(commands, emptyAccount(), policy);
const account = fold(events);

// Decisions use the institution's policy; only what people read has the labels of their language.
for (const { words, locale } of [
  { words: german, locale: 'de-AT' },
  { words: french, locale: 'fr-FR' },
]) {
  const labelled = withLabels(policy, words.labels);
  const patron = { name: 'Ada Lovelace' };
  const stored = events.map((event, index) => ({ version: index + 1, recordedAt: at, event }));
  const statement = accountStatement(stored, labelled, { patron });
  console.log(statementText(statement, { locale, timeZone: 'Europe/Vienna', words: words.statement }));
  console.log(explanationText(fine, { words: words.fine }).join('\n'));

  const { lines } = transactions(account, labelled, { id: 'f1', labels: words.transactions });
  const paid = receipt(account, labelled, { paymentId: 'p1' });
  console.log(lines.map(({ label }) => label).join(', '), `(${paid.methodLabel})\n`);
}

// Amounts in a sentence are in the reader's format.
const tooMuch = decide(
  { type: 'ReceivePayment', id: 'p2', amount: '5.00', method: 'CASH', at },
  account,
  policy,
);
assert.equal(tooMuch.accepted, false);
const amount = (text: string) =>
  new Intl.NumberFormat('de-DE', { minimumFractionDigits: 2 }).format(Number(text));
const refusal = tooMuch.accepted
  ? ''
  : rejectionText(tooMuch.rejection, { words: german.rejections, amount });
assert.equal(refusal, '5,00 ist mehr als die offenen 0,50.');

assert.deepEqual(explanationText(fine, { words: german.fine }), [
  'Fällig Mo, 2. März 2026, 18:00 Uhr. Gezählt bis Do, 5. März 2026, 10:00 Uhr.',
  'Gezählt: 3 Tage.',
  'Tage 1 bis 3: 3 × 0,50 = 1,50 EUR.',
  'Säumnisgebühr: 1,50 EUR.',
]);
// German dates with English words would mix languages.
const mixed = { locale: 'de-AT', timeZone: 'Europe/Vienna' };
assert.throws(() => statementText(accountStatement([], policy, { patron: { name: 'Ada' } }), mixed), {
  code: 'INVALID_ARGUMENT',
});
