import { formatAmount, parseAmount } from '../money/money.js';
import { type FeePolicy, feeTypeRule } from '../policy/feePolicy.js';
import { knownFeeTypes } from '../policy/knownCodes.js';
import type { FeeTypeRule } from '../policy/policyRules.js';
import type { Circumstances, EventMetadata } from './circumstances.js';
import type { Command } from './commands/command.js';
import type { Credit } from './credit.js';
import type { Repeats } from './decision.js';
import { commandDigest } from './digest.js';
import type { AccountEvent, AccountEventType, EventOf } from './events/accountEvent.js';
import type { Fee } from './fee.js';
import { externalTransactionPositions, idUse } from './ids.js';
import type { PatronAccount, RowKind, Rows } from './patronAccount.js';
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
import type { Transaction } from './transaction.js';
import {
  addedTransactions,
  applyDecided,
  creditsNow,
  creditsOfFee,
  feesNow,
  paymentsNow,
  refundsNow,
  rowNow,
  transactionsBefore,
  transactionsOfFee,
  type WorkingSet,
} from './workingSet.js';

/** Thrown by `refuse` and caught by {@link refusalIn}, so it never leaves `decide`. */
class RuleEnded {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

/** Refuses the command: ends the rules that {@link refusalIn} runs. */
export function refuse(refusal: Refusal): never {
  throw new RuleEnded(refusal);
}

/** Runs rules. Returns the refusal that ended them, or undefined. */
export function refusalIn(rules: () => void): Refusal | undefined {
  try {
    rules();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof RuleEnded) return thrown.refusal;
    throw thrown;
  }
}

/** Whether an event adds to the account's turnover; null if it has no amount. */
const addsToTurnover: {
  readonly [Type in AccountEventType]: EventOf<Type>['data'] extends { readonly currency: string }
    ? boolean
    : null;
} = {
  FeeAssessed: true,
  FeeIncreased: true,
  AccrualEnded: false,
  PaymentReceived: true,
  FeeWaived: false,
  LostItemCreditIssued: true,
  LostItemReturned: null,
  FeeTransferred: false,
  FeeDisputed: null,
  PaymentPlanAgreed: false,
  PaymentPlanEnded: null,
  AccountMerged: null,
  AccountJoined: null,
  AccountSeparated: null,
  AccountPurged: false,
  DisputeResolved: null,
  CreditIssued: true,
  CreditApplied: false,
  CreditRefunded: false,
  CreditTransferred: false,
  TransferSettled: false,
  SettlementReversed: false,
  TransferRecalled: false,
  FeeCancelled: false,
  PaymentReversed: false,
  WaiverReversed: false,
  CreditApplicationReversed: false,
  RefundReversed: false,
  CreditCancelled: false,
};

/** The amounts of an event that can add to the turnover, as decimal strings. */
type Inflow = { readonly amount: string; readonly overpayment?: { readonly amount: string } };

/** Returns what an event adds to the account's turnover, in minor units. */
function inflowOf({ amount, overpayment }: Inflow, minor: (amount: string) => number): number {
  return minor(amount) + (overpayment === undefined ? 0 : minor(overpayment.amount));
}

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

/**
 * What decisions work with: the current account, the policy, and the events so far. `fee` to `paymentPlan` return the
 * current row with an id, or refuse the command. A class: every decision would create two dozen functions otherwise.
 */
export class DecisionContext {
  /** The events of this command so far. */
  readonly events: AccountEvent[] = [];
  /** What the command repeats, as found by its rules. */
  repeats: Repeats | undefined;
  /** The institution's policy. */
  readonly policy: FeePolicy;
  readonly #command: Command;
  /** The account, with the changes of the decision so far. */
  readonly #workingSet: WorkingSet;
  readonly #digits: number;
  #digest: string | undefined;
  #metadata: EventMetadata | undefined;
  #given = 0;

  constructor(command: Command, policy: FeePolicy, digits: number, workingSet: WorkingSet) {
    this.policy = policy;
    this.#workingSet = workingSet;
    this.#command = command;
    this.#digits = digits;
  }

