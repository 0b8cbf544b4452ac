import { formatAmount, minorUnits } from '../../money/money.js';
import type { InvalidOfficeCommand } from '../officeDecision.js';
import {
  type BankAccount,
  type BankItemState,
  bankItemKey,
  isAbove,
  stateElsewhere,
  wholeOf,
} from './bankAccount.js';
import type { BankItem } from './bankEvents.js';
import type { BankRejection, ConfirmedAbove } from './bankRejection.js';

/** The account at a bank that a command is about, and the others of the institution by name. */
export type BankAccounts = {
  readonly state: BankAccount;
  readonly others: ReadonlyMap<string, BankAccount>;
};

/** Returns what the accounts have of an item; the name is null for the one that the command is about. */
export function statesOf(
  item: BankItem,
  { state, others }: BankAccounts,
): readonly (readonly [bank: string | null, state: BankItemState])[] {
  const own = state.items.get(bankItemKey(item));
  const elsewhere = [...others].map(([bank, account]) => [bank, stateElsewhere(account, item)] as const);
  return [[null, own] as const, ...elsewhere].flatMap(([bank, found]) =>
    found === undefined ? [] : [[bank, found] as const],
  );
}

/** Returns why an item, or a part of it, cannot be confirmed or ended. */
export function itemRefusal(
  item: BankItem,
  path: string,
  accounts: BankAccounts,
  digits: number,
): BankRejection | InvalidOfficeCommand | undefined {
  const states = statesOf(item, accounts);
  const [bank, last] = states.at(-1) ?? [];
  if (last !== undefined && item.of === undefined && sumOf(states) === minorUnits(last.item.amount)) {
    const confirmationId = last.records.at(-1) as string;
    return { type: 'BankItemAlreadyConfirmed', kind: 'conflict', bank: bank ?? null, confirmationId };
  }
  const whole = wholeOf(item);
  const other = states.find(([, { item: known }]) => known.amount !== whole)?.[1].item.amount;
  if (other !== undefined) return faultAt(`${path}.${item.of === undefined ? 'amount' : 'of'}`, other, whole);
  return (
    settlesTooMuch(item, minorUnits(item.amount), accounts, digits) ??
    safeDepositRefusal(item, path, accounts.state)
  );
}

/**
 * Returns the refusal of a change of what is settled of an item, over all accounts: above the item, or below nothing. What
 * two clerks settled at the same moment may be above it: it can be undone.
 *
 * @param change - in minor units
 */
export function settlesTooMuch(
  item: BankItem,
  change: bigint,
  accounts: BankAccounts,
  digits: number,
): ConfirmedAbove | undefined {
  const whole = minorUnits(wholeOf(item));
  const settled = sumOf(statesOf(item, accounts));
  const after = settled + change;
  const isMore = change > 0n === whole > 0n;
  const fits = isMore ? !isAbove(after, whole) : after === 0n || after > 0n === whole > 0n;
  if (fits) return undefined;
  const [total, left, amount] = [whole, whole - settled, change].map((minor) => formatAmount(minor, digits));
  return { type: 'ConfirmedAbove', kind: 'conflict', ...({ total, left, amount } as Amounts) };
}

type Amounts = Pick<ConfirmedAbove, 'total' | 'left' | 'amount'>;

function sumOf(states: ReturnType<typeof statesOf>): bigint {
  return states.reduce((sum, [, { settled }]) => sum + minorUnits(settled), 0n);
}

/**
 * Returns why an item is no deposit from the safe at this account: none is known, it was reversed, or it is another
 * amount.
 */
function safeDepositRefusal(
  item: BankItem,
  path: string,
  { records, reversed }: BankAccount,
): BankRejection | InvalidOfficeCommand | undefined {
  if (item.kind !== 'safeDeposit') return undefined;
  const { depositId: recordId, method } = item;
  const found = records.get(recordId);
  if (found?.type !== 'SafeDeposited') return { type: 'BankRecordNotFound', kind: 'notFound', recordId };
  if (reversed.has(recordId))
    return { type: 'BankRecordClosed', kind: 'conflict', recordId, confirmationId: null };
  if (method !== found.data.method) return faultAt(`${path}.method`, found.data.method, method);
  const field = item.of === undefined ? 'amount' : 'of';
  return wholeOf(item) === found.data.amount
    ? undefined
    : faultAt(`${path}.${field}`, found.data.amount, wholeOf(item));
}

function faultAt(path: string, expected: string, found: string): InvalidOfficeCommand {
  return { type: 'InvalidOfficeCommand', kind: 'invalid', faults: [{ path, expected, found }] };
}
