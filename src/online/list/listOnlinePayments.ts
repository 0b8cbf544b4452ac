import { RETRY } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import type { AccountUnreadable } from '../../job/accountFinding.js';
import { everyAccount } from '../../job/job.js';
import { assertBothStores } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentStarted } from '../../office/onlinePayments/onlinePaymentEvents.js';
import { onlinePaymentStatus } from '../../office/onlinePayments/onlinePaymentStatus.js';
import { nameOfKind, streamOfKind } from '../../office/streamKinds.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { everyKeptId, readKept } from '../kept/keptReports.js';
import { type OnlineContext, readOnlinePayment } from '../loadOnlinePayment.js';
import { unlessUnreadable } from '../record/readAccount.js';
import { takenAbove } from '../settle/settleOnlinePart.js';
import type { OnlineStores } from '../start/startOnlinePayment.js';
import {
  type CheckedListForm,
  isReminded,
  type OnlineListForm,
  type OnlineListState,
  onlineListFormSchema,
} from './onlineListForm.js';
import {
  type OnlineAction,
  type OpenFinding,
  openFindingOfKept,
  openFindings,
  recordAfterAll,
} from './openFindings.js';

/** An online payment, or something that was kept, in a list. */
export type OnlineLine = {
  /** The payment; null for something kept that names none. */
  readonly onlinePaymentId: string | null;
  /** What was kept; null for a payment. */
  readonly keptId: string | null;
  /** The patrons; empty for something kept. */
  readonly patronIds: readonly string[];
  /** Its state. */
  readonly state: OnlineListState;
  /** When it was begun, or told first; null if it cannot be read. */
  readonly at: string | null;
  /** What the patron was asked to pay; of something kept, its amount. A decimal string; null if it cannot be read. */
  readonly total: string | null;
  /** What was taken less what went back, a decimal string; null for something kept. */
  readonly taken: string | null;
  /** ISO 4217 code of the amounts; null if it cannot be read. */
  readonly currency: string | null;
  /** What a person must look at, since when, and what the person can do. */
  readonly findings: readonly OpenFinding[];
  /** What a person can do: about the findings, and to take back what was settled. */
  readonly actions: readonly OnlineAction[];
  /** What persons settled of the payment, when and why; of something kept, the audit trail has it. */
  readonly settled: OnlinePayment['settled'];
};

/**
 * Lists online payments and refused parts of reports and payouts, by state, patron, day and finding, with what a person
 * can do about each finding. Records nothing: a finding is listed until a run of the monitor ends it. Reads all online
 * payments of the institution, one by one, or those of one patron.
 *
 * @param stores - the store of the accounts, and the store of the office
 * @param policy - the institution's policy
 * @param form - which payments
 * @returns the payments, then what was kept
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_POLICY`, `INVALID_ARGUMENT`. Later: errors of
 * the stores
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents } from 'patron-fees/office';
 * import { listOnlinePayments, reportOnlinePayment } from 'patron-fees/online';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const stores = { accounts, office };
 * const policy = definePolicy({ currency: 'USD' });
 * const captures = [{ externalTransactionId: 'ch_9', amount: '5.00', currency: 'USD' }];
 * await reportOnlinePayment(stores, policy, { institution: 'north', onlinePaymentId: 'unknown', captures, at });
 *
 * for await (const { state, findings } of listOnlinePayments(stores, policy, { institution: 'north', at })) {
 *   [state, findings[0]?.actions.map(({ does }) => does)]; //=> ['kept', ['tellAnew', 'settle']]
 * }
 * ```
 */
export function listOnlinePayments(
  stores: OnlineStores,
  policy: FeePolicy,
  form: OnlineListForm,
): AsyncGenerator<OnlineLine, void, undefined> {
  assertBothStores(stores);
  const rules = definedPolicy(policy);
  const checked = checkedArgument(onlineListFormSchema, form, 'form');
  const context: OnlineContext = {
    ...stores,
    policy: rules,
    institution: checked.institution,
    retry: RETRY,
  };
  return lines(context, checked);
}

