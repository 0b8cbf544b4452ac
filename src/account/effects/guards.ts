import { minorDigits } from '../../money/currency.js';
import { parseAmount } from '../../money/money.js';
import type { Allocation, Circumstances } from '../circumstances.js';
import { corrupt } from '../corruptHistory.js';
import type { Credit } from '../credit.js';
import type { AccountEvent } from '../events.js';
import type { Fee } from '../fee.js';
import { type IdKind, type IdUse, idUse, useId, useNewId } from '../ids.js';
import type { PatronAccount } from '../patronAccount.js';
import type { Transfer } from '../records.js';
import type { Transaction, TransactionKind } from '../transaction.js';

/** The same data, for the one place that changes it. */
export type Writable<Data> = Data extends readonly (infer Row)[]
  ? Writable<Row>[]
  : Data extends object
    ? { -readonly [Key in keyof Data]: Writable<Data[Key]> }
    : Data;

/** An account that is being folded. */
export type AccountState = Writable<PatronAccount>;

/** The event with a name. */
export type EventOf<Type extends AccountEvent['type']> = Extract<AccountEvent, { type: Type }>;

const ID_LENGTH_MAX = 200;

/** Reads an amount of the account's currency, 0 or more, in minor units. */
export function minor(state: AccountState, event: AccountEvent, amount: string, currency: string): number {
  if (currency !== state.currency && state.currency !== null) {
    corrupt(state.eventCount, event, 'OtherCurrency', state.currency, currency);
  }
  const digits = state.currency === null ? minorDigits(currency) : state.minorDigits;
  if (digits === undefined)
    return corrupt(state.eventCount, event, 'OtherCurrency', 'an ISO 4217 code', currency);
  const value = parseAmount(amount, digits);
  if (value < 0)
    corrupt(state.eventCount, event, 'InvalidAmount', `an amount with ${digits} decimals`, amount);
  return value;
}

/** Reads an amount above 0. */
export function positive(state: AccountState, event: AccountEvent, amount: string, currency: string): number {
  // What nearly every amount is.
  if (currency === state.currency) {
    const known = parseAmount(amount, state.minorDigits);
    if (known > 0) return known;
  }
  const value = minor(state, event, amount, currency);
  if (value === 0) corrupt(state.eventCount, event, 'InvalidAmount', 'an amount above 0', amount);
  return value;
}

/** Holds a list of names to naming each thing once. */
export function eachOnce(state: AccountState, event: AccountEvent, names: readonly string[]): void {
  if (new Set(names).size === names.length) return;
  const twice = names.find((name, at) => names.indexOf(name) < at);
  corrupt(state.eventCount, event, 'NamedTwice', 'each name once', twice);
}

/** Reads the amounts of parts of which each names something else. */
export function parts(
  state: AccountState,
  event: AccountEvent,
  list: readonly { readonly amount: string }[],
  names: readonly string[],
  currency: string,
): number[] {
  eachOnce(state, event, names);
  return list.map((part) => positive(state, event, part.amount, currency));
}

/** Reads the amounts of allocations; each fee may be named once. */
export function allocated(
  state: AccountState,
  event: AccountEvent,
  allocations: readonly Allocation[],
  currency: string,
): number[] {
  const names = allocations.map(({ feeId }) => feeId);
  return parts(state, event, allocations, names, currency);
}

/** Adds up. */
export function sum(amounts: readonly number[]): number {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total;
}

/** Holds an amount to what is left. */
export function within(state: AccountState, event: AccountEvent, amount: number, left: number): number {
  if (amount > left) corrupt(state.eventCount, event, 'AmountAboveWhatIsLeft', left, amount);
  return amount;
}

/** Holds an amount to the sum of its parts. */
export function addUp(state: AccountState, event: AccountEvent, amount: number, total: number): void {
  if (amount !== total) corrupt(state.eventCount, event, 'AmountsDoNotAddUp', amount, total);
}

/** Where what an id names stands, or -1. */
export function lookUp(state: AccountState, kind: IdKind, id: string): number {
  const use = idUse(state.ids, id);
  return use !== undefined && use.kind === kind ? use.position : -1;
}

/** The fee with an id. */
export function feeOf(state: AccountState, event: AccountEvent, feeId: string): Writable<Fee> {
  const fee = state.fees[lookUp(state, 'fee', feeId)];
  return fee ?? corrupt(state.eventCount, event, 'UnknownFee', 'a fee of this account', feeId);
}

/** The credit with an id. */
export function creditOf(state: AccountState, event: AccountEvent, creditId: string): Writable<Credit> {
  const credit = state.credits[lookUp(state, 'credit', creditId)];
  return credit ?? corrupt(state.eventCount, event, 'UnknownCredit', 'a credit of this account', creditId);
}

/** The transfer with an id. */
export function transferOf(state: AccountState, event: AccountEvent, transferId: string): Writable<Transfer> {
  const transfer = state.transfers[lookUp(state, 'transfer', transferId)];
  return (
    transfer ?? corrupt(state.eventCount, event, 'UnknownTransfer', 'a transfer of this account', transferId)
  );
}

