import type { Mismatch } from './compare.js';
import { centsOf } from './folioAmount.js';
import { NOT_WRITTEN_LIKE_THIS, TOO_LARGE } from './ourCommands.js';
import type { Outcome } from './outcome.js';
import type { GivenAccount, Request } from './scenario.js';

/** One step of a scenario: the result of this library and that of FOLIO's rules. */
export type Step = {
  readonly request: Request;
  /** The requests before it. */
  readonly earlier: readonly Request[];
  readonly given: readonly GivenAccount[];
  readonly ours: Outcome;
  readonly folio: Outcome;
};

/** An intended difference: its reason, and the mismatches that it explains. */
type Difference = { readonly reason: string; readonly explains: (mismatch: Mismatch, step: Step) => boolean };

export const PAID_IN_FULL =
  'Paid, waived and transferred are reported apart, whatever came last: a fee is paid in full if payments alone settled it';

const meant: readonly Difference[] = [
  {
    reason:
      'An amount is written in plain digits with at most the decimals of the currency; nothing is rounded that a person may not have meant',
    explains: (_, { ours }) => ours.error === NOT_WRITTEN_LIKE_THIS,
  },
  {
    reason: 'An amount has at most 12 digits, those after the point included',
    explains: (_, { ours }) => ours.error === TOO_LARGE,
  },
  {
    reason: 'The shape of a command is checked before what it names',
    explains: (_, { ours, folio }) =>
      folio.error === 'ACCOUNT_NOT_FOUND' && (ours.error ?? '').startsWith('AMOUNT_'),
  },
  {
    reason: 'FOLIO answers a valid request with a server error',
    explains: (_, { folio }) => folio.httpStatus === 500,
  },
  {
    reason:
      'The status follows from the figures: a fee with something open is never closed, one without never open',
    explains: (mismatch, step) => isContradictory(mismatch, step) && concernsStatus(mismatch, step),
  },
  {
    reason: 'A payment, a waiver or a transfer over several fees passes over those on which nothing is owed',
    explains: (_, { request, ours, folio }) =>
      request.op !== 'cancel' && isMoreWilling(ours, folio) && isSomeClosed(ours) && !isAllClosed(ours),
  },
  {
    reason: 'A fee that was paid or transferred can be cancelled; what came in comes back as a credit',
    explains: (_, { request, ours, folio }) =>
      request.op === 'cancel' && isMoreWilling(ours, folio) && isSomeClosed(ours),
  },
  {
    reason: 'What was transferred can still be waived: the external system gets a credit for it',
    explains: (_, { request, ours, folio }) =>
      request.op.endsWith('waive') && isMoreWilling(ours, folio) && isAllClosed(ours),
  },
  {
    reason:
      'A cancellation takes off what is owed and what was waived, and its line says so; money that was paid comes back as a credit',
    explains: ({ path, actual }, { request, ours }) =>
      request.op === 'cancel' &&
      path.endsWith('.amount') &&
      ours.uncancelledBefore?.includes(centsOf(String(actual))) === true,
  },
  {
    reason: PAID_IN_FULL,
    explains: ({ path, expected, actual }) =>
      /\.(paymentStatus|type)$/.test(path) && actual !== undefined && settledInPart(expected) === actual,
  },
  {
    reason: 'What a fee can still give back is what came in, less what went back before, to whom it went',
    explains: (_, step) => step.request.op.endsWith('refund') && wasBefore(step, 'refund'),
  },
  {
    reason:
      'A payment is given back last part first: one over several fees is not taken apart once one of them was cancelled',
    explains: (_, step) =>
      step.request.op.endsWith('refund') && step.folio.error === undefined && sharesWithCancelled(step),
  },
  {
    reason: 'What a cancelled fee had taken in is paid out; the fee stays cancelled',
    explains: (_, step) => step.request.op.endsWith('refund') && wasBefore(step, 'cancel'),
  },
];

/** The reason for which this library intentionally differs from FOLIO, if there is one. */
export function differenceFor(mismatch: Mismatch, step: Step): string | undefined {
  return meant.find(({ explains }) => explains(mismatch, step))?.reason;
}

/** Returns whether a fee of the request was changed before. */
function wasBefore({ request, earlier, given }: Step, op: string): boolean {
  const isAsked = (ref: string) => request.accounts.includes(ref);
  return (
    earlier.some((each) => each.op === op && each.accounts.some(isAsked)) ||
    given.some(({ ref, ledger }) => isAsked(ref) && ledger.some((entry) => entry.op === op))
  );
}

/** Returns whether a fee of the request was paid together with a cancelled one. */
function sharesWithCancelled({ request, earlier, ours }: Step): boolean {
  const cancelled = earlier.flatMap(({ op, accounts }) => (op === 'cancel' ? accounts : []));
  const payments = earlier.filter(({ op, accounts }) => op === 'pay' && accounts.length > 1);
  const isShared = ({ accounts }: Request) =>
    accounts.some((ref) => request.accounts.includes(ref)) &&
    accounts.some((ref) => cancelled.includes(ref) && !request.accounts.includes(ref));
  return ours.error !== undefined && payments.some(isShared);
}

/** Returns whether FOLIO refuses because a fee is closed, where this library accepts, or refuses only the amount. */
function isMoreWilling(ours: Outcome, folio: Outcome): boolean {
  return folio.error === 'ALREADY_CLOSED' && (ours.error === undefined || ours.error === 'EXCEEDS_REMAINING');
}

function isSomeClosed({ remainedBefore = [] }: Outcome): boolean {
  return remainedBefore.includes(0);
}

function isAllClosed({ remainedBefore = [] }: Outcome): boolean {
  return remainedBefore.every((left) => left === 0);
}

/** "Paid partially", where a scenario says "Paid fully". */
function settledInPart(label: unknown): unknown {
  return typeof label === 'string' && /^(Paid|Waived|Transferred) fully$/.test(label)
    ? label.replace('fully', 'partially')
    : undefined;
}

/** Returns whether a row is closed exactly when nothing remains of it. */
function isSound({ status, remaining: left }: GivenAccount): boolean {
  return (status === 'Closed') === centsOf(left) <= 0;
}

function isContradictory({ path }: Mismatch, { request, given }: Step): boolean {
  return given.some(
    (row) => !isSound(row) && (request.accounts.includes(row.ref) || path.includes(`accounts.${row.ref}.`)),
  );
}

/** Returns whether a mismatch is about a status, or follows from a refusal about a status. */
function concernsStatus({ path }: Mismatch, { ours, folio }: Step): boolean {
  if (/(^|\.)(status|events)$/.test(path)) return true;
  const refusals = ['ALREADY_CLOSED', 'EXCEEDS_REMAINING', undefined];
  return ours.error !== folio.error && refusals.includes(folio.error) && refusals.includes(ours.error);
}
