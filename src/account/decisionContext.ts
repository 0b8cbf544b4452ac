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
import type {
  CreditApplication,
  Payment,
  PaymentPlan,
  Refund,
  Settlement,
  Transfer,
  Waiver,
} from './records.js';
import type { Refusal } from './rejections/rejection.js';
import type { RowKind, Rows } from './rows.js';
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

/**
 * The fields of an event's data that a decision gives: without the circumstances and the currency. An optional field
 * may be undefined and is then left out.
 */
type Details<Type extends AccountEventType> = Lenient<
  Omit<EventOf<Type>['data'], keyof Circumstances | 'currency'>
>;

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
  /** What the command repeats, as found by its rules. */
  readonly repeats: Repeats | undefined;
  /** The digest of the command. */
  readonly digest: string;
  /** Refuses the command: the only way to do so. Ends the decision. */
  refuse(refusal: Refusal): never;
  /** Returns the current row with an id, or undefined if the account has none of this kind. */
  find<Kind extends RowKind>(kind: Kind, id: string): Rows[Kind] | undefined;
  /** Returns the current fee with an id. This and the next ones refuse the command if there is none. */
  fee(feeId: string): Fee;
  /** Returns the current credit with an id. */
  credit(creditId: string): Credit;
  /** Returns the current payment with an id. */
  payment(paymentId: string): Payment;
  /** Returns the current waiver with an id. */
  waiver(waiverId: string): Waiver;
  /** Returns the current transfer with an id. */
  transfer(transferId: string): Transfer;
  /** Returns the current settlement with an id. */
  settlement(settlementId: string): Settlement;
  /** Returns the current application with an id. */
  application(applicationId: string): CreditApplication;
  /** Returns the current refund with an id. */
  refund(refundId: string): Refund;
  /** Returns the current payment plan with an id. */
  paymentPlan(planId: string): PaymentPlan;
  /** Returns all current fees, oldest first. */
  fees(): readonly Fee[];
  /** Returns all current credits, oldest first. */
  credits(): readonly Credit[];
  /** Returns the current credits of a fee, oldest first. */
  creditsOf(feeId: string): readonly Credit[];
  /** Returns the transactions of a fee so far, oldest first. */
  transactionsOf(feeId: string): readonly Transaction[];
  /** Refuses what begins something new if the account is merged into another one. */
  refuseIfMerged(): void;
  /** Formats minor units as a decimal string. */
  money(minor: number): string;
  /** Parses a canonical decimal string into minor units. */
  minor(amount: string): number;
  /** Returns the next id derived from the command: its own, then `id#1` and so on. Refuses an id in use. */
  newId(): string;
  /** Records that the command repeats a payment, so that nothing is left to do. */
  repeat(paymentId: string): void;
  /** Returns an id that the command names for something new. Refuses an id in use. */
  claim(id: string): string;
  /** Adds an event that the command causes, with its reason and comments. Refuses it if a total becomes too large. */
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
  let repeats: Repeats | undefined;

  const money = (minor: number) => formatAmount(minor, digits);
  const minor = (amount: string) => parseAmount(amount, digits);
  const claim = (id: string) => {
    const use = idUse(set.touched.ids, id);
    const taken = use !== undefined && !(use.kind === 'command' && id === command.id);
    if (taken) refuse({ type: 'IdAlreadyUsed', id, recordedDigest: use.digest, commandDigest: digest });
    return id;
  };
  const add = (type: AccountEventType, details: object, why: object) => {
    const currency = moneyOf[type] === 'none' ? undefined : policy.currency;
    const data = defined({ ...details, currency, at, by, ...why });
    const event = { type, data, metadata } as AccountEvent;
    const amount = moneyOf[type] === 'in' ? inflowOf(event.data as Inflow, minor) : 0;
    if (!Number.isSafeInteger(set.touched.turnover + amount)) {
      refuse({ type: 'AccountTotalTooLarge', amount: money(amount) });
    }
    take(set, event);
    events.push(event);
  };

  return {
    policy,
    set,
    events,
    digest,
    get repeats() {
      return repeats;
    },
    refuse,
    find: (kind, id) => rowNow(set, kind, id),
    fee: (feeId) => rowNow(set, 'fee', feeId) ?? refuse({ type: 'FeeNotFound', feeId }),
    credit: (creditId) => rowNow(set, 'credit', creditId) ?? refuse({ type: 'CreditNotFound', creditId }),
    payment: (paymentId) =>
      rowNow(set, 'payment', paymentId) ?? refuse({ type: 'PaymentNotFound', paymentId }),
    waiver: (waiverId) => rowNow(set, 'waiver', waiverId) ?? refuse({ type: 'WaiverNotFound', waiverId }),
    transfer: (transferId) =>
      rowNow(set, 'transfer', transferId) ?? refuse({ type: 'TransferNotFound', transferId }),
    settlement: (settlementId) =>
      rowNow(set, 'settlement', settlementId) ?? refuse({ type: 'SettlementNotFound', settlementId }),
    application: (applicationId) =>
      rowNow(set, 'application', applicationId) ??
      refuse({ type: 'CreditApplicationNotFound', applicationId }),
    refund: (refundId) => rowNow(set, 'refund', refundId) ?? refuse({ type: 'RefundNotFound', refundId }),
    paymentPlan: (planId) =>
      rowNow(set, 'paymentPlan', planId) ?? refuse({ type: 'PaymentPlanNotFound', planId }),
    fees: () => feesNow(set),
    credits: () => creditsNow(set),
    creditsOf: (feeId) => creditsOfFee(set, feeId),
    transactionsOf: (feeId) => transactionsOfFee(set, feeId),
    refuseIfMerged: () => {
      const into = set.before.mergedInto;
      if (into !== null) refuse({ type: 'AccountMerged', into });
    },
    money,
    minor,
    newId: () => {
      const id = given === 0 ? command.id : `${command.id}#${given}`;
      given += 1;
      return claim(id);
    },
    repeat: (paymentId) => {
      repeats = { id: paymentId, kind: 'payment' };
    },
    claim,
    emit: (type, details) => add(type, details, { reason, comment, staffNote }),
    follow: (type, details) => add(type, details, {}),
  };
}

