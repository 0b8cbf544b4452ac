// Rows of Evergreen's own test data, commit 01b17605: Open-ILS/tests/datasets/sql/concerto/neg_bal_custom_transactions.sql
// (billings of the transactions 1-16) and concerto_enhanced/money.*.sql (payments). Times relative to now are fixed.

const start = '2014-05-14 08:39:13.070326-04';
const lost = '2014-05-28 08:39:13.070326-04';

/** Seven overdue fines of 0.10, and what else is billed. */
const overdue = (days: readonly string[]) => days.map((day) => [`${day} 23:59:59-04`, '0.10', 1] as const);
const may = overdue(['22', '23', '24', '25', '26', '27', '28'].map((day) => `2014-05-${day}`));
// The seventh has the period of the first.
const october = overdue(['18', '19', '20', '21', '22', '23', '18'].map((day) => `2020-10-${day}`));
const lostMaterials = (at: string) => [at, '50.00', 3] as const;

const billed: Readonly<Record<number, readonly (readonly [at: string, amount: string, btype: number])[]>> = {
  1: [lostMaterials(lost)],
  2: [lostMaterials(lost)],
  3: [lostMaterials(lost)],
  4: [lostMaterials(lost)],
  5: [lostMaterials(lost), ...may],
  6: [...may, lostMaterials(lost)],
  7: may,
  8: [lostMaterials('2020-10-27 07:56:51.426709-05')],
  9: [lostMaterials('2020-10-27 05:56:51.426709-05')],
  10: [...october, lostMaterials('2020-10-24 09:26:51.426709-05')],
  11: may,
  12: [...may, lostMaterials(lost)],
  13: [lostMaterials(lost)],
  14: may,
  15: [lostMaterials(lost)],
  16: may,
  526: [['2022-06-17 15:54:04-05', '38.95', 101]],
  552: [['2022-06-17 16:19:55-05', '700.00', 101]],
};

/** Transactions whose overdue fines were voided when the item was lost. */
const voided = new Set([6, 12]);

const usrOf = (xact: number) => ({ 526: 79, 552: 74 })[xact] ?? 5;

export const billable_xact = Object.keys(billed).map((id) => {
  const xact = Number(id);
  const grocery = xact > 500;
  return {
    id: xact,
    usr: usrOf(xact),
    xact_start: grocery ? '2022-06-17 15:54:04-05' : start,
    owner: grocery ? 'BM1' : 'BR1',
  };
});

let billingId = 0;
const idsOf = new Map<number, number[]>();

export const billing = Object.entries(billed).flatMap(([id, rows]) =>
  rows.map(([billing_ts, amount, btype]) => {
    billingId += 1;
    const xact = Number(id);
    if (btype === 1) idsOf.set(xact, [...(idsOf.get(xact) ?? []), billingId]);
    const isVoid = btype === 1 && voided.has(xact);
    return {
      id: billingId,
      xact,
      usr: usrOf(xact),
      billing_ts,
      voided: isVoid ? 't' : 'f',
      voider: isVoid ? 1 : null,
      // Those of transaction 5 have a void time, though they are not void.
      void_time: isVoid || (btype === 1 && xact === 5) ? lost : null,
      amount,
      btype,
      billing_type: { 1: 'Overdue materials', 3: 'Lost Materials' }[btype] ?? 'Misc',
    };
  }),
);

/** The adjustments name the overdue fines of their transaction. */
const adjustments = (xact: number, at: string) =>
  (idsOf.get(xact) ?? []).map((id) => [xact, at, '0.10', 'account_adjustment', { billing: id }] as const);

const payments = [
  [8, '2020-10-27 08:56:51.426709-05', '50.00', 'cash_payment', { cash_drawer: 51, note: 'LOST payment' }],
  [9, '2020-10-27 07:26:51.426709-05', '50.00', 'cash_payment', { cash_drawer: 51, note: 'LOST payment' }],
  [
    10,
    '2020-10-25 09:26:51.426709-05',
    '10.00',
    'cash_payment',
    { cash_drawer: 51, note: 'Partial LOST payment' },
  ],
  [526, '2022-06-17 16:04:52.330247-05', '10.00', 'cash_payment', { cash_drawer: 24 }],
  [526, '2022-06-17 16:05:04.906701-05', '5.95', 'check_payment', { cash_drawer: 24, check_number: '12345' }],
  [526, '2022-06-17 16:05:24.354004-05', '23.00', 'debit_card_payment', { cash_drawer: 24 }],
  [
    552,
    '2022-06-17 16:21:05.138297-05',
    '700.00',
    'work_payment',
    { note: 'Court ordered community service' },
  ],
  ...adjustments(5, lost),
  ...adjustments(10, '2020-10-24 09:26:51.426709-05'),
] as const;

export const payment = payments.map(([xact, payment_ts, amount, payment_type, fields], index) => {
  const row = { id: index + 1, xact, usr: usrOf(xact), payment_ts, voided: '0', amount, payment_type };
  return { ...row, accepting_usr: 1, ...fields };
});
