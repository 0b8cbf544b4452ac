import {
  type Fee,
  feeStatus,
  owed,
  parseLooseAmount,
  type Rejection,
  remaining,
  spread,
} from '../../src/index.js';
import { transactions } from '../../src/views/index.js';
import { centsOf, readFolioAmount } from './folioAmount.js';
import { type Desk, dollars, feeIdOf, feeOf, mustAsk, openDesk, tableOf } from './ourDesk.js';
import { refundableOf, refundWishes, totalOf } from './ourRefund.js';
import { type Line, noticesOf, type Row, type World } from './outcome.js';
import type { ActionScenario, GivenAccount, Request } from './scenario.js';

/** What this library answers to FOLIO's requests, told in FOLIO's words. */
export function ourWorld({ given, when }: Pick<ActionScenario, 'given' | 'when'>): World {
  const requests = [...given.history, ...when.steps];
  const targets = given.accounts.flatMap(({ ledger }) => ledger.map(({ target }) => target));
  const desk = openDesk({
    feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } },
    paymentMethods: tableOf(['CASH', ...requests.map(({ method }) => method)]),
    waiveReasons: tableOf(['OTHER', ...requests.map(({ reason }) => reason)]),
    destinations: tableOf([usualTarget, ...targets, ...requests.map(({ target }) => target)]),
  });
  for (const row of given.accounts) takeIn(desk, row);
  const labels = new Map(given.accounts.map(({ ref, paymentStatus }) => [ref, paymentStatus]));
  const refs = given.accounts.map(({ ref }) => ref);
  const rows = () => new Map(refs.map((ref) => [ref, rowOf(desk, ref, labels)] as const));
  return {
    perform(request) {
      const op = request.op.replace('check-', '');
      const isCheck = op !== request.op;
      const before = { account: desk.account(), rows: rows() };
      const named = [...new Set(request.accounts)];
      const echoAmount = request.amount ?? '';
      const rejection = perform(desk, op, request, named);
      if (rejection !== undefined) {
        const error = errorOf(rejection, echoAmount);
        const httpStatus = error === 'ACCOUNT_NOT_FOUND' ? 404 : 422;
        const refused = {
          httpStatus,
          error,
          echoAmount,
          rows: before.rows,
          lines: [],
          notices: [],
          shares: [],
        };
        return isCheck ? { ...refused, allowed: false } : refused;
      }
      const fees = new Map(named.map((ref) => [ref, feesBeforeAndNow(desk, before.account, ref)] as const));
      const lines = named.flatMap((ref) => linesOf(desk, before.account, op, request, ref));
      const shares = named.map((ref) => sum(lines.filter(isOwnLine(ref)).map(({ amount }) => amount)));
      const amount = op === 'cancel' ? {} : { amount: sum(shares) };
      if (isCheck) {
        const wouldRemain = sum(named.map((ref) => roomOf(desk, op, ref)));
        desk.backTo(before.account);
        return {
          httpStatus: 200,
          allowed: true,
          ...amount,
          wouldRemain,
          rows: before.rows,
          lines: [],
          notices: [],
          shares,
        };
      }
      for (const { account, type } of lines) labels.set(account, type);
      const after = rows();
      const loanOf = (ref: string) => feeOf(desk.account(), ref)?.loanId ?? undefined;
      const notices = noticesOf(before.rows, after, named, loanOf);
      return { httpStatus: 201, ...amount, rows: after, lines, notices, shares, fees };
    },
  };
}

const usualTarget = 'Bursar';

/**
 * Brings a FOLIO row about. What the row says is left without a ledger line to explain it was never rightly charged; a
 * row that its ledger contradicts was charged high enough for both.
 */
function takeIn(desk: Desk, row: GivenAccount): void {
  const feeId = feeIdOf(row.ref);
  let net = 0;
  let most = 0;
  for (const { op, amount } of row.ledger) {
    net += centsOf(amount) * (op === 'refund' ? -1 : 1);
    most = Math.max(most, net);
  }
  const left = Math.max(0, centsOf(row.remaining));
  const original = Math.max(centsOf(row.amount), left + net, most, 1);
  mustAsk(desk, {
    type: 'AssessFee',
    id: feeId,
    feeType: 'OVERDUEFINE',
    amount: dollars(original),
    owner: 'MAIN',
    ...(row.loan ? { loanId: row.loan } : {}),
  });
  for (const { op, amount, target } of row.ledger) {
    const request = {
      op,
      amount: dollars(centsOf(amount)),
      accounts: [row.ref],
      bulk: false,
      target,
    } as Request;
    if (perform(desk, op, request, [row.ref]) !== undefined)
      throw new Error(`the ledger of ${row.ref} cannot be played`);
  }
  const excess = original - net - left;
  if (excess > 0) mustAsk(desk, { type: 'CancelFee', feeId, amount: dollars(excess) });
}

