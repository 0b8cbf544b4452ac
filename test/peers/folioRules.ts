import { centsOf, readFolioAmount } from './folioAmount.js';
import { folioSplit } from './folioSplit.js';
import { type Line, noticesOf, type Outcome, type Refunded, type Row, type World } from './outcome.js';
import type { GivenAccount, Request } from './scenario.js';
import { inOrder, type SpareOrder } from './spareOrders.js';

/** One operation on a row, in cents. */
type Entry = { readonly op: string; readonly amount: number; readonly target: string };

type Account = Row & {
  readonly ref: string;
  readonly original: number;
  readonly loan: string | undefined;
  readonly ledger: readonly Entry[];
};

/** The part of a row that counts as paid or transferred in FOLIO: earlier refunds are not subtracted. */
type Gross = { readonly paid: number; readonly transferred: ReadonlyMap<string, number> };

const doneWords: Readonly<Record<string, string>> = { pay: 'Paid', waive: 'Waived', transfer: 'Transferred' };

/**
 * FOLIO's rules for payments, waivers, transfers, refunds and cancellations (mod-feesfines, `service/action`), its
 * defects included. A scenario must agree with them.
 *
 * @param order - who gets a spare cent first; defaults to the fees as given and the systems in the order of their
 *   transfers
 */
export function folioWorld(given: readonly GivenAccount[], order?: SpareOrder): World {
  const spare = order ?? { refs: given.map(({ ref }) => ref), targets: [] };
  let accounts = new Map(given.map((row) => [row.ref, accountOf(row)]));
  return {
    perform(request) {
      const op = request.op.replace('check-', '');
      const isCheck = op !== request.op;
      const named = [...new Set(request.accounts)];
      const raw = request.amount ?? '';
      const refuse = (httpStatus: number, error: string): Outcome => ({
        ...nothingDone(accounts),
        httpStatus,
        error,
        echoAmount: raw,
        ...(isCheck ? { allowed: false } : {}),
      });
      const rows = named.map((ref) => accounts.get(ref));
      if (!rows.every((row) => row !== undefined)) return refuse(404, 'ACCOUNT_NOT_FOUND');
      const refusal = reasonToRefuse(op, raw, rows);
      if (refusal !== undefined) return refuse(422, refusal);
      const amount = op === 'cancel' ? 0 : (readFolioAmount(raw)?.cents ?? 0);
      if (isCheck) {
        const room = op === 'refund' ? refundable(rows) : sum(rows.map(({ remaining }) => remaining));
        return {
          ...nothingDone(accounts),
          httpStatus: 200,
          allowed: true,
          amount,
          wouldRemain: room - amount,
        };
      }
      const done = perform(op, request, amount, rows, spare);
      if (typeof done === 'string') return refuse(500, done);
      const before = accounts;
      accounts = new Map([...accounts, ...done.accounts.map((row) => [row.ref, row] as const)]);
      return {
        httpStatus: 201,
        ...(op === 'cancel' ? {} : { amount }),
        rows: accounts,
        lines: done.lines,
        notices: noticesOf(before, accounts, named, (ref) => before.get(ref)?.loan),
        shares: done.shares,
        ...(done.refunded === undefined ? {} : { refunded: done.refunded }),
      };
    },
  };
}

function accountOf({ ref, amount, remaining, status, paymentStatus, loan, ledger }: GivenAccount): Account {
  return {
    ref,
    original: centsOf(amount),
    remaining: centsOf(remaining),
    status,
    paymentStatus,
    loan: loan ?? undefined,
    ledger: ledger.map((entry) => ({
      op: entry.op,
      amount: centsOf(entry.amount),
      target: entry.target ?? 'Bursar',
    })),
  };
}

function nothingDone(accounts: ReadonlyMap<string, Row>) {
  return { rows: accounts, lines: [], notices: [], shares: [] };
}

function reasonToRefuse(op: string, raw: string, rows: readonly Account[]): string | undefined {
  if (op === 'cancel') return rows.some(({ status }) => status === 'Closed') ? 'ALREADY_CLOSED' : undefined;
  const amount = readFolioAmount(raw);
  if (amount === undefined) return 'AMOUNT_INVALID';
  if (amount.cents <= 0) return 'AMOUNT_NOT_POSITIVE';
  if (op === 'refund') return amount.cents > refundable(rows) ? 'EXCEEDS_REFUNDABLE' : undefined;
  if (rows.some(({ status, remaining }) => status === 'Closed' && remaining === 0)) return 'ALREADY_CLOSED';
  return amount.cents > sum(rows.map(({ remaining }) => remaining)) ? 'EXCEEDS_REMAINING' : undefined;
}

function sum(amounts: Iterable<number>): number {
  return [...amounts].reduce((total, amount) => total + amount, 0);
}

function grossOf({ ledger }: Account): Gross {
  const transferred = new Map<string, number>();
  for (const { op, amount, target } of ledger) {
    if (op === 'transfer') transferred.set(target, (transferred.get(target) ?? 0) + amount);
  }
  return { paid: sum(ledger.filter(({ op }) => op === 'pay').map(({ amount }) => amount)), transferred };
}

