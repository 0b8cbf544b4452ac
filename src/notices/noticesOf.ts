import * as v from 'valibot';
import type { Allocation } from '../account/circumstances.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import type { DisputeOutcome } from '../account/events/feeEvents.js';
import { type Fee, owed } from '../account/fee.js';
import { nameField } from '../account/fieldSchemas.js';
import { fold } from '../account/fold.js';
import {
  balancesInMinorUnits,
  findCredit,
  findFee,
  findTransfer,
  type PatronAccount,
  payableFees,
} from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import { type RecordedEvent, streamName } from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { DAY_MS, dateField } from '../input/instant.js';
import { parseAmount } from '../money/money.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import type { NoticeKind, NoticeRule, Notices } from '../policy/notices.js';
import { amountWriter } from '../views/amountWriter.js';
import { blocks } from '../views/blocks.js';
import { codeLabel, feeTypeLabel } from '../views/codeLabel.js';
import { paymentPlan, paymentPlans } from '../views/paymentPlan.js';
import type { Notice } from './notice.js';

/** The patron and the day of the notices, and the notices that the patron already had. */
export type NoticeOptions = {
  /** The institution. */
  readonly institution: string;
  /** The patron. */
  readonly patronId: string;
  /** The patron's user group. */
  readonly group: string;
  /** The day, a local date of the library `YYYY-MM-DD`. Instalments until the day before are overdue. */
  readonly on: string;
  /**
   * The patron's language, such as `de`. One that the policy does not have becomes its first language.
   *
   * @defaultValue the first language of the policy's notices
   */
  readonly language?: string;
  /**
   * What the patron was told already: `told` of earlier notices.
   *
   * @defaultValue nothing
   */
  readonly told?: readonly string[];
};

const optionsSchema = v.strictObject({
  institution: nameField,
  patronId: nameField,
  group: v.string(),
  on: dateField,
  language: v.exactOptional(v.string()),
  told: v.optional(v.array(v.string()), []),
});

/**
 * Returns the notices that a patron has not had yet: first about what happened since the notices began, in order, then
 * those of the day, about payment plans that are behind and about what is owed. Pure: the same events, policy and
 * options give the same notices.
 *
 * Events that were recorded together and differ only in fee and amount make one notice, as do all events of one return,
 * dispute that ends, or cancelled fee. Imported events give no notice, nor does a fine while it grows. Figures of what
 * is owed are as of the last event.
 *
 * @param events - all events of the account, as a store returns them
 * @param policy - the institution's policy, with `notices`; its labels should be in the patron's language
 * @param options - the patron, the day, what was told already
 * @returns the notices; none if the policy has no `notices`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, and if the policy and
 * the account have different currencies; `INVALID_POLICY`; `CORRUPT_HISTORY`
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { noticesOf } from 'patron-fees/jobs';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const rules = [{ kinds: ['charged', 'paid'] }] as const;
 * const policy = definePolicy({ currency: 'USD', notices: { from: '2026-03-01T00:00:00Z', rules } });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * await execute(store, policy, patron, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at },
 *   { type: 'ReceivePayment', id: 'p1', amount: '2', method: 'CASH', at },
 * ]);
 *
 * const { events } = await store.read(patron);
 * const notices = noticesOf(events, policy, { ...patron, group: 'STUDENT', on: '2026-03-02' });
 * notices.map(({ noticeId, amount }) => [noticeId, amount]);
 * //=> [['north/dverma/charged/1', '5.00'], ['north/dverma/paid/2', '2.00']]
 * const told = notices.flatMap((notice) => notice.told);
 * noticesOf(events, policy, { ...patron, group: 'STUDENT', on: '2026-03-02', told }); //=> []
 * ```
 */
