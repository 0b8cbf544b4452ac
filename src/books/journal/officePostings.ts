import type { NamedStream } from '../../history/eventStore.js';
import { minorUnits } from '../../money/money.js';
import { type BankRecord, foldBankAccount, idOfRecord } from '../../office/bank/bankAccount.js';
import type { BankEntryConfirmed, BankEvent, BankItem, BankItemEnded } from '../../office/bank/bankEvents.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import type { KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { ProviderRowEvent } from '../../office/onlinePayments/providerRow.js';
import {
  foldRemittances,
  type RemittanceEvent,
  type RemittanceRecorded,
} from '../../office/remittances/remittance.js';
import { type StreamKind, streamParts } from '../../office/streamKinds.js';
import { foldTill } from '../../office/till/till.js';
import type { TillClosed, TillEvent, TillOpened } from '../../office/till/tillEvents.js';
import { credit, debit, type LedgerAccount, type Posting } from './ledgerAccount.js';
import { keptPostings, onlinePaymentPostings, providerRowPostings } from './onlinePaymentPostings.js';
import { outside } from './transferPostings.js';

/** The kinds of streams whose events are posted. */
const postedKinds: ReadonlySet<StreamKind | undefined> = new Set([
  'till',
  'remittances',
  'bank',
  'online',
  'onlineKept',
  'providerRow',
]);

/** Returns whether the events of a stream of the office are posted: those of receipts, and copies, are not. */
export function isPosted(stream: NamedStream): boolean {
  return postedKinds.has(streamParts(stream)?.kind);
}

/**
 * Returns the postings of the events of any stream of the office, by the kind of the stream: a till, the remittances of
 * an external system, an account at a bank, or an online payment.
 *
 * @param stream - the stream, whose name begins with its kind, such as `till:CIRC`
 * @param events - all its events, in the stream's order
 * @returns the postings of each event, which sum to zero, and the desk of a till; no postings for a kind that moves no
 * money, such as receipts
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideTill, emptyTill } from 'patron-fees/office';
 * import { officePostings } from 'patron-fees/reports';
 *
 * const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
 * const open = { type: 'OpenTill', id: 'CIRC/1', float: '50', at: '2026-03-02T09:00:00-05:00', by } as const;
 * const { events } = decideTill(open, emptyTill, definePolicy({ currency: 'USD' }));
 * const till = { institution: 'north', stream: 'till:CIRC' };
 * officePostings(till, events)[0]?.postings.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['cash,CASH', 5000], ['safe', -5000]]
 * ```
 */
export function officePostings(stream: NamedStream, events: readonly OfficeEvent[]): readonly TillPostings[] {
  const parts = streamParts(stream);
  if (parts?.kind === 'till') return tillPostings(events as readonly TillEvent[]);
  return otherPostings(parts, events).map((postings) => ({ postings, desk: undefined }));
}

function otherPostings(
  parts: ReturnType<typeof streamParts>,
  events: readonly OfficeEvent[],
): readonly (readonly Posting[])[] {
  switch (parts?.kind) {
    case 'bank':
      return bankPostings(parts.name, events as readonly BankEvent[]);
    case 'onlineKept':
      return keptPostings(events as readonly KeptReportEvent[]);
    case 'providerRow':
      return providerRowPostings(events as readonly ProviderRowEvent[]);
    case 'remittances':
      return remittancePostings(events as readonly RemittanceEvent[]);
    case 'online':
      return onlinePaymentPostings(events as readonly OnlinePaymentEvent[]);
    default:
      return events.map(() => []);
  }
}

/** The postings of an event of a till, with the desk of its session. */
export type TillPostings = {
  /** The postings, which sum to zero. Empty for a float of zero. */
  readonly postings: readonly Posting[];
  /** The desk at which the till was opened. */
  readonly desk: string | undefined;
};

/**
 * Returns the postings of the events of a till. With the payments of its sessions, the drawer of each method is empty
 * after a count: what was expected there has become the deposit, has gone back to the safe, or was missing.
 *
 * @param events - all events of the till, in the stream's order
 * @returns the postings of each event
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideTill, emptyTill } from 'patron-fees/office';
 * import { tillPostings } from 'patron-fees/reports';
 *
 * const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
 * const open = { type: 'OpenTill', id: 'CIRC/1', float: '50', at: '2026-03-02T09:00:00-05:00', by } as const;
 * const { events } = decideTill(open, emptyTill, definePolicy({ currency: 'USD' }));
 * tillPostings(events)[0]?.postings.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['cash,CASH', 5000], ['safe', -5000]]
 * ```
 */
