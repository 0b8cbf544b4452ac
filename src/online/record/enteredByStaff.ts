import type { PatronAccount } from '../../account/patronAccount.js';
import type { PaymentReversal } from '../../account/records.js';
import { type OnlinePayment, withOwnIds } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentCaptured,
  OnlinePaymentReturned,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { OnlineContext } from '../loadOnlinePayment.js';
import { type ProviderTransaction, paymentsOf } from './planCapture.js';
import { readAccount, unlessUnreadable } from './readAccount.js';

/** What staff entered in each account of a payment before a return was told, in minor units. */
export type Entered = {
  /** Under the id of the return. */
  readonly own: ReadonlyMap<string, number>;
  /** For its capture, under ids of returns that nobody told yet. */
  readonly untold: ReadonlyMap<string, number>;
};

/** Staff entered nothing. */
export const noneEntered: Entered = { own: new Map(), untold: new Map() };

/** A refund or reversal that names a return. */
export type EnteredRefund = {
  readonly id: string;
  readonly amount: number;
  readonly externalTransactionTotal: number | null;
};

type ReturnIds = Pick<OnlinePaymentReturned['data'], 'externalTransactionId' | 'of'>;

/** Reads what staff entered for a return. An account that cannot be read does not hold it up: its part waits. */
export async function enteredFor(
  context: OnlineContext,
  payment: OnlinePayment,
  returned: ReturnIds,
): Promise<Entered> {
  const { accounts } = await accountsOfPayment(context, payment);
  return enteredIn(accounts, payment, returned);
}

/** Reads the accounts of a payment, save some. */
export async function accountsOfPayment(
  context: OnlineContext,
  { parts }: OnlinePayment,
  except?: string,
): Promise<{
  readonly accounts: ReadonlyMap<string, PatronAccount>;
  /** The accounts that cannot be read. */
  readonly unreadable: readonly string[];
  /** When accounts were purged. */
  readonly purgedAt: ReadonlyMap<string, string>;
}> {
  const accounts = new Map<string, PatronAccount>();
  const purgedAt = new Map<string, string>();
  const unreadable: string[] = [];
  const { institution } = context;
  for (const patronId of new Set(parts.map((part) => part.patronId))) {
    if (patronId === except) continue;
    const read = await unlessUnreadable(() => readAccount(context, { institution, patronId }));
    if (!('account' in read)) {
      unreadable.push(patronId);
      continue;
    }
    accounts.set(patronId, read.account);
    if (read.purgedAt !== undefined) purgedAt.set(patronId, read.purgedAt);
  }
  return { accounts, unreadable, purgedAt };
}

/** Returns what staff entered for a return in some accounts. Pure. */
export function enteredIn(
  accounts: ReadonlyMap<string, PatronAccount>,
  payment: OnlinePayment,
  { externalTransactionId, of }: ReturnIds,
): Entered {
  const { method } = payment;
  const capture = withOwnIds(payment, of);
  const own = new Map<string, number>();
  const untold = new Map<string, number>();
  const isTold = (id: string | null) =>
    id === null ||
    id === externalTransactionId ||
    payment.returns.some((one) => one.externalTransactionId === id);
  for (const [patronId, account] of accounts) {
    const named = withIdOf(account, { method, externalTransactionId }).filter(({ id }) => !isOurs(id));
    own.set(patronId, sumOf(named));
    if (capture === undefined) continue;
    const others = enteredOf(account, capture, patronId).filter((one) => !isTold(one.externalTransactionId));
    untold.set(patronId, sumOf(others));
  }
  return { own, untold };
}

/** Returns the refunds and reversals that staff entered of a capture, of its method. */
function enteredOf(
  account: PatronAccount,
  capture: OnlinePaymentCaptured['data'],
  patronId: string,
): readonly { readonly externalTransactionId: string | null; readonly amount: number }[] {
  const { own, others } = paymentsOf(account, capture);
  const payments = [...(own === undefined ? [] : [own]), ...others];
  const part = capture.accounts.find((one) => one.patronId === patronId);
  const feeIds = new Set(part?.allocations.map(({ feeId }) => feeId));
  const overpaid = new Set(payments.map(({ overpayment }) => overpayment?.creditId));
  // A credit of the payment, or of a fee that it paid.
  const creditIds = new Set(
    account.credits
      .filter(({ creditId, feeId }) => overpaid.has(creditId) || (feeId !== null && feeIds.has(feeId)))
      .map(({ creditId }) => creditId),
  );
  return [
    ...payments.flatMap(({ reversals }) => reversals).filter(({ reversalId }) => !isOurs(reversalId)),
    ...account.refunds.filter(({ creditId, reversed }) => creditIds.has(creditId) && !reversed),
  ].filter(({ method }) => method === capture.method);
}

/** Returns the refunds and reversals of an account that name a return. */
export function withIdOf({ refunds, payments }: PatronAccount, returned: Named): readonly EnteredRefund[] {
  return [
    ...refunds
      .filter((refund) => isNamed(refund, returned) && !refund.reversed)
      .map(({ refundId, ...refund }) => ({ id: refundId, ...refund })),
    ...payments
      .flatMap(({ reversals }) => reversals)
      .filter((reversal) => isNamed(reversal, returned))
      .map(({ reversalId, ...reversal }) => ({ id: reversalId, ...reversal })),
  ];
}

type Named = Pick<ProviderTransaction, 'method' | 'externalTransactionId'>;

/** Returns whether a refund or reversal has the id of a return. */
export function isNamed(
  one: { readonly method: string; readonly externalTransactionId: string | null },
  { method, externalTransactionId }: Named,
): boolean {
  return one.method === method && one.externalTransactionId === externalTransactionId;
}

/** Returns what staff reversed by hand of a capture, with the method of the payment. */
export function reversedByHand(
  account: PatronAccount,
  { method }: OnlinePayment,
  capture: ProviderTransaction,
): readonly PaymentReversal[] {
  const { own, others } = paymentsOf(account, capture);
  return [own, ...others]
    .flatMap((one) => one?.reversals ?? [])
    .filter((one) => one.externalTransactionId === null && one.method === method && !isOurs(one.reversalId));
}

/** Whether a reversal was made by this library for a return. */
export function isOurs(id: string): boolean {
  return id.startsWith('online-return-');
}

export function sumOf(entries: readonly { readonly amount: number }[]): number {
  return entries.reduce((total, { amount }) => total + amount, 0);
}
