import * as v from 'valibot';
import type { Approver, CommandActor } from '../account/circumstances.js';
import {
  approverField,
  commandActorField,
  commandIdField,
  nameField,
  textField,
} from '../account/fieldSchemas.js';
import type { ReadAppendStore } from '../history/eventStore.js';
import type { ExecuteOptions } from '../history/execute.js';
import { loadAccount } from '../history/loadAccount.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { onlyFields } from '../input/plainObject.js';
import { amountSchema } from '../money/amountSchema.js';
import { digitsOf } from '../money/currency.js';
import { parseAmount } from '../money/money.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { type PaymentOrder, paymentOrders } from '../policy/paymentOrder.js';
import type { JoinedAccount } from './accountsOf.js';
import { type HouseholdPaid, payAccounts } from './payAccounts.js';

/** One payment for the fees of several patrons. */
export type HouseholdPayment = {
  /** The institution of the patrons. */
  readonly institution: string;
  /** The patrons, each once; the payer first. What is paid above what all of them owe becomes the payer's credit. */
  readonly patronIds: readonly string[];
  /** The id of the payment in each account. Sending the same payment again finishes it, and never pays twice. */
  readonly id: string;
  /** When it was paid: ISO 8601 with a zone. */
  readonly at: string;
  /** The amount, a decimal string. */
  readonly amount: string;
  /** A payment method of the policy. */
  readonly method: string;
  /**
   * In which order fees are paid, over all accounts together. Oldest and newest go by the time of the assessment.
   *
   * @defaultValue the policy's payment order
   */
  readonly order?: PaymentOrder;
  /**
   * Whether a payment above what all of them owe is refused, or the excess becomes a credit of the payer.
   *
   * @defaultValue the policy's `overpayment`
   */
  readonly overpayment?: 'refuse' | 'credit';
  /**
   * Who records it; the roles are compared with the policy's permission of `ReceivePayment`, and never recorded. Limits
   * and approvals are about the whole amount.
   *
   * @defaultValue unknown
   */
  readonly by?: CommandActor;
  /**
   * Who approves it, if the policy requires an approval of its amount.
   *
   * @defaultValue nobody
   */
  readonly approvedBy?: Approver;
  /**
   * The payment provider's transaction id, recorded in each account.
   *
   * @defaultValue none
   */
  readonly externalTransactionId?: string;
  /**
   * What the whole transaction pays in these accounts, without a service fee: a decimal string. Then its other parts
   * may be under other ids, and never more than the total is recorded.
   *
   * @defaultValue unknown: the payment is the whole transaction, or the rest of one with smaller parts
   */
  readonly externalTransactionTotal?: string;
  /**
   * A reference of your choice, e.g. a cheque number.
   *
   * @defaultValue none
   */
  readonly reference?: string;
  /**
   * A comment that the patrons may see.
   *
   * @defaultValue none
   */
  readonly comment?: string;
};

/** The present time, and how to retry. */
export type HouseholdPaymentOptions = Pick<ExecuteOptions, 'retry' | 'now'>;

/** Returns the schema of a payment in a currency with `digits` decimals. */
function formSchema(digits: number) {
  const amount = amountSchema(digits);
  return onlyFields({
    institution: nameField,
    patronIds: v.pipe(
      v.array(nameField),
      v.check((ids) => ids.length > 0, 'at least one'),
      v.check((ids) => new Set(ids).size === ids.length, 'each named once'),
    ),
    id: commandIdField,
    at: instantField,
    amount,
    method: nameField,
    order: v.exactOptional(v.picklist(paymentOrders)),
    overpayment: v.exactOptional(v.picklist(['refuse', 'credit'], 'refuse or credit')),
    by: v.exactOptional(commandActorField),
    approvedBy: v.exactOptional(approverField(amount)),
    externalTransactionId: v.exactOptional(nameField),
    externalTransactionTotal: v.exactOptional(amount),
    reference: v.exactOptional(textField),
    comment: v.exactOptional(textField),
  });
}

/**
 * Records one payment for the fees of several patrons: a family, or patrons with one guarantor. Each account receives
 * its part as a payment with the same id, method and external transaction.
 *
 * The accounts are written one after the other, the payer's last. After an interruption, the same call finishes the
 * payment: recorded parts are unchanged, and the rest is divided over the other accounts. Once a part is recorded, what
 * exceeds the remaining debt becomes the payer's credit, even if the policy refuses overpayments.
 *
 * What one account would refuse is refused before a part is recorded, and so is what the actor's roles do not allow for
 * the whole amount.
 *
 * A payment under another id is a repeat if the accounts have recorded the whole amount of its external transaction. It
 * is refused if they have recorded a part that may belong to this payment.
 *
 * Send a payment again only after the previous call has ended. If two calls with one payment run at the same time, and
 * another program changes what is owed between their reads, the parts can exceed the amount. The later call then throws
 * `INVALID_ARGUMENT` with the sum, and a part has to be reversed.
 *
 * @param store - the store with the events
 * @param policy - the institution's policy
 * @param payment - the patrons and the payment
 * @param options - how to retry
 * @returns the part of each patron; or the rejection, one of {@link index.ReceivePayment | ReceivePayment}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid payment, or one whose id is
 * that of another payment; `VERSION_CONFLICT` if other writers were first at every attempt; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { payHousehold } from 'patron-fees/patrons';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const institution = 'north';
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * const patronIds = ['mother', 'child'];
 * for (const patronId of patronIds) await execute(store, policy, { institution, patronId }, fee);
 * const payment = { institution, patronIds, id: 'p1', amount: '8', method: 'CASH', at };
 * await payHousehold(store, policy, payment);
 * //=> { accepted: true, parts: [{ patronId: 'mother', amount: '5.00' }, { patronId: 'child', amount: '3.00' }] }
 * ```
 */
export async function payHousehold(
  store: ReadAppendStore,
  policy: FeePolicy,
  payment: HouseholdPayment,
  options: HouseholdPaymentOptions = {},
): Promise<HouseholdPaid> {
  const rules = definedPolicy(policy);
  const digits = digitsOf(rules.currency);
  const form = checkedArgument(formSchema(digits), payment, 'payment');
  const { institution, patronIds, externalTransactionTotal: said, ...shared } = form;
  const accounts: JoinedAccount[] = [];
  for (const patronId of patronIds) {
    const loaded = await loadAccount(store, { institution, patronId });
    accounts.push({ institution, patronId, ...loaded });
  }
  const context = { store, policy: rules, institution, how: options };
  const total = said === undefined ? undefined : parseAmount(said, digits);
  return payAccounts(context, accounts, { ...shared, amount: parseAmount(form.amount, digits), total });
}