export function noticesOf(
  events: readonly RecordedEvent[],
  policy: FeePolicy,
  options: NoticeOptions,
): readonly Notice[] {
  const known = definedPolicy(policy);
  const { institution, patronId, group, on, told, ...given } = checkedArgument(
    optionsSchema,
    options,
    'options',
  );
  const { notices } = known;
  if (notices === undefined || events.length === 0) return [];
  const stream = streamName({ institution, patronId });
  const account = fold(
    events.map(({ event }) => event),
    undefined,
    { stream },
  );
  if (account.currency === null) return [];
  if (account.currency !== known.currency) {
    const figures = { account: account.currency, policy: known.currency };
    const message = 'the account and the policy have different currencies';
    throw new PatronFeesError('INVALID_ARGUMENT', message, figures);
  }
  const rules = notices.rules.filter(({ groups }) => groups === undefined || groups.includes(group));
  const isTold = new Set(told);
  const [first = ''] = notices.languages;
  const language =
    given.language !== undefined && notices.languages.includes(given.language) ? given.language : first;
  const write = amountWriter(account);
  const { payable } = balancesInMinorUnits(account);
  const drafts = [
    ...draftsOfEvents(events, account, known, notices, isTold),
    ...draftsOfBlocks(events, known, { rules, from: notices.from, group, on, stream }),
    ...draftsOfDay(account, known, notices, on),
  ];
  return drafts.flatMap((draft): readonly Notice[] => {
    const { kind, amount, credited, planId, recordedAt, comment, fees } = draft;
    if (isTold.has(draft.told[0] as string)) return [];
    const rule = rules.find((one) => fits(one, draft));
    if (rule === undefined) return [];
    const plan = planId === null ? null : paymentPlan(account, known, { planId, on });
    return [
      {
        noticeId: noticeId(institution, patronId, draft.told),
        kind,
        told: draft.told,
        institution,
        patronId,
        language,
        at: draft.at,
        on: recordedAt === null ? on : null,
        currency: account.currency as string,
        amount: amount === null ? null : write(amount),
        credited: credited === 0 ? null : write(credited),
        fees: fees.map((part) => {
          const { feeId, feeType, item, owner } = feeOf(account, part.feeId);
          return {
            feeId,
            feeType,
            feeTypeLabel: feeTypeLabel(known, feeType),
            title: item?.title ?? null,
            owner,
            amount: part.amount === null ? null : write(part.amount),
            owed: write(owed(feeOf(account, feeId))),
          };
        }),
        instalments: plan === null ? [] : plan.instalments.filter(({ open }) => open !== write(0)),
        methodLabel: draft.methodLabel,
        destinationLabel: draft.destinationLabel,
        reasonLabel: draft.reasonLabel,
        outcome: draft.outcome,
        message: rule.message?.[language] ?? null,
        comment: rule.comments === true ? comment : null,
        payable: write(payable),
      },
    ];
  });

  function fits({ kinds, feeTypes, minimumAmount, from = notices?.from }: NoticeRule, draft: Draft): boolean {
    const { kind, amount, fees, recordedAt } = draft;
    const about = amount ?? fees.reduce((sum, { feeId }) => sum + owed(feeOf(account, feeId)), 0);
    return (
      kinds.includes(kind) &&
      (feeTypes === undefined ||
        fees.some(({ feeId }) => feeTypes.includes(feeOf(account, feeId).feeType))) &&
      (minimumAmount === undefined || about >= parseAmount(minimumAmount, account.minorDigits)) &&
      (recordedAt === null || compareInstants(recordedAt, from as string) >= 0)
    );
  }
}

function feeOf(account: PatronAccount, feeId: string): Fee {
  return findFee(account, feeId) as Fee;
}

function noticeId(institution: string, patronId: string, told: readonly string[]): string {
  const [first = '', ...others] = told;
  const last = others.at(-1);
  const parts = [institution, patronId].map(encodeURIComponent);
  return [...parts, last === undefined ? first : `${first}-${last.replace(/.*\//, '')}`].join('/');
}

/** A notice before a rule is found for it. */
type Draft = NoticePart & {
  readonly told: readonly string[];
  readonly at: string | null;
  readonly recordedAt: string | null;
  readonly comment: string | null;
};

