import type { GivenCommand } from '../../account/duties.js';
import type { PermittedCommand } from '../../policy/permissions.js';
import { givenFor, type Remittances } from '../remittances/remittance.js';
import type { Till } from '../till/till.js';
import { type BankAccount, type BankRecord, itemsOfRecord, noBankAccount } from './bankAccount.js';
import type { BankEvent, BankItem } from './bankEvents.js';
import { type BankAccounts, statesOf } from './bankItemRules.js';

/** Returns what an event moves or writes off: of an entry also what nets it, and the difference that it leaves. */
export function bankAmounts({ type, data }: BankEvent, { records }: BankAccount): readonly string[] {
  if (type === 'BankRecordReversed') {
    const found = records.get(data.recordId);
    return found === undefined ? [data.amount] : bankAmounts(found, noBankAccount);
  }
  if (type === 'SafeDeposited' || type === 'BankEntryBooked') return [data.amount];
  if (type === 'BankItemEnded') return [data.item.amount];
  const isNegative = (amount: string) => amount.startsWith('-');
  const netted = data.items
    .map(({ amount }) => amount)
    .filter((one) => isNegative(one) !== isNegative(data.amount));
  return [data.amount, ...netted, ...(data.difference === undefined ? [] : [data.difference.amount])];
}

const commandOf = {
  SafeDeposited: 'DepositFromSafe',
  BankEntryConfirmed: 'ConfirmBankEntry',
  BankItemEnded: 'EndBankItem',
  BankEntryBooked: 'BookBankEntry',
} as const satisfies Record<BankRecord['type'], PermittedCommand>;

function givenForRecord({ records }: BankAccount, id: string): readonly GivenCommand[] {
  const found = records.get(id);
  return found === undefined ? [] : [{ commandType: commandOf[found.type], userId: found.data.by.userId }];
}

type Elsewhere = {
  readonly tills: ReadonlyMap<string, Till>;
  readonly remittances: ReadonlyMap<string, Remittances>;
};

/** Returns the commands given before for what an entry confirms or a person ends, or for the record that is reversed. */
export function givenBefore(
  event: BankEvent,
  accounts: BankAccounts,
  elsewhere: Elsewhere,
): readonly GivenCommand[] {
  const { state, others } = accounts;
  if (event.type === 'BankRecordReversed') return givenForRecord(state, event.data.recordId);
  return itemsOfRecord(event).flatMap((item) => {
    const parts = statesOf(item, accounts).flatMap(([bank, { records }]) => {
      const account = bank === null ? state : (others.get(bank) as BankAccount);
      return records.flatMap((id) => givenForRecord(account, id));
    });
    return [...parts, ...givenForItem(item, state, elsewhere)];
  });
}

/** Returns the commands that brought an item to the bank. */
function givenForItem(
  item: BankItem,
  state: BankAccount,
  { tills, remittances }: Elsewhere,
): readonly GivenCommand[] {
  switch (item.kind) {
    case 'safeDeposit':
      return givenForRecord(state, item.depositId);
    case 'deposit':
      return (
        tills.get(item.till)?.sessions.find(({ sessionId }) => sessionId === item.sessionId)?.given ?? []
      );
    case 'remittance': {
      const known = remittances.get(item.destination ?? '')?.remittances ?? [];
      return givenFor(known.find(({ remittanceId }) => remittanceId === item.remittanceId));
    }
    default:
      return [];
  }
}