export function tillPostings(events: readonly TillEvent[]): readonly TillPostings[] {
  foldTill(events);
  let session: TillOpened['data'] | undefined;
  return [...events].map((event) => {
    if (event.type === 'TillDifferenceAccepted') return { postings: [], desk: event.data.by.desk };
    if (event.type === 'TillOpened') session = event.data;
    const { floatMethod, by } = session as TillOpened['data'];
    return { postings: tillEventPostings(event, floatMethod), desk: by.desk };
  });
}

function tillEventPostings(event: TillEvent, floatMethod: string): readonly Posting[] {
  switch (event.type) {
    case 'TillOpened':
      return fromSafe(floatMethod, event.data.float, 1);
    case 'TillMoneyMoved':
      return fromSafe(floatMethod, event.data.amount, event.data.direction === 'in' ? 1 : -1);
    case 'TillClosed':
      return counted(event.data);
    case 'TillDifferenceAccepted':
      return [];
  }
}

/** Posts money from the safe into the drawer (sign 1), or back (sign -1). */
function fromSafe(method: string, amount: string, sign: 1 | -1): readonly Posting[] {
  const minor = sign * Number(minorUnits(amount));
  return minor === 0 ? [] : [debit(['cash', method], minor, null), credit(['safe'], minor, null)];
}

/** Posts a count: the expected money leaves the drawer. What is not deposited returns to the safe. */
function counted({ counts }: TillClosed['data']): readonly Posting[] {
  const kept = counts.reduce((sum, count) => sum + minorUnits(count.counted) - minorUnits(count.deposit), 0n);
  const postings = counts.flatMap(({ method, expected, difference, deposit }) => [
    credit(['cash', method], Number(minorUnits(expected)), null),
    credit(['overShort', method], Number(minorUnits(difference)), null),
    debit(['deposited', method], Number(minorUnits(deposit)), null),
  ]);
  return [...postings, debit(['safe'], Number(kept), null)].filter(({ amountMinor }) => amountMinor !== 0);
}

/**
 * Returns the postings of the remittances of an external system: what was handed over, and what the system kept, is
 * booked against what was settled there, and against the surplus.
 *
 * @param events - all events of the remittances of one external system, in the stream's order
 * @returns the postings of each event, which sum to zero
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideRemittance, noRemittances } from 'patron-fees/bursar';
 * import { remittancePostings } from 'patron-fees/reports';
 *
 * const policy = definePolicy({ currency: 'USD', destinations: { AGENCY: 'Collections' } });
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const about = { destination: 'AGENCY', at: '2026-04-01T09:00:00Z', by } as const;
 * const money = { direction: 'received', amount: '80', commission: '20' } as const;
 * const { events } = decideRemittance({ type: 'RecordRemittance', id: 'r1', ...money, ...about }, noRemittances, policy);
 * remittancePostings(events)[0]?.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['remitted,AGENCY', 8000], ['commission,AGENCY', 2000], ['settled,AGENCY', -10000]]
 * ```
 */
export function remittancePostings(events: readonly RemittanceEvent[]): readonly (readonly Posting[])[] {
  foldRemittances(events);
  const recorded = new Map<string, RemittanceRecorded['data']>();
  return [...events].map((event) => {
    const { remittanceId } = event.data;
    if (event.type === 'RemittanceRecorded') recorded.set(remittanceId, event.data);
    const data = recorded.get(remittanceId) as RemittanceRecorded['data'];
    return handedOver(data, event.type === 'RemittanceRecorded' ? 1n : -1n);
  });
}

function handedOver(
  { destination, direction, amount, commission, surplus }: RemittanceRecorded['data'],
  done: 1n | -1n,
): readonly Posting[] {
  const sign = direction === 'received' ? done : -done;
  const [money, kept, above] = [minorUnits(amount), minorUnits(commission), minorUnits(surplus)];
  return [
    debit(outside('remitted', destination), Number(sign * money), null),
    debit(outside('commission', destination), Number(sign * kept), null),
    debit(outside('settled', destination), Number(-sign * (money + kept - above)), null),
    debit(['settlementSurplus'], Number(-sign * above), null),
  ].filter(({ amountMinor }) => amountMinor !== 0);
}

