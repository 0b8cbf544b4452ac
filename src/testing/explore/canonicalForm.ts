import type { Credit } from '../../account/credit.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { unreversedParts } from '../../account/records.js';

/** Fields that no later decision reads (who, when, why, a row's own id), or that are written below. */
const aside: ReadonlySet<string> = new Set([
  ...['transactions', 'by', 'comment', 'reference', 'incidentId', 'item', 'batchId', 'externalReference'],
  ...['at', 'assessedAt', 'issuedAt', 'agreedAt', 'writeOff', 'refundPercent', 'disputeId'],
  ...['feeId', 'creditId', 'paymentId', 'transferId', 'refundId', 'planId', 'feeIds'],
  ...['shortfallCreditId', 'shortfallFeeIds', 'allocations', 'overpayment', 'reversals', 'feesNamed'],
]);

/** The fields of each kind of row that are kept; all rows of a kind have the same. */
const keptFields = new Map<string, readonly string[]>();

/** What tells a row apart. */
type Values = readonly unknown[];

/** Returns the values of a row's fields, and what else tells it apart. */
function valuesOf(kind: string, row: object, ...more: Values): Values {
  let kept = keptFields.get(kind);
  if (kept === undefined) {
    kept = Object.keys(row).filter((name) => !aside.has(name));
    keptFields.set(kind, kept);
  }
  const values = [...more];
  for (const name of kept) values.push((row as Readonly<Record<string, unknown>>)[name]);
  return values;
}

/**
 * Returns a text that is equal for two accounts exactly if all later commands have the same effect on both, apart from
 * ids, times and order. {@link exploreEvery} visits only one account of each text.
 *
 * Left out are ids, times (except of the reports of a growing fine, which are compared), persons and texts; rows that
 * were undone as a whole; and the order of rows, except of fees and of the credits of a fee, because payments and the
 * closing rules go by these. Ids of payment providers are kept: they tell repeats.
 *
 * @param account - an account that only commands with the same `at` have changed, or whose policy counts no days
 * @returns the text
 *
 * @example
 * ```ts
 * import { fold } from 'patron-fees';
 * import { canonicalForm } from 'patron-fees/testing';
 *
 * const charged = (feeId: string, at: string) =>
 *   fold([{ type: 'FeeAssessed', data: { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at } }]);
 * canonicalForm(charged('f1', '2026-03-02T09:00:00Z')) === canonicalForm(charged('f2', '2026-03-03T09:00:00Z')); //=> true
 * ```
 */
export function canonicalForm(account: PatronAccount): string {
  const { fees, payments, transfers, settlements, applications, refunds } = account;
  const names = new Map(fees.map(({ feeId }, index) => [feeId, `fee ${index}`]));
  const named = (id: string | null | undefined) => (id == null ? null : (names.get(id) ?? id));
  const group = ({ feeId, purpose }: Credit) => `${named(feeId)} ${purpose}`;
  const credits = account.credits.filter(canMatter).sort((one, other) => compare(group(one), group(other)));
  for (const [index, { creditId }] of credits.entries()) names.set(creditId, `credit ${index}`);
  const plans = account.paymentPlans.filter(({ endedAt }) => endedAt === null);

  const payment = (one: (typeof payments)[number]) => {
    const parts = one.allocations.flatMap(({ feeId, amount, reversed }) =>
      amount > reversed ? [[named(feeId), amount - reversed]] : [],
    );
    const { overpayment, reversals, feesNamed, amount } = one;
    if (overpayment !== null && overpayment.amount > overpayment.reversed)
      parts.push(['overpayment', overpayment.amount - overpayment.reversed, named(overpayment.creditId)]);
    const provider = reversals.filter(isProviders);
    if (one.externalTransactionId === null && provider.length === 0)
      return parts.length === 0 ? [] : [valuesOf('payment', { ...one, amount: null }, parts)];
    const told = provider.map((row) => [row.externalTransactionId, row.amount, row.externalTransactionTotal]);
    return [valuesOf('payment', one, amount, parts, told, feesNamed.map(named))];
  };
  const transfer = (one: (typeof transfers)[number]) => {
    const settled = settlements.flatMap(({ transferId, amount, reversed, surplus }) => {
      const above = surplus === null ? 0 : surplus.amount - surplus.reversed;
      const isOf = transferId === one.transferId && amount - reversed + above > 0;
      return isOf ? [[amount - reversed, above, named(surplus?.creditId)]] : [];
    });
    const [amount, recalled] = [one.amount - one.recalled, null];
    if (amount === 0 && settled.length === 0) return [];
    const about = [named(one.feeId), named(one.creditId), sorted(settled)];
    return [valuesOf('transfer', { ...one, amount, recalled }, about)];
  };
  const application = (one: (typeof applications)[number]) => {
    const used = unreversedParts(one).map(({ feeId, amount }) => [named(feeId), amount]);
    return used.length === 0 ? [] : [[named(one.creditId), used]];
  };
  const refund = (one: (typeof refunds)[number]) =>
    one.reversed && !isProviders(one) ? [] : [valuesOf('refund', one, named(one.creditId))];
  return JSON.stringify([
    account.currency,
    account.mergedInto,
    fees.map((fee) => {
      const plan = plans.findIndex(({ planId }) => planId === fee.planId);
      return valuesOf('fee', fee, named(fee.shortfallCreditId), plan);
    }),
    credits.map((credit) =>
      valuesOf('credit', credit, named(credit.feeId), credit.shortfallFeeIds.map(named)),
    ),
    sorted(payments.flatMap(payment)),
    sorted(
      account.waivers.flatMap(({ reversed, feeId, amount }) => (reversed ? [] : [[named(feeId), amount]])),
    ),
    sorted(transfers.flatMap(transfer)),
    sorted(applications.flatMap(application)),
    sorted(refunds.flatMap(refund)),
    plans.map((plan) => valuesOf('plan', plan, plan.feeIds.map(named))),
    account.merges.flatMap(({ separatedAt, direction, patronId }) =>
      separatedAt === null ? [`${direction} ${patronId}`] : [],
    ),
  ]);
}

/** Returns rows in an order that does not depend on theirs. */
function sorted(rows: readonly Values[]): Values {
  return rows.length < 2 ? rows : rows.map((row) => JSON.stringify(row)).sort();
}

const known = new WeakMap<PatronAccount, string>();

/** Returns the canonical form of an account that is never changed; computes it once. */
export function formOf(account: PatronAccount): string {
  const form = known.get(account) ?? canonicalForm(account);
  known.set(account, form);
  return form;
}

/** Returns whether a later decision can depend on a credit: something of it is open or in use, or it still counts. */
function canMatter(credit: Credit): boolean {
  const { amount, applied, refunded, transferred, cancelled, withdrawn, cause, shortfallFeeIds } = credit;
  if (applied + refunded + transferred > 0 || shortfallFeeIds.length > 0 || cause === 'returned') return true;
  // What was cancelled of these can still be withdrawn by the reversal of their payment.
  const keepsCancelled = cause === 'overpayment' || cause === 'settlement';
  return withdrawn < amount && (cancelled < amount || keepsCancelled);
}

function isProviders(row: { readonly externalTransactionId: string | null }): boolean {
  return row.externalTransactionId !== null;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
