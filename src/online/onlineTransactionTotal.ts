import { nameField } from '../account/fieldSchemas.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { assertBothStores } from '../job/jobStores.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { amountIn, captureOf } from '../office/onlinePayments/onlinePayment.js';
import { accountsOf } from '../patron/accountsOf.js';
import type { TransactionTotal } from '../patron/payPatron.js';
import { readOnlinePayment } from './loadOnlinePayment.js';
import { knownTransaction } from './ownTransaction.js';
import { paymentsOf } from './record/planCapture.js';
import type { OnlineStores } from './start/startOnlinePayment.js';

/**
 * Returns the option `transactionTotal` of the services for clients of Alma and SIP2 terminals, for portals that start
 * an online payment here and also post it through such a service. No more is recorded of a transaction than the
 * provider took for the patron (without the service fee, and without the parts of other patrons), however a client
 * splits the payment and repeats its calls. Report the capture first
 * ({@link reportOnlinePayment}): before that, the total of the transaction is unknown.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param institution - the institution
 * @returns a function that returns the total of a transaction; undefined if no capture has its id
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid institution. The function throws errors of the
 * stores
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { onlineTransactionTotal } from 'patron-fees/online';
 *
 * const now = () => '2026-03-02T09:00:00Z';
 * const stores = { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
 * const transactionTotal = onlineTransactionTotal(stores, 'north');
 * await transactionTotal({ patronId: 'dverma', method: 'ONLINE', externalTransactionId: 'ch_1' }); //=> undefined
 * ```
 */
export function onlineTransactionTotal(stores: OnlineStores, institution: string): TransactionTotal {
  assertBothStores(stores);
  checkedArgument(nameField, institution, 'institution');
  const { accounts, office } = stores;
  return async ({ patronId, ...transaction }) => {
    const event = await knownTransaction({ office, institution }, 'capture', transaction);
    if (event === undefined) return undefined;
    // The division of the copy is not final.
    const payment = await readOnlinePayment({ office, institution }, event.data.onlinePaymentId);
    const capture = payment && captureOf(payment, event.data.externalTransactionId);
    if (!capture) return undefined;
    const joined = await accountsOf(accounts, { institution, patronId });
    const ids = new Set(joined.map((account) => account.patronId));
    const own = capture.accounts.filter((account) => ids.has(account.patronId));
    if (own.length === 0) return undefined;
    const elsewhere = joined
      .flatMap(({ account }) => paymentsOf(account, capture).all)
      .filter((payment) => payment.externalTransactionId !== transaction.externalTransactionId)
      .reduce((sum, { amount }) => sum + amount, 0);
    return formatAmount(Math.max(0, amountIn(own) - elsewhere), digitsOf(capture.currency));
  };
}
