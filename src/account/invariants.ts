import { type Credit, unused } from './credit.js';
import { type Fee, moneyIn, owed, remaining } from './fee.js';
import {
  type BalancesInMinorUnits,
  balancesInMinorUnits,
  creditStatus,
  type PatronAccount,
} from './patronAccount.js';
import { reversedOf } from './records.js';

/** An invariant of accounts that is violated. */
export type Violation = {
  /** The name of the violated invariant. */
  readonly invariant: string;
  /** The fee, credit or payment that violates it; null for the whole account. */
  readonly id: string | null;
  /** The figures that violate it. */
  readonly figures: Readonly<Record<string, number>>;
};

/**
 * Checks the invariants of an account: conservation for each fee, credit and payment, waivers within the original
 * amount, the money equation, and balances equal to the sums of their rows.
 *
 * @param account - a patron account
 * @returns the violations; empty for every account that {@link index.fold | fold} made
 *
 * @example
 * ```ts
 * import { emptyAccount } from 'patron-fees';
 * import { violations } from 'patron-fees/testing';
 *
 * violations(emptyAccount()); //=> []
 * ```
 */
export function violations(account: PatronAccount): readonly Violation[] {
  return [
    ...account.fees.flatMap((fee) => feeViolations(account, fee)),
    ...account.credits.flatMap(creditViolations),
    ...paymentViolations(account),
    ...accountViolations(account),
  ];
}

/** Returns a violation unless the invariant holds. */
function violationUnless(
  holds: boolean,
  invariant: string,
  id: string | null,
  figures: Readonly<Record<string, number>>,
): Violation[] {
  return holds ? [] : [{ invariant, id, figures }];
}

function sum<Row>(rows: readonly Row[], amountOf: (row: Row) => number): number {
  return rows.reduce((total, row) => total + amountOf(row), 0);
}

function allNatural(figures: readonly number[]): boolean {
  return figures.every((figure) => Number.isSafeInteger(figure) && figure >= 0);
}

function feeViolations(account: PatronAccount, fee: Fee): Violation[] {
  const { feeId, original, paid, waived, transferred, cancelled, transferPending, reserved } = fee;
  const { transferReversed, givenBack, settledByCredit } = fee;
  const credits = account.credits.filter((credit) => credit.feeId === feeId);
  const open = (purpose: Credit['purpose']) => credits.filter((credit) => credit.purpose === purpose);
  const parts = [paid, waived, ...Object.values(settledByCredit), transferred, cancelled];
  const left = remaining(fee);
  const netOfCancelled = (credit: Credit) => credit.amount - credit.cancelled;
  const waivers = waived + sum([...open('setOff'), ...open('external')], netOfCancelled);
  return [
    ...violationUnless(
      allNatural([original, ...parts, transferPending, givenBack, reserved, transferReversed]),
      'no figure of a fee is negative',
      feeId,
      { original },
    ),
    ...violationUnless(left >= 0 && left <= original, 'what remains is within the original amount', feeId, {
      left,
      original,
    }),
    ...violationUnless(reserved <= left, 'no more is reserved than remains', feeId, { reserved, left }),
    ...violationUnless(
      reserved === sum(open('setOff'), unused),
      'what is reserved is the unused set-off credits',
      feeId,
      {
        reserved,
      },
    ),
    ...violationUnless(transferPending <= transferred, 'no more is pending than was transferred', feeId, {
      transferPending,
      transferred,
    }),
    ...violationUnless(transferReversed <= transferred, 'no more is reversed than was transferred', feeId, {
      transferReversed,
      transferred,
    }),
    ...violationUnless(waivers <= original, 'waivers never exceed the original amount', feeId, {
      waivers,
      original,
    }),
    ...accrualViolations(fee),
  ];
}

function accrualViolations({ feeId, original, lostItem, accrual }: Fee): Violation[] {
  if (accrual === null) return [];
  const { accrued, reportedTotal, total, endedAt, endCause } = accrual;
  const ended = endedAt !== null;
  return [
    ...violationUnless(
      accrued <= original && allNatural([accrued, reportedTotal, total ?? 0]),
      'what accrual has charged is within the original amount',
      feeId,
      { accrued, original },
    ),
    ...violationUnless(
      (total !== null) === ended && (endCause !== null) === ended,
      'a fine has a final total when it has ended',
      feeId,
      { accrued },
    ),
    ...violationUnless(!lostItem, 'a lost-item fee does not grow', feeId, { accrued }),
  ];
}

