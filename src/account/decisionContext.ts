import { formatAmount, parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { Circumstances } from './circumstances.js';
import type { Command } from './commands.js';
import type { Credit } from './credit.js';
import type { Repeats } from './decision.js';
import { commandDigest } from './digest.js';
import type { AccountEvent, AccountEventType, EventOf } from './events.js';
import type { Fee } from './fee.js';
import { idUse } from './ids.js';
import type { CreditApplication, Payment, Refund, Settlement, Transfer, Waiver } from './records.js';
import type { Rejection } from './rejections.js';
import type { Transaction } from './transaction.js';
import {
  creditsNow,
  creditsOfFee,
  feesNow,
  rowNow,
  take,
  transactionsOfFee,
  type WorkingSet,
} from './workingSet.js';

/** The fields of an event's data besides its circumstances; an optional one may be undefined and is then left out. */
type Details<Type extends AccountEventType> = Lenient<Omit<EventOf<Type>['data'], keyof Circumstances>>;

type Lenient<Data> = {
  [Key in keyof Data]: Record<string, never> extends Pick<Data, Key> ? Data[Key] | undefined : Data[Key];
};

/** What a rule works with: the account as it is now, the policy, and the events decided so far. */
export type DecisionContext = {
  /** The institution's policy. */
  readonly policy: FeePolicy;
  /** The account and what the decision has changed so far. */
  readonly set: WorkingSet;
  /** The events of this command so far. */
  readonly events: readonly AccountEvent[];
  /** Why the command cannot be done although its rules allow it: an id is taken, or a total too large. */
  readonly refusal: Rejection | undefined;
  /** What the command repeats, found by its rules. */
  readonly repeats: Repeats | undefined;
  /** The digest of the command. */
  readonly digest: string;
  /** Finds a fee as it is now. */
  fee(feeId: string): Fee | undefined;
  /** Finds a credit as it is now. */
  credit(creditId: string): Credit | undefined;
  /** Finds a payment as it is now. */
  payment(paymentId: string): Payment | undefined;
  /** Finds a waiver as it is now. */
  waiver(waiverId: string): Waiver | undefined;
  /** Finds a transfer as it is now. */
  transfer(transferId: string): Transfer | undefined;
  /** Finds a settlement as it is now. */
  settlement(settlementId: string): Settlement | undefined;
  /** Finds an application as it is now. */
  application(applicationId: string): CreditApplication | undefined;
  /** Finds a refund as it is now. */
  refund(refundId: string): Refund | undefined;
  /** All fees as they are now, oldest first. */
  fees(): readonly Fee[];
  /** All credits as they are now, oldest first. */
  credits(): readonly Credit[];
  /** The credits of a fee as they are now, oldest first. */
  creditsOf(feeId: string): readonly Credit[];
  /** What happened to a fee so far, oldest first. */
  transactionsOf(feeId: string): readonly Transaction[];
  /** Writes minor units as a decimal string. */
  money(minor: number): string;
  /** Reads a canonical decimal string into minor units. */
  minor(amount: string): number;
  /** The next id that the command gives: its own, then `id#1` and so on. */
  newId(): string;
  /** Says that the payment with an id is what the command asks for: nothing is left to do. */
  repeat(paymentId: string): void;
  /** Takes an id that the command names for something new; refuses the command when it is taken. */
  claim(id: string): string;
  /** Decides an event that the command causes, with its reason and comments. */
  emit<Type extends AccountEventType>(type: Type, details: Details<Type>): void;
  /** Decides an event that needs no person, without the command's reason and comments. */
  follow<Type extends AccountEventType>(type: Type, details: Details<Type>): void;
};

/** Begins the decision of one command. */
export function decisionContext(
  command: Command,
  policy: FeePolicy,
  digits: number,
  set: WorkingSet,
): DecisionContext {
  const events: AccountEvent[] = [];
  const digest = commandDigest(command);
  const metadata = { commandId: command.id, commandDigest: digest, ...command.metadata };
  const { at, by, reason, comment, staffNote } = command;
  let given = 0;
  let refusal: Rejection | undefined;
  let repeats: Repeats | undefined;

  const money = (minor: number) => formatAmount(minor, digits);
  const claim = (id: string) => {
    const use = idUse(set.touched.ids, id);
    const taken = use !== undefined && !(use.kind === 'command' && id === command.id);
    if (taken && refusal === undefined) {
      refusal = { type: 'IdAlreadyUsed', id, recordedDigest: use.digest, commandDigest: digest };
    }
    return id;
  };
  const add = (type: AccountEventType, data: object) => {
    if (refusal !== undefined) return;
    const event = { type, data: defined(data), metadata } as AccountEvent;
    const amount = inflowOf(event, digits);
    if (Number.isSafeInteger(set.touched.turnover + amount)) {
      take(set, event);
      events.push(event);
    } else {
      refusal = { type: 'AccountTotalTooLarge', amount: money(amount) };
    }
  };

  return {
    policy,
    set,
    events,
    digest,
    get refusal() {
      return refusal;
    },
    get repeats() {
      return repeats;
    },
    fee: (feeId) => rowNow(set, 'fee', feeId),
    credit: (creditId) => rowNow(set, 'credit', creditId),
    payment: (paymentId) => rowNow(set, 'payment', paymentId),
    waiver: (waiverId) => rowNow(set, 'waiver', waiverId),
    transfer: (transferId) => rowNow(set, 'transfer', transferId),
    settlement: (settlementId) => rowNow(set, 'settlement', settlementId),
    application: (applicationId) => rowNow(set, 'application', applicationId),
    refund: (refundId) => rowNow(set, 'refund', refundId),
    fees: () => feesNow(set),
    credits: () => creditsNow(set),
    creditsOf: (feeId) => creditsOfFee(set, feeId),
    transactionsOf: (feeId) => transactionsOfFee(set, feeId),
    money,
    minor: (amount) => parseAmount(amount, digits),
    newId: () => {
      const id = given === 0 ? command.id : `${command.id}#${given}`;
      given += 1;
      return claim(id);
    },
    repeat: (paymentId) => {
      repeats = { id: paymentId, kind: 'payment' };
    },
    claim,
    emit: (type, details) => add(type, { ...details, at, by, reason, comment, staffNote }),
    follow: (type, details) => add(type, { ...details, at, by }),
  };
}

/** Leaves out the fields that are undefined. */
function defined(data: object): object {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** What an event adds to the account's turnover, in minor units. */
function inflowOf(event: AccountEvent, digits: number): number {
  switch (event.type) {
    case 'FeeAssessed':
    case 'FeeIncreased':
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return parseAmount(event.data.amount, digits);
    case 'PaymentReceived':
      return (
        parseAmount(event.data.amount, digits) +
        (event.data.overpayment === undefined ? 0 : parseAmount(event.data.overpayment.amount, digits))
      );
    default:
      return 0;
  }
}