  /** The digest of the command. Computed when it is asked for: most of what is refused needs none. */
  get digest(): string {
    this.#digest ??= commandDigest(this.#command);
    return this.#digest;
  }

  /** Refuses the command: the only way to do so. Ends the decision. */
  refuse(refusal: Refusal): never {
    return refuse(refusal);
  }

  /** Returns the current row with an id, or undefined if the account has none of this kind. */
  find<Kind extends RowKind>(kind: Kind, id: string): Rows[Kind] | undefined {
    return rowNow(this.#workingSet, kind, id);
  }

  /** Returns the current fee with an id. */
  fee(feeId: string): Fee {
    return rowNow(this.#workingSet, 'fee', feeId) ?? refuse({ type: 'FeeNotFound', feeId });
  }

  /** Returns the current credit with an id. */
  credit(creditId: string): Credit {
    return rowNow(this.#workingSet, 'credit', creditId) ?? refuse({ type: 'CreditNotFound', creditId });
  }

  /** Returns the current payment with an id. */
  payment(paymentId: string): Payment {
    return rowNow(this.#workingSet, 'payment', paymentId) ?? refuse({ type: 'PaymentNotFound', paymentId });
  }

  /** Returns the current waiver with an id. */
  waiver(waiverId: string): Waiver {
    return rowNow(this.#workingSet, 'waiver', waiverId) ?? refuse({ type: 'WaiverNotFound', waiverId });
  }

  /** Returns the current transfer with an id. */
  transfer(transferId: string): Transfer {
    return (
      rowNow(this.#workingSet, 'transfer', transferId) ?? refuse({ type: 'TransferNotFound', transferId })
    );
  }

  /** Returns the current settlement with an id. */
  settlement(settlementId: string): Settlement {
    return (
      rowNow(this.#workingSet, 'settlement', settlementId) ??
      refuse({ type: 'SettlementNotFound', settlementId })
    );
  }

  /** Returns the current application with an id. */
  application(applicationId: string): CreditApplication {
    return (
      rowNow(this.#workingSet, 'application', applicationId) ??
      refuse({ type: 'CreditApplicationNotFound', applicationId })
    );
  }

  /** Returns the current refund with an id. */
  refund(refundId: string): Refund {
    return rowNow(this.#workingSet, 'refund', refundId) ?? refuse({ type: 'RefundNotFound', refundId });
  }

  /** Returns the current payment plan with an id. */
  paymentPlan(planId: string): PaymentPlan {
    return rowNow(this.#workingSet, 'paymentPlan', planId) ?? refuse({ type: 'PaymentPlanNotFound', planId });
  }

  /** Returns all current fees, oldest first. */
  fees(): readonly Fee[] {
    return feesNow(this.#workingSet);
  }

  /** Returns all current credits, oldest first. */
  credits(): readonly Credit[] {
    return creditsNow(this.#workingSet);
  }

  /** Returns the current credits of a fee, oldest first. */
  creditsOf(feeId: string): readonly Credit[] {
    return creditsOfFee(this.#workingSet, feeId);
  }

  /** Returns the transactions of a fee so far, oldest first. */
  transactionsOf(feeId: string): readonly Transaction[] {
    return transactionsOfFee(this.#workingSet, feeId);
  }

  /** Runs rules. Returns the fees and credits that they change, with the transactions from before. */
  changedBy(rules: () => void): ReturnType<typeof transactionsBefore> {
    const added = addedTransactions(this.#workingSet);
    rules();
    return transactionsBefore(this.#workingSet, added);
  }

  /** Returns all current refunds, oldest first. */
  refunds(): readonly Refund[] {
    return refundsNow(this.#workingSet);
  }

  /** Returns all current payments, oldest first. */
  payments(): readonly Payment[] {
    return paymentsNow(this.#workingSet);
  }

  /** Returns the current payments of a provider's transaction, oldest first. */
  paymentsOfTransaction(method: string, id: string): readonly Payment[] {
    const { before, touched } = this.#workingSet;
    return [before, touched].flatMap(({ ids, payments }) =>
      externalTransactionPositions(ids, method, id).map((position) =>
        this.payment((payments[position] as Payment).paymentId),
      ),
    );
  }

  /** The patron's other accounts; they never change. */
  get otherAccounts(): readonly PatronAccount[] {
    return this.#workingSet.others;
  }

  /** Returns the fees that events have changed since the last command was closed. */
  unclosed(): readonly string[] {
    return [...this.#workingSet.unclosed];
  }

  /** Returns those of them whose owed amount was brought to 0 by something other than a waiver. */
  broughtToZero(): readonly string[] {
    return [...this.#workingSet.broughtToZero];
  }

  /** Begins the next command with no changed fee. */
  setClosed(): void {
    this.#workingSet.unclosed.clear();
    this.#workingSet.broughtToZero.clear();
  }

  /** Returns the rule of a fee type. Refuses one that the policy does not have. */
  feeTypeRule(feeType: string): FeeTypeRule {
    const known = () => knownFeeTypes(feeType, this.policy.feeTypes);
    return feeTypeRule(this.policy, feeType) ?? refuse({ type: 'FeeTypeUnknown', feeType, known: known() });
  }

  /** Refuses the command if the account is merged into another one: nothing new may begin in it. */
  refuseIfMerged(): void {
    const into = this.#workingSet.before.mergedInto;
    if (into !== null) refuse({ type: 'AccountMerged', into });
  }

  /** Formats minor units as a decimal string. */
  money(minor: number): string {
    return formatAmount(minor, this.#digits);
  }

  /** Parses a canonical decimal string into minor units. */
  minor(amount: string): number {
    return parseAmount(amount, this.#digits);
  }

  /** Returns the next id derived from the command: its own, then `id#1` and so on. Refuses an id in use. */
  newId(): string {
    const { id } = this.#command;
    const next = this.#given === 0 ? id : `${id}#${this.#given}`;
    this.#given += 1;
    return this.claim(next);
  }

  /** Records that the command repeats what was recorded before, so that nothing is left to do. */
  repeat(id: string, kind: Repeats['kind']): void {
    this.repeats = { id, kind };
  }

  /** Returns an id that the command names for something new. Refuses an id in use. */
  claim(id: string): string {
    const use = idUse(this.#workingSet.touched.ids, id);
    const taken = use !== undefined && !(use.kind === 'command' && id === this.#command.id);
    if (taken) refuse({ type: 'IdAlreadyUsed', id });
    return id;
  }

  /** Adds an event that the command causes, with its reason and comments. Refuses it if a total becomes too large. */
  emit<Type extends AccountEventType>(type: Type, details: Details<Type>): void {
    const { reason, comment, staffNote } = this.#command;
    this.#add(type, details, { reason, comment, staffNote });
  }

  /** Adds an event that follows automatically, without the command's reason and comments. */
  follow<Type extends AccountEventType>(type: Type, details: Details<Type>): void {
    this.#add(type, details, {});
  }

  #add(type: AccountEventType, details: object, why: object): void {
    const { at, by, approvedBy } = this.#command;
    const currency = addsToTurnover[type] === null ? undefined : this.policy.currency;
    const data: Record<string, unknown> = {};
    for (const fields of [details, { currency, at, by, approvedBy }, why]) addDefined(data, fields);
    const { id: commandId, metadata } = this.#command;
    this.#metadata ??= { commandId, commandDigest: this.digest, ...metadata };
    const event = { type, data, metadata: this.#metadata } as unknown as AccountEvent;
    const amount = addsToTurnover[type] ? inflowOf(event.data as Inflow, (text) => this.minor(text)) : 0;
    if (!Number.isSafeInteger(this.#workingSet.touched.turnover + amount)) {
      refuse({ type: 'AccountTotalTooLarge', amount: this.money(amount) });
    }
    applyDecided(this.#workingSet, event);
    this.events.push(event);
  }
}

/** Adds the fields that are not undefined. Spreading them into an object takes several times as long. */
function addDefined(data: Record<string, unknown>, fields: object): void {
  const given = fields as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(given)) if (given[key] !== undefined) data[key] = given[key];
}