function creditViolations(credit: Credit): Violation[] {
  const { creditId, amount, applied, refunded, transferred, cancelled, withdrawn, transferPending } = credit;
  const figures = { amount, applied, refunded, transferred, cancelled, withdrawn, transferPending };
  const left = unused(credit);
  const money = refunded + withdrawn;
  return [
    ...violationUnless(
      allNatural([...Object.values(figures), left]),
      'no figure of a credit is negative',
      creditId,
      figures,
    ),
    ...violationUnless(
      transferPending <= transferred,
      'no more is pending than was transferred',
      creditId,
      figures,
    ),
    ...violationUnless(
      credit.purpose === 'refundable' || money === 0,
      'only refundable credits are refunded or withdrawn',
      creditId,
      figures,
    ),
  ];
}

function paymentViolations({ payments, fees }: PatronAccount): Violation[] {
  const kept = sum(payments, ({ allocations }) =>
    sum(allocations, ({ amount, reversed }) => amount - reversed),
  );
  const paid = sum(fees, (fee) => fee.paid);
  return [
    ...payments.flatMap((payment) => {
      const { paymentId, amount, allocations, overpayment } = payment;
      const parts = sum(allocations, (part) => part.amount) + (overpayment?.amount ?? 0);
      const figures = { amount, parts, reversed: reversedOf(payment) };
      return [
        ...violationUnless(
          parts === amount,
          'a payment is its allocations and its overpayment',
          paymentId,
          figures,
        ),
        ...violationUnless(
          figures.reversed <= amount,
          'no more is reversed than was paid',
          paymentId,
          figures,
        ),
      ];
    }),
    ...violationUnless(kept === paid, 'fees are paid by the allocations that are not reversed', null, {
      kept,
      paid,
    }),
  ];
}

function accountViolations(account: PatronAccount): Violation[] {
  const { fees, credits, payments, settlements, refunds } = account;
  const refundable = credits.filter(({ purpose }) => purpose === 'refundable');
  const moneyReceived =
    sum(payments, (payment) => payment.amount - reversedOf(payment)) +
    sum(refundable, ({ cause, amount }) => (cause === 'imported' || cause === 'settlement' ? amount : 0)) -
    sum(settlements, ({ surplus }) => surplus?.reversed ?? 0);
  const moneyAccountedFor =
    sum(refunds, ({ amount, reversed }) => (reversed ? 0 : amount)) +
    sum(
      refundable,
      (credit) => unused(credit) + credit.transferred + (credit.feeId === null ? credit.cancelled : 0),
    ) +
    sum(fees, (fee) => moneyIn(fee) - fee.givenBack);
  const actual = balancesInMinorUnits(account);
  const expected = balancesByRow(account);
  const same = (Object.keys(expected) as (keyof BalancesInMinorUnits)[]).every(
    (name) => actual[name] === expected[name],
  );
  return [
    ...violationUnless(moneyReceived === moneyAccountedFor, 'the money equation', null, {
      moneyReceived,
      moneyAccountedFor,
    }),
    ...violationUnless(same, 'balances are the sums of their rows', null, { ...actual }),
  ];
}

/** Computes the balances a second time, from the rows by their status. */
function balancesByRow(account: PatronAccount): BalancesInMinorUnits {
  const inStatus = (status: 'active' | 'disputed') =>
    sum(
      account.fees.filter((fee) => fee.disputed === (status === 'disputed')),
      remaining,
    ) -
    sum(
      account.credits.filter((credit) => creditStatus(account, credit) === status),
      unused,
    );
  return {
    active: inStatus('active'),
    disputed: inStatus('disputed'),
    transferred:
      sum(account.fees, (fee) => fee.transferPending) - sum(account.credits, (c) => c.transferPending),
    payable: sum(account.fees, (fee) => (fee.disputed ? 0 : owed(fee))),
    owed: sum(account.fees, owed),
  };
}
