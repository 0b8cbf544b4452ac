import { centsOf } from './folioAmount.js';
import { dollars } from './ourDesk.js';
import type { Line, Outcome, Refunded } from './outcome.js';
import type { Answer } from './scenario.js';

/** A field in which an outcome differs from the expectation of a scenario. */
export type Mismatch = {
  /** For example `accounts.a.remaining`. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
};

/** Formats the expected and the actual value of a field. */
export function formatMismatch({ path, expected, actual }: Mismatch): string {
  return `${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual) ?? 'nothing'}`;
}

/** The fields that {@link compareTotals} compares. */
const overall = ['patronRefundTotal', 'transferRefundTotal', 'finalPaymentStatus'];

/** Compares one outcome with its expectation, in every field of the expectation. */
export function compare(expected: Answer, outcome: Outcome): Mismatch[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    if (value === undefined || key === 'note' || overall.includes(key)) return [];
    switch (key) {
      case 'httpStatus':
      case 'error':
      case 'echoAmount':
      case 'allowed':
        return unlessSame(key, value, outcome[key]);
      case 'amount':
      case 'wouldRemain':
        return unlessSameAmount(key, value as string, outcome[key]);
      case 'newActions':
        return unlessSame(key, value, outcome.lines.length);
      case 'accounts':
        return (expected.accounts ?? []).flatMap((row) => compareRow(row, outcome));
      case 'actions':
        return compareLines(expected.actions ?? [], outcome.lines);
      case 'events':
        return compareNotices(expected.events ?? [], outcome);
      case 'sharesMultiset':
        return compareShares(key, value as string[], outcome.shares);
      default:
        return [{ path: key, expected: value, actual: 'a field that is not understood' }];
    }
  });
}

/**
 * Compares all outcomes with their common expectation.
 *
 * @param named - the accounts of the requests; their status is the final one
 */
export function compareTotals(
  expected: Answer,
  outcomes: readonly Outcome[],
  named: readonly string[],
): Mismatch[] {
  const total = (whom: keyof Refunded) => sum(outcomes.map(({ refunded }) => refunded?.[whom] ?? 0));
  const last = named.map((ref) => outcomes.at(-1)?.rows.get(ref)?.paymentStatus);
  const { patronRefundTotal, transferRefundTotal, finalPaymentStatus } = expected;
  return [
    ...(patronRefundTotal === undefined
      ? []
      : unlessSameAmount('patronRefundTotal', patronRefundTotal, total('patron'))),
    ...(transferRefundTotal === undefined
      ? []
      : unlessSameAmount('transferRefundTotal', transferRefundTotal, total('others'))),
    ...(finalPaymentStatus === undefined
      ? []
      : last.flatMap((status) => unlessSame('finalPaymentStatus', finalPaymentStatus, status))),
  ];
}

export function unlessSame(path: string, expected: unknown, actual: unknown): Mismatch[] {
  return expected === actual ? [] : [{ path, expected, actual }];
}

export function unlessSameAmount(path: string, expected: string, actual: number | undefined): Mismatch[] {
  const cents = centsOf(expected);
  if (cents === actual) return [];
  return [{ path, expected: dollars(cents), actual: actual === undefined ? undefined : dollars(actual) }];
}

/** Compares shares without regard to which account has which. */
export function compareShares(
  path: string,
  expected: readonly string[],
  actual: readonly number[],
): Mismatch[] {
  const sorted = (shares: readonly number[]) =>
    [...shares]
      .sort((a, b) => a - b)
      .map(dollars)
      .join(' ');
  return unlessSame(path, sorted(expected.map(centsOf)), sorted(actual));
}

type ExpectedRow = NonNullable<Answer['accounts']>[number];

/** The known fields of a row, a line and a notice. */
const rowFields = ['ref', 'remaining', 'status', 'paymentStatus', 'note'];
const lineFields = ['account', 'type', 'amount', 'balance', 'recipient', 'note'];
const noticeFields = ['type', 'account', 'loan', 'note'];

