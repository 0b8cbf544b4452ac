import { digitsOf, minorDigits } from '../../money/currency.js';
import { parseAmount } from '../../money/money.js';
import type { Allocation, Circumstances, CreditPurpose, EventMetadata } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import type { Credit } from '../credit.js';
import { digestsAgree } from '../digest.js';
import type { AccountEvent, EventOf } from '../events/accountEvent.js';
import type { Fee } from '../fee.js';
import { type IdKind, type IdUse, idUse, useId, useNewId } from '../ids.js';
import { type AccountState, extended, NO_ENTRIES, type Writable } from '../patronAccount.js';
import type { Transfer } from '../records.js';
import type { Transaction, TransactionReferences } from '../transaction.js';

const ID_LENGTH_MAX = 200;

/** Reads an amount of the account's currency, 0 or more, in minor units. */
export function minor(state: AccountState, amount: string, currency: string): number {
  if (currency !== state.currency && state.currency !== null) {
    corrupt('OtherCurrency', state.currency, currency);
  }
  const digits = state.currency === null ? minorDigits(currency) : state.minorDigits;
  if (digits === undefined) return corrupt('OtherCurrency', 'an ISO 4217 code', currency);
  const value = parseAmount(amount, digits);
  if (value < 0) corrupt('InvalidAmount', `an amount with ${digits} decimals`, amount);
  return value;
}

/** Reads an amount above 0. */
export function positive(state: AccountState, amount: string, currency: string): number {
  // The format of nearly every amount. An account without events has no currency: null in an event is not the same.
  if (currency === state.currency && currency !== null) {
    const known = parseAmount(amount, state.minorDigits);
    if (known > 0) return known;
  }
  const value = minor(state, amount, currency);
  if (value === 0) corrupt('InvalidAmount', 'an amount above 0', amount);
  return value;
}

/** Throws if a list contains a name twice. */
export function eachOnce(names: readonly string[]): void {
  if (new Set(names).size === names.length) return;
  const twice = names.find((name, at) => names.indexOf(name) < at);
  corrupt('NamedTwice', 'each name once', twice);
}

/** Reads the amounts of parts. Throws if two parts have the same name. */
export function parts(
  state: AccountState,
  list: readonly { readonly amount: string }[],
  names: readonly string[],
  currency: string,
): number[] {
  eachOnce(names);
  return list.map((part) => positive(state, part.amount, currency));
}

/** Reads the amounts of allocations. Throws if two name the same fee. */
export function allocated(
  state: AccountState,
  allocations: readonly Allocation[],
  currency: string,
): number[] {
  const names = allocations.map(({ feeId }) => feeId);
  return parts(state, allocations, names, currency);
}

/** Sum of the amounts. */
export function sum(amounts: readonly number[]): number {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total;
}

/** Returns `amount`. Throws if it exceeds `left`. */
export function within(amount: number, left: number): number {
  if (amount > left) corrupt('AmountAboveWhatIsLeft', left, amount);
  return amount;
}

/** Throws if an amount differs from the total of its parts. */
export function addUp(amount: number, total: number): void {
  if (amount !== total) corrupt('AmountsDoNotAddUp', amount, total);
}

/** Returns the position of the row with an id, or -1 if no row of that kind has the id. */
export function lookUp(state: AccountState, kind: IdKind, id: string): number {
  const use = idUse(state.ids, id);
  return use !== undefined && use.kind === kind ? use.position : -1;
}

/** Returns the fee with an id. Throws if the account has none. */
export function feeOf(state: AccountState, feeId: string): Writable<Fee> {
  const fee = state.fees[lookUp(state, 'fee', feeId)];
  return fee ?? corrupt('UnknownFee', 'a fee of this account', feeId);
}

/** Adds to what credits have paid of a fee. Replaces the figures, because fees share those of a new fee. */
export function settleByCredit(fee: Writable<Fee>, purpose: CreditPurpose, amount: number): void {
  const { settledByCredit } = fee;
  fee.settledByCredit = { ...settledByCredit, [purpose]: settledByCredit[purpose] + amount };
}

