import Big from 'big.js';
import { Immer } from 'immer';
import type { AccountEvent } from 'patron-fees';

// Three naive implementations: records of fees by id, one small case per event, no checks.

type FirstFee<Amount> = {
  original: Amount;
  settled: Amount;
  disputed: boolean;
  transactions: Transaction<Amount>[];
};
type Transaction<Amount> = { kind: string; id: string; amount: Amount; at: string };
type FirstAccount<Amount> = { fees: Record<string, FirstFee<Amount>>; commands: Record<string, string> };

const immer = new Immer({ autoFreeze: true });

/** Returns the kind, id, fee and amount of an event. */
function effect(event: AccountEvent): { kind: string; id: string; feeId: string; amount: string } {
  switch (event.type) {
    case 'FeeAssessed':
      return { kind: 'assessed', id: event.data.feeId, feeId: event.data.feeId, amount: event.data.amount };
    case 'PaymentReceived': {
      const { feeId = '', amount = '0.00' } = event.data.allocations[0] ?? {};
      return { kind: 'payment', id: event.data.paymentId, feeId, amount };
    }
    case 'FeeWaived':
      return { kind: 'waiver', id: event.data.waiverId, feeId: event.data.feeId, amount: event.data.amount };
    case 'FeeTransferred':
      return {
        kind: 'transfer',
        id: event.data.transferId,
        feeId: event.data.feeId,
        amount: event.data.amount,
      };
    case 'FeeDisputed':
      return { kind: 'disputed', id: event.data.disputeId, feeId: event.data.feeId, amount: '0.00' };
    default:
      throw new Error(`unexpected ${event.type}`);
  }
}

/** Applies one event in place: to a draft or a plain object. */
function change<Amount>(
  account: FirstAccount<Amount>,
  event: AccountEvent,
  read: (amount: string) => Amount,
  add: (left: Amount, right: Amount) => Amount,
): void {
  const { kind, id, feeId, amount: text } = effect(event);
  const amount = read(text);
  const { metadata } = event;
  if (metadata?.commandId !== undefined) account.commands[metadata.commandId] = metadata.commandDigest ?? '';
  if (kind === 'assessed') {
    account.fees[feeId] = { original: amount, settled: read('0.00'), disputed: false, transactions: [] };
  }
  const fee = account.fees[feeId] as FirstFee<Amount>;
  if (kind === 'disputed') fee.disputed = true;
  else if (kind !== 'assessed') fee.settled = add(fee.settled, amount);
  fee.transactions.push({ kind, id, amount, at: event.data.at });
}

const cents = (amount: string) => Number(amount.replace('.', ''));
const plus = (left: number, right: number) => left + right;

/** One immer `produce` per event, with Big amounts. */
export function produceEachWithBig(events: readonly AccountEvent[]): FirstAccount<Big> {
  return events.reduce<FirstAccount<Big>>(
    (account, event) =>
      immer.produce(account, (draft) =>
        change(draft as FirstAccount<Big>, event, Big, (left, right) => left.plus(right)),
      ),
    { fees: {}, commands: {} },
  );
}

/** One immer `produce` for the whole stream, with integers. */
export function produceOnce(events: readonly AccountEvent[]): FirstAccount<number> {
  return immer.produce<FirstAccount<number>>({ fees: {}, commands: {} }, (draft) => {
    for (const event of events) change(draft, event, cents, plus);
  });
}

/** Object spread, with integers: copies the changed objects at each event. */
export function spreadEach(events: readonly AccountEvent[]): FirstAccount<number> {
  return events.reduce<FirstAccount<number>>(
    (account, event) => {
      const { kind, id, feeId, amount: text } = effect(event);
      const amount = cents(text);
      const { commandId = '', commandDigest = '' } = event.metadata ?? {};
      const fee = account.fees[feeId] ?? { original: amount, settled: 0, disputed: false, transactions: [] };
      const isMoney = kind !== 'assessed' && kind !== 'disputed';
      const next = {
        ...fee,
        settled: isMoney ? fee.settled + amount : fee.settled,
        disputed: fee.disputed || kind === 'disputed',
        transactions: [...fee.transactions, { kind, id, amount, at: event.data.at }],
      };
      return {
        fees: { ...account.fees, [feeId]: next },
        commands: { ...account.commands, [commandId]: commandDigest },
      };
    },
    { fees: {}, commands: {} },
  );
}