async function* lines(
  context: OnlineContext,
  form: CheckedListForm,
): AsyncGenerator<OnlineLine, void, undefined> {
  const dayOf = localDay(form.timeZone);
  const isListed = (line: OnlineLine): boolean => {
    const day = line.at === null ? null : dayOf(line.at);
    return (
      form.states?.includes(line.state) !== false &&
      (form.codes === undefined || line.findings.some(({ code }) => form.codes?.includes(code))) &&
      (form.from === undefined || (day !== null && day >= form.from)) &&
      (form.through === undefined || (day !== null && day <= form.through)) &&
      (form.remindedAt === undefined || line.findings.some(({ since }) => isReminded(since, form)))
    );
  };
  const ofPatron = new Set<string>();
  for await (const onlinePaymentId of paymentsOf(context, form)) {
    ofPatron.add(onlinePaymentId);
    const line = await paymentLine(context, onlinePaymentId, form);
    if (line !== null && isListed(line)) yield line;
  }
  for (const keptId of await keptIdsOf(context, form)) {
    const line = await keptLine(context, keptId, form);
    if (line === null) continue;
    const isOfPatron = form.patronId === undefined || ofPatron.has(line.onlinePaymentId ?? '');
    if (isOfPatron && isListed(line)) yield line;
  }
}

async function* paymentsOf(
  { office, institution }: OnlineContext,
  { patronId, onlinePaymentId: own, keptId }: CheckedListForm,
): AsyncGenerator<string, void, undefined> {
  if (own !== undefined) yield own;
  if (own !== undefined || keptId !== undefined) return;
  if (patronId === undefined) {
    for await (const stream of everyAccount(office, institution)) {
      const onlinePaymentId = nameOfKind('online', stream);
      if (onlinePaymentId !== null) yield onlinePaymentId;
    }
    return;
  }
  const { events } = await office.read(streamOfKind(institution, 'onlinePatron', patronId));
  for (const { event } of events) yield (event as OnlinePaymentStarted).data.onlinePaymentId;
}

async function keptIdsOf(
  context: OnlineContext,
  { onlinePaymentId, keptId }: CheckedListForm,
): Promise<readonly string[]> {
  if (keptId !== undefined) return [keptId];
  return onlinePaymentId === undefined ? everyKeptId(context) : [];
}

async function paymentLine(
  context: OnlineContext,
  onlinePaymentId: string,
  form: CheckedListForm,
): Promise<OnlineLine | null> {
  const read = await unlessUnreadable(async () => {
    const payment = await readOnlinePayment(context, onlinePaymentId);
    return {
      payment,
      findings: payment === null ? [] : await openFindings(context, payment, form.at, form.askForDays),
    };
  });
  const key = { onlinePaymentId, keptId: null };
  if ('because' in read) return unreadableLine(context, key, read.because, form);
  const { payment, findings } = read;
  if (payment === null) return null;
  const { total, currency, settled } = payment;
  const patronIds = [...new Set(payment.parts.map(({ patronId }) => patronId))];
  const state = onlinePaymentStatus(payment, form.at);
  const amounts = { total, taken: takenAbove(payment), currency };
  const actions = [...findings.flatMap((one) => one.actions), ...recordAfterAll(payment)];
  return { ...key, patronIds, state, at: payment.at, ...amounts, findings, actions, settled };
}

/** Returns the line of what cannot be read: somebody must repair the store first. */
function unreadableLine(
  { institution }: OnlineContext,
  key: Pick<OnlineLine, 'onlinePaymentId' | 'keptId'>,
  { code, message }: AccountUnreadable,
  { at }: CheckedListForm,
): OnlineLine {
  const { onlinePaymentId, keptId } = key;
  const about = { institution, onlinePaymentId, ...(keptId !== null && { keptId }) };
  const findings: readonly OpenFinding[] = [{ ...about, code, message, since: at, actions: [] }];
  const unknown = { patronIds: [], at: null, total: null, taken: null, currency: null, settled: [] };
  return { ...key, ...unknown, state: 'unreadable', findings, actions: [] };
}

async function keptLine(
  context: OnlineContext,
  keptId: string,
  form: CheckedListForm,
): Promise<OnlineLine | null> {
  const read = await unlessUnreadable(async () => ({ kept: await readKept(context, keptId) }));
  if ('because' in read)
    return unreadableLine(context, { onlinePaymentId: null, keptId }, read.because, form);
  const { kept } = read;
  if (kept === null || kept.state === 'recorded') return null;
  const { amount: total, currency } = kept.told;
  const isSettled = kept.state === 'settled';
  const findings = isSettled ? [] : [openFindingOfKept(context.institution, kept)];
  return {
    onlinePaymentId: kept.names[0]?.onlinePaymentId ?? null,
    keptId,
    patronIds: [],
    state: isSettled ? 'settled' : 'kept',
    at: kept.at,
    ...{ total, taken: null, currency },
    findings,
    actions: isSettled ? [{ does: 'reopen', keptId }] : findings.flatMap((one) => one.actions),
    settled: [],
  };
}
