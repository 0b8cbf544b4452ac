import {
  type Fee,
  type PatronAccount,
  parseLooseAmount,
  refundableMoney,
  spread,
  transferredAndNotReversed,
  unused,
} from '../../src/index.js';
import { type DeskCommand, dollars, feeOf } from './ourDesk.js';

/** The refundable amount of a fee, in cents: to the patron, and to each external system. */
export type Refundable = { readonly patron: number; readonly destinations: ReadonlyMap<string, number> };

/** The refundable amount of a fee: what came in, less what went out again. */
export function refundableOf(account: PatronAccount, fee: Fee): Refundable {
  const credits = unusedCredits(account, fee);
  const left = transferredAndNotReversed(fee) + sum(credits.external.map(unused));
  const transferred = new Map<string, number>();
  for (const { feeId, creditId, destination, amount, recalled } of account.transfers) {
    const isReversal = account.credits.some(
      (credit) => credit.creditId === creditId && credit.feeId === fee.feeId,
    );
    if (feeId !== fee.feeId && !isReversal) continue;
    const net = (amount - recalled) * (isReversal ? -1 : 1);
    transferred.set(destination ?? '', (transferred.get(destination ?? '') ?? 0) + net);
  }
  const owedBack = [...transferred].map(([destination, net]) => [destination, Math.min(net, left)] as const);
  return {
    patron: refundableMoney(fee) + sum(credits.refundable.map(unused)),
    destinations: new Map(owedBack),
  };
}

export function totalOf({ patron, destinations }: Refundable): number {
  return patron + sum([...destinations.values()]);
}

function unusedCredits(account: PatronAccount, fee: Fee) {
  const credits = account.credits.filter((credit) => credit.feeId === fee.feeId && unused(credit) > 0);
  const of = (purpose: string) => credits.filter((credit) => credit.purpose === purpose);
  return { refundable: of('refundable'), external: of('external') };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/**
 * The commands that give back an amount: to the patron first, then to the external systems that fees were transferred
 * to, each at most what it gave. A refunded payment reopens its fee, a transfer is recalled; if the fee was
 * cancelled, its credits are paid out.
 */
export function refundCommands(
  account: PatronAccount,
  refs: readonly string[],
  amountText: string,
): DeskCommand[] {
  const fees = refs.flatMap((ref) => feeOf(account, ref) ?? []);
  const room = fees.map((fee) => refundableOf(account, fee));
  const shares = spread(parseLooseAmount(amountText, 2), room.map(totalOf), 'evenly');
  const reversals = new Map<string, Map<string, number>>();
  const commands: DeskCommand[] = [];
  for (const [index, fee] of fees.entries()) {
    const { patron, destinations } = room[index] as Refundable;
    const toPatron = Math.min(shares[index] as number, patron);
    const toOthers = spread((shares[index] as number) - toPatron, [...destinations.values()], 'evenly');
    const credits = unusedCredits(account, fee);
    let left = toPatron;
    for (const credit of credits.refundable) {
      const part = Math.min(left, unused(credit));
      left -= part;
      if (part > 0)
        commands.push({
          type: 'RefundCredit',
          creditId: credit.creditId,
          amount: dollars(part),
          method: 'CASH',
        });
    }
    for (const payment of [...account.payments].reverse()) {
      const taken = sum(
        payment.allocations
          .filter(({ feeId }) => feeId === fee.feeId)
          .map(({ amount, reversed }) => amount - reversed),
      );
      const part = Math.min(left, taken);
      left -= part;
      const parts = reversals.get(payment.paymentId) ?? new Map<string, number>();
      if (part > 0) reversals.set(payment.paymentId, parts.set(fee.feeId, part));
    }
    for (const [which, destination] of [...destinations.keys()].entries()) {
      commands.push(...recalls(account, fee, destination, toOthers[which] as number));
    }
  }
  return [...commands, ...[...reversals].flatMap(([paymentId, parts]) => reverse(account, paymentId, parts))];
}

/** Takes back an amount from an external system: by the credits that reverse it, otherwise by recalling transfers. */
function recalls(account: PatronAccount, fee: Fee, destination: string, amount: number): DeskCommand[] {
  const commands: DeskCommand[] = [];
  let left = amount;
  for (const { creditId, ...credit } of unusedCredits(account, fee).external) {
    const part = Math.min(left, unused({ creditId, ...credit }));
    left -= part;
    if (part > 0)
      commands.push({ type: 'TransferFees', credits: [{ creditId, amount: dollars(part) }], destination });
  }
  for (const transfer of [...account.transfers].reverse()) {
    if (transfer.feeId !== fee.feeId || transfer.destination !== destination) continue;
    const part = Math.min(left, transfer.amount - transfer.recalled);
    left -= part;
    if (part > 0)
      commands.push({ type: 'RecallTransfer', transferId: transfer.transferId, amount: dollars(part) });
  }
  return commands;
}

/** Reverses parts of a payment. If they are not its last parts, reverses it in full and records the rest again. */
function reverse(
  account: PatronAccount,
  paymentId: string,
  parts: ReadonlyMap<string, number>,
): DeskCommand[] {
  const payment = account.payments.find((each) => each.paymentId === paymentId);
  if (payment === undefined) return [];
  const left = payment.allocations.map(({ feeId, amount, reversed }) => ({
    feeId,
    amount: amount - reversed,
  }));
  let rest = sum([...parts.values()]);
  const lastParts = [...left].reverse().map(({ feeId, amount }) => {
    const part = Math.min(amount, rest);
    rest -= part;
    return part === (parts.get(feeId) ?? 0);
  });
  if (lastParts.every(Boolean))
    return [{ type: 'ReversePayment', paymentId, amount: dollars(sum([...parts.values()])) }];
  const stays = left
    .map(({ feeId, amount }) => ({ feeId, amount: amount - (parts.get(feeId) ?? 0) }))
    .filter(({ amount }) => amount > 0);
  const allocations = stays.map(({ feeId, amount }) => ({ feeId, amount: dollars(amount) }));
  const amount = dollars(sum(stays.map((stay) => stay.amount)));
  return [
    { type: 'ReversePayment', paymentId },
    { type: 'ReceivePayment', amount, method: payment.method, allocations },
  ];
}