function wellFormedId(state: AccountState, event: AccountEvent, id: string): void {
  if (typeof id !== 'string' || id.length === 0 || id.length > ID_LENGTH_MAX) {
    corrupt(state.eventCount, event, 'InvalidId', `an id of 1 to ${ID_LENGTH_MAX} characters`, id);
  }
}

/**
 * Holds an id to its shape, and to being new in the account.
 *
 * @returns the one use it may have: as the id of the event's own command
 */
export function newId(state: AccountState, event: AccountEvent, id: string): IdUse | undefined {
  wellFormedId(state, event, id);
  const use = idUse(state.ids, id);
  if (use === undefined || (use.kind === 'command' && event.metadata?.commandId === id)) return use;
  return corrupt(state.eventCount, event, 'IdUsedTwice', 'an id that is new in this account', id);
}

/** Stands where an event creates nothing. No JSON has it, so that an event whose id is null is not taken for one. */
export const NOTHING: unique symbol = /* @__PURE__ */ Symbol('nothing');

/**
 * The last check of an event and the first change: counts it, takes its id and its command's id.
 *
 * @param id - what the event creates, or {@link NOTHING}
 * @param inflow - what the event adds to the account's turnover
 */
export function record(
  state: AccountState,
  event: AccountEvent,
  id: string | typeof NOTHING,
  kind: IdKind,
  position: number,
  currency: string | null,
  inflow: number,
): void {
  const turnover = state.turnover + inflow;
  if (turnover > Number.MAX_SAFE_INTEGER) {
    corrupt(state.eventCount, event, 'TurnoverAboveSafeIntegers', Number.MAX_SAFE_INTEGER, turnover);
  }
  const { metadata } = event;
  if (metadata !== undefined && id !== NOTHING && id === metadata.commandId) {
    takeId(state, event, id, kind, position, digestOf(state, event));
  } else takeIdAndCommand(state, event, id, kind, position);
  if (state.currency === null && currency !== null) {
    state.currency = currency;
    state.minorDigits = minorDigits(currency) as number;
  }
  state.turnover = turnover;
  state.eventCount += 1;
}

/** Takes the id of what an event creates and that of its command, where these are two. */
function takeIdAndCommand(
  state: AccountState,
  event: AccountEvent,
  id: string | typeof NOTHING,
  kind: IdKind,
  position: number,
): void {
  const commandId = event.metadata?.commandId;
  const digest = digestOf(state, event);
  const isNewCommand = commandId !== undefined && isNewCommandId(state, event, commandId, digest);
  if (id !== NOTHING) takeId(state, event, id, kind, position, null);
  if (isNewCommand) useId(state.ids, { id: commandId, kind: 'command', position: 0, digest });
}

/** The digest of an event's command: text, since others are compared with it. */
function digestOf(state: AccountState, event: AccountEvent): string | null {
  const digest = event.metadata?.commandDigest ?? null;
  if (digest === null || typeof digest === 'string') return digest;
  return corrupt(state.eventCount, event, 'MalformedEvent', 'a digest', digest);
}

/** Takes the id of what an event creates; with a digest where it is that of its command too. */
function takeId(
  state: AccountState,
  event: AccountEvent,
  id: string,
  kind: IdKind,
  position: number,
  digest: string | null,
): void {
  wellFormedId(state, event, id);
  const use: IdUse = { id, kind, position, digest };
  if (!useNewId(state.ids, use)) useCommandId(state, event, use);
}

/** Tells whether a command is new in the account; a known one must be the same. */
function isNewCommandId(
  state: AccountState,
  event: AccountEvent,
  commandId: string,
  digest: string | null,
): boolean {
  const command = idUse(state.ids, commandId);
  if (command === undefined) wellFormedId(state, event, commandId);
  else if (command.digest !== digest) {
    corrupt(state.eventCount, event, 'OtherCommandWithThisId', command.digest, digest);
  }
  return command === undefined;
}

/** Takes an id that is used already: only that of the event's own command can be. */
function useCommandId(state: AccountState, event: AccountEvent, use: IdUse): void {
  const command = newId(state, event, use.id);
  if (command?.digest !== use.digest) {
    corrupt(state.eventCount, event, 'OtherCommandWithThisId', command?.digest, use.digest);
  }
  useId(state.ids, use);
}

/** One line of what happened to a fee or a credit. */
export function transaction(
  kind: TransactionKind,
  id: string,
  amount: number,
  data: Circumstances,
  method: string | null,
  reference: string | null | undefined,
): Writable<Transaction> {
  return {
    kind,
    id,
    amount,
    at: data.at,
    by: data.by ?? null,
    reason: data.reason ?? null,
    comment: data.comment ?? null,
    staffNote: data.staffNote ?? null,
    method,
    reference: reference ?? null,
  };
}
