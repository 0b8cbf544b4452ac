import type { AccountEvent } from '../account/events/accountEvent.js';
import { owed } from '../account/fee.js';
import { fold } from '../account/fold.js';
import { type PatronAccount, payableFees } from '../account/patronAccount.js';
import type { RecordedEvent } from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import { DAY_MS } from '../input/instant.js';
import { parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { NoticeRule, Notices } from '../policy/notices.js';
import { blocks } from '../views/blocks.js';
import { paymentPlans } from '../views/paymentPlan.js';
import { leadsOf, type NoticePart, noticePart } from './noticePart.js';

/** A notice before a rule is found for it. */
export type Draft = NoticePart & {
  readonly told: readonly string[];
  readonly at: string | null;
  readonly recordedAt: string | null;
  readonly comment: string | null;
};

/** Returns the drafts of what happened, in the order of the first event of each. */
export function draftsOfEvents(
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
export function draftsOfBlocks(
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
export function draftsOfDay(
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