/** Thrown by `refuse` and caught by {@link refusalIn}; nobody else sees it. */
class Refused {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

function refuse(refusal: Refusal): never {
  throw new Refused(refusal);
}

/** Runs rules. Returns the refusal that ended them, or undefined. */
export function refusalIn(rules: () => void): Refusal | undefined {
  try {
    rules();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.refusal;
    throw thrown;
  }
}

/** Omits undefined fields. */
function defined(data: object): object {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** What an event does with money: nothing, moves it within the account, or adds to the account's turnover. */
type Money<Data> = Data extends { readonly currency: string } ? 'moved' | 'in' : 'none';

const moneyOf: { readonly [Type in AccountEventType]: Money<EventOf<Type>['data']> } = {
  FeeAssessed: 'in',
  FeeIncreased: 'in',
  AccrualEnded: 'moved',
  PaymentReceived: 'in',
  FeeWaived: 'moved',
  LostItemCreditIssued: 'in',
  LostItemReturned: 'none',
  FeeTransferred: 'moved',
  FeeDisputed: 'none',
  PaymentPlanAgreed: 'moved',
  PaymentPlanEnded: 'none',
  AccountMerged: 'none',
  AccountJoined: 'none',
  AccountSeparated: 'none',
  DisputeResolved: 'none',
  CreditIssued: 'in',
  CreditApplied: 'moved',
  CreditRefunded: 'moved',
  CreditTransferred: 'moved',
  TransferSettled: 'moved',
  SettlementReversed: 'moved',
  TransferRecalled: 'moved',
  FeeCancelled: 'moved',
  PaymentReversed: 'moved',
  WaiverReversed: 'moved',
  CreditApplicationReversed: 'moved',
  RefundReversed: 'moved',
  CreditCancelled: 'moved',
};

type Inflow = { readonly amount: string; readonly overpayment?: { readonly amount: string } };

/** Returns what an event adds to the account's turnover, in minor units. */
function inflowOf({ amount, overpayment }: Inflow, minor: (amount: string) => number): number {
  return minor(amount) + (overpayment === undefined ? 0 : minor(overpayment.amount));
}