/** Returns the drafts of what happened, in the order of the first event of each. */
function draftsOfEvents(
  events: readonly RecordedEvent[],
  account: PatronAccount,
  policy: FeePolicy,
  { from, rules }: Notices,
  isTold: ReadonlySet<string>,
): readonly Draft[] {
  const earliest = earliestOf(from, rules);
  const recent = events.filter(
    ({ recordedAt, event }) => compareInstants(recordedAt, earliest) >= 0 && !isImported(event),
  );
  const leads = leadsOf(recent.map(({ event }) => event));
  const drafts = new Map<string, Draft>();
  for (const { event, version, recordedAt } of recent) {
    const commandId = event.metadata?.commandId;
    const lead = commandId === undefined ? undefined : leads.get(commandId);
    const part = noticePart(event, account, policy, lead);
    if (part === null || isTold.has(`${part.kind}/${version}`)) continue;
    const { at, comment = null } = event.data;
    const { amount: _amount, fees: _fees, credited: _credited, ...details } = part;
    const key =
      part.kind === lead ? [lead, commandId, recordedAt] : [recordedAt, at, comment, Object.values(details)];
    const draft = { ...part, told: [`${part.kind}/${version}`], at, recordedAt, comment };
    const before = drafts.get(JSON.stringify(key));
    drafts.set(JSON.stringify(key), before === undefined ? draft : joined(before, draft));
  }
  return [...drafts.values()];
}

/** Returns the first instant from which on a rule gives notices. */
function earliestOf(from: string, rules: readonly NoticeRule[]): string {
  return rules
    .map((rule) => rule.from ?? from)
    .reduce((one, other) => (compareInstants(other, one) < 0 ? other : one), from);
}

function isImported({ data }: AccountEvent): boolean {
  return data.by?.channel === 'import';
}

/** Returns two drafts as one: amounts are added, those of the same fee too. */
function joined(one: Draft, other: Draft): Draft {
  const fees = new Map(one.fees.map(({ feeId, amount }) => [feeId, amount]));
  for (const { feeId, amount } of other.fees) {
    const before = fees.get(feeId) ?? null;
    fees.set(feeId, before === null ? amount : before + (amount ?? 0));
  }
  return {
    ...one,
    told: [...one.told, ...other.told],
    amount: one.amount === null ? other.amount : one.amount + (other.amount ?? 0),
    credited: one.credited + other.credited,
    fees: [...fees].map(([feeId, amount]) => ({ feeId, amount })),
    reasonLabel: one.reasonLabel ?? other.reasonLabel,
    outcome: one.outcome ?? other.outcome,
    comment: one.comment ?? other.comment,
  };
}

/** Returns the drafts of the commands after which the patron was blocked, and not before. */
function draftsOfBlocks(
  events: readonly RecordedEvent[],
  policy: FeePolicy,
  {
    rules,
    from,
    group,
    on,
    stream,
  }: {
    readonly rules: readonly NoticeRule[];
    readonly from: string;
    readonly group: string;
    readonly on: string;
    readonly stream: string;
  },
): readonly Draft[] {
  const ofBlocks = rules.filter(({ kinds }) => kinds.includes('blocked'));
  const since = earliestOf(from, ofBlocks);
  const start = events.findIndex(({ recordedAt }) => compareInstants(recordedAt, since) >= 0);
  if (ofBlocks.length === 0 || start < 0) return [];
  const isBlocked = (account: PatronAccount) => blocks(account, policy, { group, on }).blocked;
  const drafts: Draft[] = [];
  const before = events.slice(0, start).map(({ event }) => event);
  let account = fold(before, undefined, { stream });
  let was = isBlocked(account);
  for (const [index, { event, version, recordedAt }] of events.slice(start).entries()) {
    account = fold([event], account, { stream });
    const next = events[start + index + 1];
    const commandId = event.metadata?.commandId;
    if (commandId !== undefined && next?.event.metadata?.commandId === commandId) continue;
    const is = isBlocked(account);
    if (is && !was && !isImported(event))
      drafts.push({
        ...ofNothing('blocked', [`blocked/${version}`]),
        fees: account.fees.filter((fee) => owed(fee) > 0).map(({ feeId }) => ({ feeId, amount: null })),
        at: event.data.at,
        recordedAt,
      });
    was = is;
  }
  // A patron who is not blocked any more is not told of the block.
  return was ? drafts.slice(-1) : [];
}

