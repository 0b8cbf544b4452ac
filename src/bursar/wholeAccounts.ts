import type { TransferFees } from '../account/commands/transferCommands.js';
import { decide } from '../account/decide.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import type { CreditTransferred, FeeTransferred } from '../account/events/transferEvents.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { transferPendingOf } from '../account/records.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, parseAmount, parseLooseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { type BursarCodes, type BursarForm, transferCommand } from './bursarForm.js';

/** The rule for accounts that are transferred as a whole, for use with every account. */
export type WholeAccountsRule = {
  readonly jobId: string;
  readonly owedAbove: number;
  readonly followsPlaced: boolean;
  readonly destination: string | null;
  /** The command that selects the fees that count. */
  readonly counting: TransferFees;
};

/** Returns the form that transfers every fee with debt, regardless of the policy's minimums. */
export function withoutMinimum(form: BursarForm, policy: FeePolicy, minimumAgeDays = 0): BursarForm {
  const minimumAmount = formatAmount(1, digitsOf(policy.currency));
  return { ...form, fees: { ...form.fees, minimumAmount, minimumAgeDays } };
}

/** Prepares the rule of a checked form; null if each fee is transferred by its own minimum. */
export function wholeAccountsRule(
  form: BursarForm,
  codes: BursarCodes | undefined,
  policy: FeePolicy,
): WholeAccountsRule | null {
  const { jobId, destination = null, wholeAccounts } = form;
  if (wholeAccounts === undefined) return null;
  const { owedAbove, minimumAgeDays, followsPlaced = false } = wholeAccounts;
  const digits = digitsOf(policy.currency);
  const counting = transferCommand(withoutMinimum(form, policy, minimumAgeDays), codes);
  // The limit may be zero, which the schema of amounts refuses.
  const minor = Math.max(0, parseLooseAmount(owedAbove, digits));
  return { jobId, owedAbove: minor, followsPlaced, destination, counting };
}

/**
 * Returns whether accounts of one patron are transferred: if the fees that are old enough exceed the limit in total, if
 * this job transferred one of the accounts already, or if their new fees follow those that are pending.
 */
export function isTransferredWhole(
  accounts: readonly PatronAccount[],
  { jobId, owedAbove, followsPlaced, destination, counting }: WholeAccountsRule,
  policy: FeePolicy,
): boolean {
  let total = 0;
  for (const account of accounts) {
    for (const transfer of account.transfers) {
      if (transfer.batchId === jobId) return true;
      if (followsPlaced && transfer.destination === destination && transferPendingOf(transfer) > 0)
        return true;
    }
    for (const { data } of eligibleTransfers(counting, account, policy)) {
      total += parseAmount(data.amount, account.minorDigits);
    }
  }
  return total > owedAbove;
}

/** Returns what a command would transfer if its job had not run before. */
export function eligibleTransfers(
  command: TransferFees,
  account: PatronAccount,
  policy: FeePolicy,
): readonly (FeeTransferred | CreditTransferred)[] {
  const nobodys = idLike(account, '?');
  const { events }: { readonly events: readonly AccountEvent[] } = decide(
    { ...command, id: nobodys },
    account,
    policy,
    { now: command.at },
  );
  return events.filter(isTransfer);
}

/** Returns an id that no id of the account is derived from. */
function idLike(account: PatronAccount, id: string): string {
  return account.ids.some((use) => use.id.startsWith(id)) ? idLike(account, `${id}?`) : id;
}

function isTransfer(event: AccountEvent): event is FeeTransferred | CreditTransferred {
  return event.type === 'FeeTransferred' || event.type === 'CreditTransferred';
}
