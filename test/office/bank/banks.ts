import { definePolicy } from '../../../src/index.js';
import {
  type BankCommand,
  type BankEvent,
  type BankItem,
  decideBank,
  foldBankAccount,
  noBankAccount,
} from '../../../src/office/index.js';
import { policy } from '../../support/account.js';

/** Who works in finance. */
export const by = { channel: 'desk', userId: 'fin' } as const;

/** The time of most commands about a bank account. */
export const at = '2026-03-05T09:00:00-05:00';

/** What was deposited of the takings in cash. */
export const cash = (amount = '62.00'): BankItem => ({
  kind: 'deposit',
  till: 'CIRC',
  sessionId: 'CIRC/1',
  method: 'CASH',
  amount,
});

/** Brings money from the safe to the bank. */
export function depositFromSafe(id: string, amount: string) {
  return { type: 'DepositFromSafe', id, amount, reference: `slip ${id}`, at, by } as const;
}

/** Confirms items by an entry of the bank. */
export function confirm(id: string, amount: string, ...items: readonly BankItem[]) {
  return {
    type: 'ConfirmBankEntry',
    id,
    entryId: `entry ${id}`,
    bookedOn: '2026-03-04',
    amount,
    items,
    at,
    by,
  } as const;
}

/** Ends an item, or a part of it. */
export function end(id: string, item: BankItem, reason?: string) {
  return { type: 'EndBankItem', id, item, ...(reason !== undefined && { reason }), at, by } as const;
}

/** Books an entry of the bank's own. */
export function book(id: string, amount: string, reason = 'FEE') {
  return {
    type: 'BookBankEntry',
    id,
    entryId: `entry ${id}`,
    bookedOn: '2026-03-31',
    amount,
    reason,
    at,
    by,
  } as const;
}

/** The policy of the tests, with reasons of the bank. */
export const withReasons = definePolicy({
  ...policy,
  bankReasons: { FALSE: 'Counterfeit note', FEE: 'Account fee' },
});

/** A part of the takings in cash. */
export const part = (amount: string, of = '62.00'): BankItem => ({ ...cash(amount), of });

/** Undoes a deposit, a confirmation or an ending. */
export function reverse(id: string, recordId: string) {
  return { type: 'ReverseBankRecord', id, recordId, at, by } as const;
}

/** The bank account after commands that must all be accepted, and their events. */
export function bankAfter(...commands: readonly BankCommand[]) {
  let account = noBankAccount;
  const events = commands.flatMap((command): readonly BankEvent[] => {
    const decision = decideBank(command, account, withReasons);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
    account = foldBankAccount(decision.events, account);
    return decision.events;
  });
  return { account, events };
}