/** Returns the credit with an id. Throws if the account has none. */
export function creditOf(state: AccountState, creditId: string): Writable<Credit> {
  const credit = state.credits[lookUp(state, 'credit', creditId)];
  return credit ?? corrupt('UnknownCredit', 'a credit of this account', creditId);
}

/** Returns the transfer with an id. Throws if the account has none. */
export function transferOf(state: AccountState, transferId: string): Writable<Transfer> {
  const transfer = state.transfers[lookUp(state, 'transfer', transferId)];
  return transfer ?? corrupt('UnknownTransfer', 'a transfer of this account', transferId);
}

/** Throws if an id is malformed. */
export function wellFormedId(id: string): void {
  if (typeof id !== 'string' || id.length === 0 || id.length > ID_LENGTH_MAX) {
    corrupt('InvalidId', `an id of 1 to ${ID_LENGTH_MAX} characters`, id);
  }
}

/**
 * Throws if an id is malformed or in use. The event's own command may use it.
 *
 * @returns the use of the id by the event's own command, or undefined
 */
export function newId(state: AccountState, id: string, commandId: string | undefined): IdUse | undefined {
  wellFormedId(id);
  const use = idUse(state.ids, id);
  if (use === undefined || (use.kind === 'command' && commandId === id)) return use;
  return corrupt('IdUsedTwice', 'an id that is new in this account', id);
}

/** Returns the use of a new id by an event. {@link record} fills in the digest. */
export function newUse(kind: IdKind, id: string, position = 0): Writable<IdUse> {
  return { id, kind, position, digest: null };
}

/**
 * The last check of an event and the first change: counts the event and adds its id and its command's id.
 *
 * @param use - the id of what the event creates; null if it creates nothing
 * @param inflow - what the event adds to the account's turnover
 */
export function record(
  state: AccountState,
  event: AccountEvent,
  use: Writable<IdUse> | null,
  inflow: number,
): void {
  const turnover = state.turnover + inflow;
  if (turnover > Number.MAX_SAFE_INTEGER) {
    corrupt('TurnoverAboveSafeIntegers', Number.MAX_SAFE_INTEGER, turnover);
  }
  const { metadata } = event;
  if (metadata === undefined) {
    if (use !== null) addId(state, use, undefined);
  } else addIds(state, use, metadata);
  if (state.currency === null) setCurrency(state, event);
  state.turnover = turnover;
  state.eventCount += 1;
}

/** Sets the account's currency to that of its first event. */
function setCurrency(state: AccountState, { data }: AccountEvent): void {
  if (!('currency' in data)) return;
  const { currency } = data;
  state.currency = currency;
  state.minorDigits = digitsOf(currency);
}

/** Adds the id of what an event creates and the id of its command, once if they are equal. */
function addIds(state: AccountState, use: Writable<IdUse> | null, metadata: EventMetadata): void {
  const { commandId } = metadata;
  const digest = digestOf(metadata);
  if (use !== null && use.id === commandId) {
    use.digest = digest;
    addId(state, use, commandId);
    return;
  }
  const isNewCommand = commandId !== undefined && isNewCommandId(state, commandId, digest);
  if (use !== null) addId(state, use, commandId);
  if (isNewCommand) useId(state.ids, { id: commandId, kind: 'command', position: 0, digest });
}

/** Returns the digest of an event's command, or null if it has none. */
function digestOf(metadata: EventMetadata): string | null {
  const commandDigest: unknown = metadata.commandDigest ?? null;
  if (commandDigest === null || typeof commandDigest === 'string') return commandDigest;
  return corrupt('MalformedEvent', 'a digest', commandDigest);
}

