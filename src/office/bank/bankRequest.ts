import type { GivenCommand } from '../../account/duties.js';
import { givenFor, type Remittances } from '../remittances/remittance.js';
import type { Till } from '../till/till.js';
import { type BankAccount, noBankAccount } from './bankAccount.js';
import type { BankEvent } from './bankEvents.js';

/** Returns what an event moves or writes off: of an entry also what nets it, and the difference that it leaves. */
export function bankAmounts({ type, data }: BankEvent, { records }: BankAccount): readonly string[] {
  if (type === 'BankRecordReversed') {
    const found = records.get(data.recordId);
    return found === undefined ? [data.amount] : bankAmounts(found, noBankAccount);
  }
  if (type === 'SafeDeposited') return [data.amount];
  const isNegative = (amount: string) => amount.startsWith('-');
  const netted = data.items
    .map(({ amount }) => amount)
    .filter((one) => isNegative(one) !== isNegative(data.amount));
  return [data.amount, ...netted, ...(data.difference === undefined ? [] : [data.difference.amount])];
}

/** Returns the commands given before for what an entry confirms, or for the record that is reversed. */
export function givenBefore(
  { type, data }: BankEvent,
  { records }: BankAccount,
  {
    tills,
    remittances,
  }: {
    readonly tills: ReadonlyMap<string, Till>;
    readonly remittances: ReadonlyMap<string, Remittances>;
  },
): readonly GivenCommand[] {
  const ofRecord = (id: string): readonly GivenCommand[] => {
    const found = records.get(id);
    if (found === undefined) return [];
    const commandType = found.type === 'SafeDeposited' ? 'DepositFromSafe' : 'ConfirmBankEntry';
    return [{ commandType, userId: found.data.by.userId }];
  };
  if (type === 'SafeDeposited') return [];
  if (type === 'BankRecordReversed') return ofRecord(data.recordId);
  return data.items.flatMap((item) => {
    if (item.kind === 'safeDeposit') return ofRecord(item.depositId);
    if (item.kind === 'deposit')
      return (
        tills.get(item.till)?.sessions.find(({ sessionId }) => sessionId === item.sessionId)?.given ?? []
      );
    if (item.kind !== 'remittance') return [];
    const known = remittances.get(item.destination ?? '')?.remittances ?? [];
    return givenFor(known.find(({ remittanceId }) => remittanceId === item.remittanceId));
  });
}