/**
 * Returns the postings of the events of one account at a bank. What was deposited, returned, handed over or paid out is
 * booked on the account `bank` once an entry of the bank confirms it. What a person ended is booked as over or short,
 * or on the account of its reason. The bank's own entries, such as fees, are booked on the account of their reason,
 * too.
 *
 * @param bank - the name of the bank account
 * @param events - all its events, in the stream's order
 * @returns the postings of each event, which sum to zero
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideBank, noBankAccount } from 'patron-fees/office';
 * import { bankPostings } from 'patron-fees/reports';
 *
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const deposit = { type: 'DepositFromSafe', id: 'd1', amount: '300', at: '2026-03-03T09:00:00Z', by } as const;
 * const { events } = decideBank(deposit, noBankAccount, definePolicy({ currency: 'USD' }));
 * bankPostings('GIRO', events)[0]?.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['deposited,CASH', 30000], ['safe', -30000]]
 * ```
 */
export function bankPostings(bank: string, events: readonly BankEvent[]): readonly (readonly Posting[])[] {
  foldBankAccount(events);
  const posted = new Map<string, readonly Posting[]>();
  return [...events].map((event) => {
    if (event.type === 'BankRecordReversed') {
      const postings = posted.get(event.data.recordId) as readonly Posting[];
      return postings.map((posting) => ({ ...posting, amountMinor: -posting.amountMinor }));
    }
    const postings = postingsOf(bank, event);
    posted.set(idOfRecord(event), postings);
    return postings;
  });
}

function postingsOf(bank: string, event: BankRecord): readonly Posting[] {
  switch (event.type) {
    case 'SafeDeposited':
      return deposited(event.data);
    case 'BankEntryConfirmed':
      return confirmed(bank, event.data);
    case 'BankEntryBooked': {
      const minor = Number(minorUnits(event.data.amount));
      return [debit(['bank', bank], minor, null), credit(['bankOther', event.data.reason], minor, null)];
    }
    case 'BankItemEnded':
      return ended(bank, event.data);
  }
}

function deposited({
  method,
  amount,
}: {
  readonly method: string;
  readonly amount: string;
}): readonly Posting[] {
  const minor = Number(minorUnits(amount));
  return [debit(['deposited', method], minor, null), credit(['safe'], minor, null)];
}

function confirmed(
  bank: string,
  { amount, items, difference }: BankEntryConfirmed['data'],
): readonly Posting[] {
  const postings = items.map((item) => credit(accountOf(item), Number(minorUnits(item.amount)), null));
  const rest =
    difference === undefined
      ? []
      : [
          credit(
            difference.kind === 'charges' ? ['bankCharges', bank] : overOrShort(bank, items),
            Number(minorUnits(difference.amount)),
            null,
          ),
        ];
  return [debit(['bank', bank], Number(minorUnits(amount)), null), ...postings, ...rest];
}

function ended(bank: string, { item, reason }: BankItemEnded['data']): readonly Posting[] {
  const minor = Number(minorUnits(item.amount));
  const account: LedgerAccount = reason === undefined ? overOrShort(bank, [item]) : ['bankOther', reason];
  return [debit(account, minor, null), credit(accountOf(item), minor, null)];
}

/** Returns the account on which the money of an item waits for the bank. */
function accountOf(item: BankItem): LedgerAccount {
  switch (item.kind) {
    case 'deposit':
    case 'safeDeposit':
      return ['deposited', item.method];
    case 'returned':
      // The account's reversal has taken it from there.
      return ['cash', item.method];
    case 'remittance':
      return outside('remitted', item.destination);
    case 'payout':
      return ['paidOut', item.method];
  }
}

function overOrShort(bank: string, items: readonly BankItem[]): LedgerAccount {
  const method = items
    .map((item) => ('method' in item ? item.method : undefined))
    .find((found) => found !== undefined);
  return method === undefined ? ['bankCharges', bank] : ['overShort', method];
}