/** Adds a new id. Throws if it is in use, except by the event's own command. */
function addId(state: AccountState, use: IdUse, commandId: string | undefined): void {
  wellFormedId(use.id);
  if (useNewId(state.ids, use)) return;
  const command = newId(state, use.id, commandId);
  if (command !== undefined && !digestsAgree(command.digest, use.digest)) {
    corrupt('OtherCommandWithThisId', command.digest, use.digest);
  }
  useId(state.ids, use);
}

/**
 * Returns whether the account has no event of a command yet. Throws if it has events of another command with this id.
 */
function isNewCommandId(state: AccountState, commandId: string, digest: string | null): boolean {
  const command = idUse(state.ids, commandId);
  if (command === undefined) wellFormedId(commandId);
  else if (!digestsAgree(command.digest, digest)) corrupt('OtherCommandWithThisId', command.digest, digest);
  return command === undefined;
}

/** What a transaction has besides the circumstances of its event; no method if no money moved. */
type TransactionDetails = Pick<Transaction, 'kind' | 'id' | 'amount'> & {
  readonly method?: string;
  readonly references?: TransactionReferences;
};

/** Returns one line of a fee's or a credit's history. */
export function transaction(data: Circumstances, details: TransactionDetails): Writable<Transaction> {
  return {
    kind: details.kind,
    id: details.id,
    amount: details.amount,
    at: data.at,
    by: data.by ?? null,
    reason: data.reason ?? null,
    comment: data.comment ?? null,
    staffNote: data.staffNote ?? null,
    method: details.method ?? null,
    references: details.references ?? NO_REFERENCES,
  };
}

/** Adds a line to the history of a fee or a credit. */
export function addTransaction(row: Writable<Fee> | Writable<Credit>, line: Writable<Transaction>): void {
  row.transactions = extended(row.transactions, line);
}

/** The references of a transaction without any; shared, because most have none. */
const NO_REFERENCES: TransactionReferences = /* @__PURE__ */ Object.freeze({});

/** Returns the references of a payment, refund or reversal, which the provider or the caller may have given. */
export function givenReferences(data: {
  readonly externalTransactionId?: string;
  readonly reference?: string;
}): TransactionReferences {
  if (data.externalTransactionId === undefined && data.reference === undefined) return NO_REFERENCES;
  const references: Writable<TransactionReferences> = {};
  if (data.externalTransactionId !== undefined) references.externalTransactionId = data.externalTransactionId;
  if (data.reference !== undefined) references.reference = data.reference;
  return references;
}

/** The fields of an event's data about a credit, besides its amount. */
type CreditDetails = Circumstances &
  Partial<Pick<EventOf<'CreditIssued'>['data'], 'owner' | 'item' | 'writeOff'>> & {
    readonly refundPercent?: number;
  };

/** What is known about a new credit besides the data of its event; without a fee or payment if left out. */
type NewCredit = Pick<Credit, 'creditId' | 'cause' | 'purpose' | 'amount'> & {
  readonly feeId?: string;
  readonly paymentId?: string;
};

/** Returns a new credit, all of it unused. */
export function creditRow(
  data: CreditDetails,
  { creditId, cause, purpose, amount, feeId, paymentId }: NewCredit,
): Writable<Credit> {
  const references: Writable<TransactionReferences> = { cause };
  if (feeId !== undefined) references.feeId = feeId;
  if (paymentId !== undefined) references.paymentId = paymentId;
  return {
    creditId,
    cause,
    purpose,
    feeId: feeId ?? null,
    paymentId: paymentId ?? null,
    owner: data.owner ?? null,
    item: data.item ?? null,
    refundPercent: data.refundPercent ?? null,
    writeOff: cause === 'waived' && data.writeOff === true,
    issuedAt: data.at,
    amount,
    applied: 0,
    refunded: 0,
    transferred: 0,
    cancelled: 0,
    withdrawn: 0,
    transferPending: 0,
    shortfallFeeIds: NO_ENTRIES,
    transactions: [transaction(data, { kind: 'creditIssued', id: creditId, amount, references })],
  };
}
