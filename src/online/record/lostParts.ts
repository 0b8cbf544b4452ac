import type { PatronAccount } from '../../account/patronAccount.js';
import { compareInstants } from '../../history/instants.js';
import { type OnlinePayment, units } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentRecorded,
  OnlinePaymentReturned,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineContext } from '../loadOnlinePayment.js';
import { accountsOfPayment, isNamed, isOurs, recordedOf, sumOf } from './enteredByStaff.js';
import { recordedAmount } from './planCapture.js';

/** The accounts of a payment. */
type Accounts = Awaited<ReturnType<typeof accountsOfPayment>>;

/** What the office has as recorded of a part. */
type Recorded = OnlinePaymentRecorded['data'];

/**
 * Returns what the office has as recorded and an account does not have: it was restored from an older backup. Not what was
 * purged, nor what is in an account that cannot be read. Pure.
 */
export function lostParts(payment: OnlinePayment, accounts: Accounts): readonly Recorded[] {
  return payment.recorded.filter((one) => {
    const account = accounts.accounts.get(one.patronId);
    const purgedAt = accounts.purgedAt.get(one.patronId);
    if (account === undefined || (purgedAt !== undefined && compareInstants(one.at, purgedAt) <= 0))
      return false;
    return one.kind === 'capture'
      ? isCaptureLost(payment, one, account)
      : isReturnLost(payment, one, account, accounts);
  });
}

/** Whether an account lost its part of a capture or of a return. */
export async function isLost(
  context: OnlineContext,
  payment: OnlinePayment,
  part: Pick<Recorded, 'kind' | 'externalTransactionId' | 'patronId'>,
): Promise<boolean> {
  return lostParts(payment, await accountsOfPayment(context, payment)).some(
    (one) =>
      one.kind === part.kind &&
      one.externalTransactionId === part.externalTransactionId &&
      one.patronId === part.patronId,
  );
}

// Only what no later event of an account removes is counted: a payment that was reversed is there.

function isCaptureLost(payment: OnlinePayment, recorded: Recorded, account: PatronAccount): boolean {
  const { externalTransactionId: id, amount } = recorded;
  const capture = payment.captures.find((one) => one.externalTransactionId === id);
  return recordedAmount(account, capture as OnlinePaymentCaptured['data']) < units(amount);
}

function isReturnLost(
  payment: OnlinePayment,
  { externalTransactionId, amount, byOthers = '0' }: Recorded,
  account: PatronAccount,
  { accounts, unreadable }: Accounts,
): boolean {
  const returned = payment.returns.find(
    (one) => one.externalTransactionId === externalTransactionId,
  ) as OnlinePaymentReturned['data'];
  const own = sumOf(recordedOf(account, returned));
  if (own < units(amount) - units(byOthers)) return true;
  if (own >= units(amount) || unreadable.length > 0) return false;
  const entered = [...accounts.values()].flatMap(({ refunds, payments }) => [
    ...refunds.filter((one) => isNamed(one, returned)),
    ...payments
      .flatMap(({ reversals }) => reversals)
      .filter((one) => one.method === payment.method && !isOurs(one.reversalId)),
  ]);
  return own + sumOf(entered) < units(amount);
}
