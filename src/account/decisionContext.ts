import { formatAmount, parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { Circumstances } from './circumstances.js';
import type { Command } from './commands/command.js';
import type { Credit } from './credit.js';
import type { Repeats } from './decision.js';
import { commandDigest } from './digest.js';
import type { AccountEvent, AccountEventType, EventOf } from './events/accountEvent.js';
import type { Fee } from './fee.js';
import { idUse } from './ids.js';
import type { PaymentPlan } from './paymentPlan.js';
import type { CreditApplication, Payment, Refund, Settlement, Transfer, Waiver } from './records.js';
import type { Refusal } from './rejections/rejection.js';
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

/** The fields of an event's data besides its circumstances. An optional field may be undefined and is then left out. */
type Details<Type extends AccountEventType> = Lenient<Omit<EventOf<Type>['data'], keyof Circumstances>>;

type Lenient<Data> = {
  [Key in keyof Data]: Record<string, never> extends Pick<Data, Key> ? Data[Key] | undefined : Data[Key];
};

/** What decisions work with: the current account, the policy, and the events decided so far. */
export type DecisionContext = {
  /** The institution's policy. */
  readonly policy: FeePolicy;
  /** The account, with the changes of the decision so far. */
  readonly set: WorkingSet;
  /** The events of this command so far. */
  readonly events: readonly AccountEvent[];
  /** The rejection of the command for a reason outside its rules: an id in use, or a total that is too large. */
  readonly refusal: Refusal | undefined;
  /** What the command repeats, as found by its rules. */
  readonly repeats: Repeats | undefined;
  /** The digest of the command. */
  readonly digest: string;
  /** Returns the current fee with an id. */
  fee(feeId: string): Fee | undefined;
  /** Returns the current credit with an id. */
  credit(creditId: string): Credit | undefined;
  /** Returns the current payment with an id. */
  payment(paymentId: string): Payment | undefined;
  /** Returns the current waiver with an id. */
  waiver(waiverId: string): Waiver | undefined;
  /** Returns the current transfer with an id. */
  transfer(transferId: string): Transfer | undefined;
  /** Returns the current settlement with an id. */
  settlement(settlementId: string): Settlement | undefined;
  /** Returns the current application with an id. */
  application(applicationId: string): CreditApplication | undefined;
  /** Returns the current refund with an id. */
  refund(refundId: string): Refund | undefined;
  /** Returns the current payment plan with an id. */
  paymentPlan(planId: string): PaymentPlan | undefined;
  /** Returns all current fees, oldest first. */
  fees(): readonly Fee[];
  /** Returns all current credits, oldest first. */
  credits(): readonly Credit[];
  /** Returns the current credits of a fee, oldest first. */
  creditsOf(feeId: string): readonly Credit[];
  /** Returns the transactions of a fee so far, oldest first. */
  transactionsOf(feeId: string): readonly Transaction[];
  /** Formats minor units as a decimal string. */
  money(minor: number): string;
  /** Parses a canonical decimal string into minor units. */
  minor(amount: string): number;
  /** Returns the next id derived from the command: its own, then `id#1` and so on. */
  newId(): string;
  /** Records that the command repeats a payment, so that nothing is left to do. */
  repeat(paymentId: string): void;
  /** Reserves an id that the command names for something new. Refuses the command if the id is in use. */
  claim(id: string): string;
  /** Adds an event that the command causes, with its reason and comments. */
  emit<Type extends AccountEventType>(type: Type, details: Details<Type>): void;
  /** Adds an event that follows automatically, without the command's reason and comments. */
  follow<Type extends AccountEventType>(type: Type, details: Details<Type>): void;
};

/** Starts the decision of one command. */
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
  let refusal: Refusal | undefined;
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
    paymentPlan: (planId) => rowNow(set, 'paymentPlan', planId),
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

/** Omits undefined fields. */
function defined(data: object): object {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** Returns what an event adds to the account's turnover, in minor units. */
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