/** Returns the drafts of a day: plans that are behind, and what is owed in the week or month. */
function draftsOfDay(
  account: PatronAccount,
  policy: FeePolicy,
  { owedEvery }: Notices,
  on: string,
): readonly Draft[] {
  const minor = (amount: string) => parseAmount(amount, account.minorDigits);
  const yesterday = new Date(Date.parse(`${on}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  const behind = paymentPlans(account, policy, { on: yesterday }).flatMap((plan): readonly Draft[] => {
    const missed = plan.instalments.filter(({ dueOn, open }) => dueOn <= yesterday && minor(open) > 0).at(-1);
    if (missed === undefined || minor(plan.behind) === 0) return [];
    const told = `planBehind/${encodeURIComponent(plan.planId)}/${missed.dueOn}`;
    return [
      {
        ...ofNothing('planBehind', [told]),
        amount: minor(plan.behind),
        planId: plan.planId,
        fees: plan.fees.map(({ feeId }) => ({ feeId, amount: null })),
      },
    ];
  });
  const open = payableFees(account);
  if (open.length === 0) return behind;
  const period = owedEvery === 'month' ? on.slice(0, 7) : mondayBefore(on);
  const fees = open.map(({ feeId }) => ({ feeId, amount: null }));
  return [...behind, { ...ofNothing('owed', [`owed/${period}`]), fees }];
}

function ofNothing(kind: Draft['kind'], told: readonly string[]): Draft {
  return {
    ...{ kind, told, fees: [], amount: null, credited: 0, planId: null, at: null, recordedAt: null },
    ...{ comment: null, methodLabel: null, destinationLabel: null, reasonLabel: null, outcome: null },
  };
}

/** Returns the Monday of a day's week. */
function mondayBefore(on: string): string {
  const midnight = Date.parse(`${on}T00:00:00Z`);
  const since = (new Date(midnight).getUTCDay() + 6) % 7;
  return new Date(midnight - since * DAY_MS).toISOString().slice(0, 10);
}

/** What one event adds to a notice. Amounts are in minor units. */
type NoticePart = {
  readonly kind: NoticeKind;
  /** Null if the notice is not about an amount. */
  readonly amount: number | null;
  readonly fees: readonly { readonly feeId: string; readonly amount: number | null }[];
  readonly credited: number;
  readonly planId: string | null;
  readonly methodLabel: string | null;
  readonly destinationLabel: string | null;
  readonly reasonLabel: string | null;
  readonly outcome: DisputeOutcome | null;
};

/**
 * Returns what an event tells its patron; null if it tells nothing, such as a fine that grows and the use of a credit.
 *
 * @param lead - the kind of notice that the command of the event makes: what a return, a dispute that ends or a
 * cancelled fee brings about is part of that notice
 */
function noticePart(
  event: AccountEvent,
  account: PatronAccount,
  policy: FeePolicy,
  lead: NoticeKind | undefined,
): NoticePart | null {
  const minor = (amount: string) => parseAmount(amount, account.minorDigits);
  const parts = (allocations: readonly Allocation[]) =>
    allocations.map(({ feeId, amount }) => ({ feeId, amount: minor(amount) }));
  const named = (feeIds: readonly string[]) => feeIds.map((feeId) => ({ feeId, amount: null }));
  const part = (kind: NoticeKind, more: Partial<NoticePart>): NoticePart => ({ ...NOTHING, ...more, kind });
  const ofFee = (kind: NoticeKind, { feeId, amount }: Allocation, more: Partial<NoticePart> = {}) =>
    part(kind, { amount: minor(amount), fees: parts([{ feeId, amount }]), ...more });
  const waived = (allocation: Allocation, reason: string | undefined) =>
    ofFee(lead ?? 'waived', allocation, {
      reasonLabel: reason === undefined ? null : codeLabel(policy.waiveReasons, reason),
    });
  switch (event.type) {
    case 'FeeAssessed':
      return event.data.accruing === true ? null : ofFee('charged', event.data);
    case 'AccrualEnded': {
      const { original, cancelled } = findFee(account, event.data.feeId) as Fee;
      const amount = original - cancelled;
      return amount <= 0 ? null : part('grown', { amount, fees: [{ feeId: event.data.feeId, amount }] });
    }
    case 'PaymentReceived': {
      const { amount, allocations, overpayment, method } = event.data;
      return part('paid', {
        amount: minor(amount),
        fees: parts(allocations),
        credited: overpayment === undefined ? 0 : minor(overpayment.amount),
        methodLabel: codeLabel(policy.paymentMethods, method),
      });
    }
    case 'PaymentReversed': {
      const { amount, allocations, method } = event.data;
      const methodLabel = codeLabel(policy.paymentMethods, method);
      return part('reversed', { amount: minor(amount), fees: parts(allocations), methodLabel });
    }
    case 'WaiverReversed':
      // Of a fee that is cancelled whole, the waiver becomes part of the cancellation: nothing is owed again.
      return lead === undefined ? ofFee('reversed', event.data) : null;
    case 'CreditCancelled': {
      const credit = findCredit(account, event.data.creditId);
      const feeId = credit?.cause === 'waived' ? credit.feeId : null;
      return feeId === null || lead !== undefined
        ? null
        : ofFee('reversed', { feeId, amount: event.data.amount });
    }
    case 'TransferRecalled': {
      const { transferId, amount, setOff = [] } = event.data;
      const feeId = findTransfer(account, transferId)?.feeId ?? null;
      // What the external system's credits had reversed is not owed again.
      const owedAgain = setOff.reduce((rest, used) => rest - minor(used.amount), minor(amount));
      return feeId === null || owedAgain === 0
        ? null
        : part('reversed', { amount: owedAgain, fees: [{ feeId, amount: owedAgain }] });
    }
    case 'CreditRefunded': {
      const { amount, method } = event.data;
      const methodLabel = codeLabel(policy.paymentMethods, method);
      return part('refunded', { amount: minor(amount), methodLabel });
    }
    case 'RefundReversed':
      return part('refundReversed', { amount: minor(event.data.amount) });
    case 'FeeWaived':
      return waived(event.data, event.data.reason);
    case 'FeeCancelled':
      return event.data.accrual === true ? null : ofFee(lead ?? 'cancelled', event.data);
    case 'LostItemCreditIssued': {
      const { cause, purpose, amount, reason } = event.data;
      if (cause === 'waived') return waived(event.data, reason);
      return ofFee('returned', event.data, { credited: purpose === 'refundable' ? minor(amount) : 0 });
    }
    case 'CreditIssued': {
      const { cause, feeId, amount, purpose, accrual, reason } = event.data;
      if (feeId === undefined || accrual === true) return null;
      if (cause === 'waived') return waived({ feeId, amount }, reason);
      if (cause !== 'cancelled') return null;
      const credited = purpose === 'refundable' ? minor(amount) : 0;
      return ofFee(lead ?? 'cancelled', { feeId, amount }, { credited });
    }
    case 'FeeDisputed':
      return part('disputed', { amount: null, fees: named([event.data.feeId]) });
    case 'DisputeResolved':
      return part('resolved', { fees: named([event.data.feeId]), outcome: event.data.outcome });
    case 'LostItemReturned':
      return part('returned', { fees: named([event.data.feeId]) });
    case 'FeeTransferred': {
      const { destination } = event.data;
      return ofFee('transferred', event.data, {
        destinationLabel: destination === undefined ? null : codeLabel(policy.destinations, destination),
      });
    }
    case 'PaymentPlanAgreed': {
      const { planId, feeIds, instalments } = event.data;
      const amount = instalments.reduce((sum, instalment) => sum + minor(instalment.amount), 0);
      return part('planAgreed', { amount, planId, fees: named(feeIds) });
    }
    case 'FeeIncreased':
    case 'CreditApplied':
    case 'CreditApplicationReversed':
    case 'CreditTransferred':
    case 'SettlementReversed':
    case 'TransferSettled':
    case 'PaymentPlanEnded':
    case 'AccountMerged':
    case 'AccountJoined':
    case 'AccountSeparated':
    case 'AccountPurged':
      return null;
  }
}

const NOTHING: Omit<NoticePart, 'kind'> = {
  amount: 0,
  fees: [],
  credited: 0,
  planId: null,
  methodLabel: null,
  destinationLabel: null,
  reasonLabel: null,
  outcome: null,
};

/** Returns the kinds of notices that commands make of all their events, by the id of the command. */
function leadsOf(events: readonly AccountEvent[]): ReadonlyMap<string, NoticeKind> {
  const leads = new Map<string, NoticeKind>();
  for (const event of events) {
    const commandId = event.metadata?.commandId;
    if (commandId === undefined) continue;
    if (event.type === 'LostItemReturned') leads.set(commandId, 'returned');
    else if (event.type === 'DisputeResolved') leads.set(commandId, 'resolved');
    else if (event.type === 'FeeCancelled' && event.data.accrual !== true && !leads.has(commandId))
      leads.set(commandId, 'cancelled');
  }
  return leads;
}