function notUnderstood(path: string, given: object, known: readonly string[]): Mismatch[] {
  return Object.entries(given)
    .filter(([key, value]) => value !== undefined && !known.includes(key))
    .map(([key, value]) => ({
      path: `${path}.${key}`,
      expected: value,
      actual: 'a field that is not understood',
    }));
}

export function compareRow(expected: ExpectedRow, { rows }: Pick<Outcome, 'rows'>): Mismatch[] {
  const path = `accounts.${expected.ref}`;
  const row = rows.get(expected.ref);
  if (row === undefined) return [{ path, expected: 'an account', actual: undefined }];
  const { remaining, status, paymentStatus } = expected;
  return [
    ...notUnderstood(path, expected, rowFields),
    ...(remaining === undefined ? [] : unlessSameAmount(`${path}.remaining`, remaining, row.remaining)),
    ...(status === undefined ? [] : unlessSame(`${path}.status`, status, row.status)),
    ...(paymentStatus === undefined
      ? []
      : unlessSame(`${path}.paymentStatus`, paymentStatus, row.paymentStatus)),
  ];
}

type ExpectedLine = NonNullable<Answer['actions']>[number];

/**
 * Lines come in any order: equal ones are paired first, then those of one account, recipient and kind. Lines with more
 * fields are paired earlier, so that a line with few fields cannot take the match of another.
 */
function compareLines(expected: readonly ExpectedLine[], lines: readonly Line[]): Mismatch[] {
  const left = [...lines];
  const takeOut = (which: (line: Line) => boolean) => {
    const index = left.findIndex(which);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const bySpecificity = [...expected].sort((a, b) => Object.keys(b).length - Object.keys(a).length);
  const unpaired = bySpecificity.filter(
    (line) => takeOut((other) => compareLine(line, other).length === 0) === undefined,
  );
  const mismatches = unpaired.flatMap((line) => {
    const alike = takeOut((other) => isAlike(line, other));
    const path = `actions.${line.account}`;
    return alike === undefined ? [{ path, expected: line, actual: undefined }] : compareLine(line, alike);
  });
  return [
    ...mismatches,
    ...left.map((line) => ({ path: `actions.${line.account}`, expected: undefined, actual: line })),
  ];
}

function isAlike(expected: ExpectedLine, line: Line): boolean {
  const verb = (type: string) => type.split(' ')[0];
  const sameRecipient = expected.recipient === undefined || expected.recipient === line.recipient;
  return expected.account === line.account && sameRecipient && verb(expected.type) === verb(line.type);
}

function compareLine(expected: ExpectedLine, line: Line): Mismatch[] {
  const path = `actions.${expected.account}`;
  const { amount, balance, recipient } = expected;
  return [
    ...notUnderstood(path, expected, lineFields),
    ...unlessSame(`${path}.account`, expected.account, line.account),
    ...unlessSame(`${path}.type`, expected.type, line.type),
    ...(amount === undefined ? [] : unlessSameAmount(`${path}.amount`, amount, line.amount)),
    ...(balance === undefined ? [] : unlessSameAmount(`${path}.balance`, balance, line.balance)),
    ...(recipient === undefined ? [] : unlessSame(`${path}.recipient`, recipient, line.recipient)),
  ];
}

function compareNotices(expected: NonNullable<Answer['events']>, { notices }: Outcome): Mismatch[] {
  const keyOf = (notice: { type: string; account?: string | undefined; loan?: string | undefined }) =>
    JSON.stringify([notice.type, notice.account, notice.loan]);
  const wanted = expected.map(keyOf).sort();
  const found = notices.map(keyOf).sort();
  return [
    ...expected.flatMap((notice) => notUnderstood('events', notice, noticeFields)),
    ...unlessSame('events', wanted.join(' '), found.join(' ')),
  ];
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