function refundable(rows: readonly Account[]): number {
  const refunded = rows.flatMap(({ ledger }) =>
    ledger.filter(({ op }) => op === 'refund').map(({ amount }) => amount),
  );
  const gross = rows.map(grossOf).map(({ paid, transferred }) => paid + sum(transferred.values()));
  return sum(gross) - sum(refunded);
}

/** The operations on one row. */
type Result = { readonly account: Account; readonly lines: readonly Line[]; readonly refunded?: Refunded };

/** The operations, or the code of a server error. */
type Done = {
  readonly accounts: readonly Account[];
  readonly lines: readonly Line[];
  readonly shares: readonly number[];
  readonly refunded?: Refunded;
};

function perform(
  op: string,
  request: Request,
  amount: number,
  rows: readonly Account[],
  spare: SpareOrder,
): Done | string {
  if (op === 'cancel') return cancel(request.reason ?? 'Cancelled as error', rows);
  const balances =
    op === 'refund'
      ? rows.map(grossOf).map(({ paid, transferred }) => paid + sum(transferred.values()))
      : rows.map(({ remaining }) => remaining);
  if (
    op === 'refund' &&
    rows.some((row) => row.ledger.every((entry) => entry.op === 'waive' || entry.op === 'refund'))
  ) {
    return 'NULL_REFUNDABLE';
  }
  const refs = rows.map(({ ref }) => ref);
  const shares = rows.length === 1 ? [amount] : folioSplit(amount, balances, inOrder(refs, spare.refs));
  if (shares === undefined) return 'SPLIT_FAILED';
  if (!shares.every((share) => share !== undefined)) return 'NULL_SHARE';
  const results: Result[] = [];
  for (const [index, row] of rows.entries()) {
    const share = shares[index] as number;
    const result =
      op === 'refund' ? refund(row, share, spare) : reduce(row, op, share, request.target ?? 'Bursar');
    if (result === undefined) return 'SPLIT_FAILED';
    results.push(result);
  }
  return {
    accounts: results.map(({ account }) => account),
    lines: results.flatMap(({ lines }) => lines),
    shares,
    refunded: {
      patron: sum(results.map(({ refunded }) => refunded?.patron ?? 0)),
      others: sum(results.map(({ refunded }) => refunded?.others ?? 0)),
    },
  };
}

function reduce(row: Account, op: string, amount: number, target: string): Result {
  const remaining = row.remaining - amount;
  const type = `${doneWords[op]} ${remaining === 0 ? 'fully' : 'partially'}`;
  const status = remaining === 0 ? 'Closed' : row.status;
  const account = {
    ...row,
    remaining,
    status,
    paymentStatus: type,
    ledger: [...row.ledger, { op, amount, target }],
  };
  return { account, lines: [{ account: row.ref, type, amount, balance: remaining }] };
}

function refund(row: Account, amount: number, spare: SpareOrder): Result | undefined {
  const { paid, transferred } = grossOf(row);
  const toPatron = Math.min(amount, paid);
  const toTransfers = amount - toPatron;
  const targets = [...transferred.keys()];
  const parts =
    targets.length < 2
      ? targets.map(() => toTransfers)
      : toTransfers === 0
        ? []
        : folioSplit(toTransfers, [...transferred.values()], inOrder(targets, spare.targets));
  if (parts === undefined) return undefined;
  const word = (part: number, whole: number) => (part === whole ? 'fully' : 'partially');
  const recipients = [
    { recipient: 'patron', part: toPatron, how: word(toPatron, paid) },
    ...targets.map((recipient, index) => ({
      recipient,
      part: parts[index] ?? 0,
      how: word(toTransfers, sum(transferred.values())),
    })),
  ].filter(({ part }) => part > 0);
  const credited = recipients.map(({ recipient, part, how }) => ({
    account: row.ref,
    type: `Credited ${how}`,
    amount: part,
    balance: row.remaining,
    recipient,
  }));
  let balance = row.remaining;
  const refunded = recipients.map(({ recipient, part, how }) => {
    balance += part;
    return { account: row.ref, type: `Refunded ${how}`, amount: part, balance, recipient };
  });
  const paymentStatus = refunded.at(-1)?.type ?? row.paymentStatus;
  const ledger = [...row.ledger, { op: 'refund', amount, target: '' }];
  return {
    account: { ...row, remaining: balance, status: 'Open', paymentStatus, ledger },
    lines: [...credited, ...refunded],
    refunded: { patron: toPatron, others: sum(parts.map((part) => part ?? 0)) },
  };
}

function cancel(reason: string, rows: readonly Account[]): Done {
  return {
    accounts: rows.map((row) => ({ ...row, remaining: 0, status: 'Closed', paymentStatus: reason })),
    lines: rows.map(({ ref, original }) => ({ account: ref, type: reason, amount: original, balance: 0 })),
    shares: rows.map(({ remaining }) => remaining),
  };
}
