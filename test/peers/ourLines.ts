import { type Fee, type PatronAccount, remaining } from '../../src/index.js';
import { transactions } from '../../src/views/index.js';
import { centsOf } from './folioAmount.js';
import { type Desk, feeIdOf, feeOf } from './ourDesk.js';
import { refundableOf } from './ourRefund.js';
import type { Line } from './outcome.js';
import type { Request } from './scenario.js';

/** A fee before and after a request. */
function feesBeforeAndNow(desk: Desk, account: PatronAccount, ref: string) {
  return { before: feeOf(account, ref) as Fee, after: feeOf(desk.account(), ref) as Fee };
}

/** The lines of an operation on a fee; the credit is for a waiver of a transferred amount. */
const tracesOf: Readonly<Record<string, { readonly word: string; readonly kinds: readonly string[] }>> = {
  pay: { word: 'Paid', kinds: ['payment'] },
  waive: { word: 'Waived', kinds: ['waiver', 'creditIssued'] },
  transfer: { word: 'Transferred', kinds: ['transfer'] },
  cancel: { word: 'Cancelled as error', kinds: ['cancellation'] },
};

/** The effect of a request on a fee, as lines of FOLIO's ledger. */
export function linesOf(
  desk: Desk,
  earlier: PatronAccount,
  op: string,
  request: Request,
  ref: string,
): Line[] {
  const { before, after } = feesBeforeAndNow(desk, earlier, ref);
  const traces = tracesOf[op];
  if (traces === undefined) return refundLines(desk, earlier, ref);
  const type = op === 'cancel' ? (request.reason ?? traces.word) : `${traces.word} ${extent(after, op)}`;
  return transactions(desk.account(), desk.policy, { id: feeIdOf(ref) })
    .lines.slice(before.transactions.length)
    .filter(({ kind }) => traces.kinds.includes(kind))
    .map((line) => ({ account: ref, type, amount: centsOf(line.amount), balance: centsOf(line.remaining) }));
}

/** Returns whether payments, waivers or transfers alone settled a fee. */
function extent(fee: Fee, op: string): string {
  const taken: Readonly<Record<string, number>> = {
    pay: fee.paid,
    waive: fee.waived,
    transfer: fee.transferred,
  };
  const others = sum(Object.keys(taken).map((each) => (each === op ? 0 : (taken[each] as number))));
  return remaining(fee) === 0 && others === 0 ? 'fully' : 'partially';
}

/** FOLIO writes two lines per recipient of a refund: a credit, and the outgoing amount. */
function refundLines(desk: Desk, earlier: PatronAccount, ref: string): Line[] {
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

/** Separates the lines of an operation from the credits that FOLIO writes before refunds. */
export function isOwnLine(ref: string) {
  return ({ account, type }: Line) => account === ref && !type.startsWith('Credited');
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