/** Why the library or, of a refund, the desk says no. */
type Refusal = Rejection | { readonly type: 'MoreThanCanBeGivenBack' };

function perform(desk: Desk, op: string, request: Request, named: readonly string[]): Refusal | undefined {
  const { amount = '', target = usualTarget, reason } = request;
  const feeIds = named.map(feeIdOf);
  switch (op) {
    case 'pay':
      return desk.ask({
        type: 'ReceivePayment',
        amount,
        method: request.method ?? 'CASH',
        feeIds,
        order: 'evenly',
      });
    case 'waive':
      return desk.ask({ type: 'WaiveFees', fees: partsOf(desk, amount, named), reason: reason ?? 'OTHER' });
    case 'transfer':
      return desk.ask({ type: 'TransferFees', fees: partsOf(desk, amount, named), destination: target });
    case 'cancel':
      return desk.ask(
        ...feeIds.map((feeId) => ({ type: 'CancelFee', feeId, ...(reason ? { reason } : {}) }) as const),
      );
    default:
      return refund(desk, amount, named);
  }
}

/**
 * Spreads an amount over fees as a payment is spread. What cannot be spread is asked of one fee, so that it is the
 * library that says why not.
 */
function partsOf(desk: Desk, amount: string, named: readonly string[]) {
  const fees = named.map((ref) => feeOf(desk.account(), ref));
  const room = fees.map((fee) => (fee === undefined ? 0 : owed(fee)));
  const cents = parseLooseAmount(amount, 2);
  const spreads = cents > 0 && cents <= sum(room) && fees.every((fee) => fee !== undefined);
  if (named.length === 1 || !spreads) {
    const asked = named[Math.max(0, fees.indexOf(undefined))] as string;
    return [{ feeId: feeIdOf(asked), amount }];
  }
  const shares = spread(cents, room, 'evenly');
  return named
    .map((ref, index) => ({ feeId: feeIdOf(ref), cents: shares[index] as number }))
    .filter((part) => part.cents > 0)
    .map((part) => ({ feeId: part.feeId, amount: dollars(part.cents) }));
}

function refund(desk: Desk, amount: string, named: readonly string[]): Refusal | undefined {
  const account = desk.account();
  const fees = named.map((ref) => feeOf(account, ref));
  const missing = named[fees.indexOf(undefined)];
  if (missing !== undefined) return { type: 'FeeNotFound', feeId: feeIdOf(missing) };
  // Asked about a payment that there is not, the library complains of the amount first.
  const refusal = desk.ask({ type: 'ReversePayment', paymentId: 'none', amount });
  if (refusal?.type === 'InvalidCommand') return refusal;
  const room = sum(fees.map((fee) => totalOf(refundableOf(account, fee as Fee))));
  if (parseLooseAmount(amount, 2) > room) return { type: 'MoreThanCanBeGivenBack' };
  return desk.ask(...refundWishes(account, named, amount));
}

/** FOLIO's word for a refusal. */
function errorOf(refusal: Refusal, amount: string): string {
  switch (refusal.type) {
    case 'InvalidCommand':
      return errorOfAmount(amount);
    case 'FeeNotFound':
      return 'ACCOUNT_NOT_FOUND';
    case 'PaymentExceedsOwed':
      return refusal.owed === '0.00' ? 'ALREADY_CLOSED' : 'EXCEEDS_REMAINING';
    case 'WaiverExceedsOwed':
    case 'TransferExceedsOwed':
      return 'EXCEEDS_REMAINING';
    case 'NothingOwed':
    case 'NothingToCancel':
      return 'ALREADY_CLOSED';
    case 'MoreThanCanBeGivenBack':
      return 'EXCEEDS_REFUNDABLE';
    default:
      return refusal.type;
  }
}

/** Only of this library: an amount that FOLIO reads and rounds is refused as it is written. */
export const NOT_WRITTEN_LIKE_THIS = 'AMOUNT_NOT_WRITTEN_LIKE_THIS';

function errorOfAmount(amount: string): string {
  const read = readFolioAmount(amount);
  if (read === undefined) return 'AMOUNT_INVALID';
  return read.sign > 0 ? NOT_WRITTEN_LIKE_THIS : 'AMOUNT_NOT_POSITIVE';
}

function rowOf(desk: Desk, ref: string, labels: ReadonlyMap<string, string>): Row {
  const fee = feeOf(desk.account(), ref) as Fee;
  const status = feeStatus(fee) === 'active' ? 'Open' : 'Closed';
  return { remaining: remaining(fee), status, paymentStatus: labels.get(ref) as string };
}

function feesBeforeAndNow(desk: Desk, account: ReturnType<Desk['account']>, ref: string) {
  return { before: feeOf(account, ref) as Fee, after: feeOf(desk.account(), ref) as Fee };
}

function roomOf(desk: Desk, op: string, ref: string): number {
  const fee = feeOf(desk.account(), ref) as Fee;
  return op === 'refund' ? totalOf(refundableOf(desk.account(), fee)) : remaining(fee);
}

const words: Readonly<Record<string, string>> = {
  payment: 'Paid',
  waiver: 'Waived',
  transfer: 'Transferred',
};

/** What a request did to a fee, in the lines of FOLIO's ledger. */
function linesOf(
  desk: Desk,
  earlier: ReturnType<Desk['account']>,
  op: string,
  request: Request,
  ref: string,
): Line[] {
  const { before, after } = feesBeforeAndNow(desk, earlier, ref);
  if (op === 'refund') return refundLines(desk, earlier, ref);
  return transactions(desk.account(), feeIdOf(ref))
    .lines.slice(before.transactions.length)
    .filter(({ kind }) => Object.hasOwn(words, kind) || kind === 'cancellation')
    .map(({ kind, ...line }) => {
      const type =
        kind === 'cancellation'
          ? (request.reason ?? 'Cancelled as error')
          : `${words[kind]} ${extent(after, kind)}`;
      return { account: ref, type, amount: centsOf(line.amount), balance: centsOf(line.remaining) };
    });
}

/** Whether payments, waivers or transfers alone have settled a fee. */
function extent(fee: Fee, kind: string): string {
  const taken: Readonly<Record<string, number>> = {
    payment: fee.paid,
    waiver: fee.waived,
    transfer: fee.transferred,
  };
  const others = sum(Object.keys(taken).map((each) => (each === kind ? 0 : (taken[each] as number))));
  return remaining(fee) === 0 && others === 0 ? 'fully' : 'partially';
}

/** FOLIO writes two lines per recipient of a refund: a credit, and what leaves. */
function refundLines(desk: Desk, earlier: ReturnType<Desk['account']>, ref: string): Line[] {
  const { before, after } = feesBeforeAndNow(desk, earlier, ref);
  const room = { before: refundableOf(earlier, before), after: refundableOf(desk.account(), after) };
  const destinations = [...room.before.destinations.keys()];
  const recalled = (destination: string) =>
    sum(
      desk
        .account()
        .transfers.filter(
          (transfer) => transfer.feeId === after.feeId && transfer.destination === destination,
        )
        .map(
          (transfer) =>
            transfer.recalled -
            (earlier.transfers.find(({ transferId }) => transferId === transfer.transferId)?.recalled ?? 0),
        ),
    );
  const recipients = [
    {
      recipient: 'patron',
      amount: room.before.patron - room.after.patron,
      reopened: before.paid - after.paid,
      how: room.after.patron === 0 ? 'fully' : 'partially',
    },
    ...destinations.map((recipient) => ({
      recipient,
      amount: (room.before.destinations.get(recipient) ?? 0) - (room.after.destinations.get(recipient) ?? 0),
      reopened: recalled(recipient),
      how: sum([...room.after.destinations.values()]) === 0 ? 'fully' : 'partially',
    })),
  ].filter(({ amount }) => amount > 0);
  let balance = remaining(before);
  const credited = recipients.map(({ recipient, amount, how }) => ({
    account: ref,
    type: `Credited ${how}`,
    amount,
    balance,
    recipient,
  }));
  const refunded = recipients.map(({ recipient, amount, reopened, how }) => {
    balance += reopened;
    return { account: ref, type: `Refunded ${how}`, amount, balance, recipient };
  });
  return [...credited, ...refunded];
}

function isOwnLine(ref: string) {
  return ({ account, type }: Line) => account === ref && !type.startsWith('Credited');
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
