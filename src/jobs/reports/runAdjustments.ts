import * as v from 'valibot';
import type { Channel, RecordedActor } from '../../account/circumstances.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { nameField } from '../../account/fieldSchemas.js';
import { permissionFor } from '../../account/permission.js';
import type { EventStore, NamedStream, RecordedEvent, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import { type StreamFinding, unreadable } from '../../job/accountFinding.js';
import { everyAccount, type JobOptions } from '../../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import { type DayPeriod, dayPeriodFields, endsAfterBeginning } from '../../job/period.js';
import type { FindingOptions } from '../../job/tallies.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { streamOfKind } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ApprovableCommand, PermittedCommand } from '../../policy/permissions.js';
import {
  approvalOf,
  givenInOffice,
  hasApprovals,
  type OfficeApproval,
  officeCommands,
  purgesIn,
} from './officeCommands.js';
import { type GivenAmount, type SplitCommands, splitCommands, staffUsers } from './splitCommands.js';

/** The kinds of adjustments. */
export const adjustmentKinds = [
  'waived',
  'writtenOff',
  'cancelled',
  'refunded',
  'reversed',
  'lowered',
  'goodwill',
] as const satisfies readonly AdjustmentKind[];

/**
 * Why a patron owes less, or got something back, without having paid: somebody decided it.
 *
 * - `waived`, `writtenOff`: a waiver, by the kind of its reason, also one that became a credit.
 * - `cancelled`: a fee was cancelled: the amount that is no longer owed, and the credit for what was paid.
 * - `refunded`: a credit was paid out.
 * - `reversed`: a payment was undone.
 * - `lowered`: a lower total of a growing fine was reported: the amount that is no longer owed, and the credit for what
 *   was paid.
 * - `goodwill`: a credit that staff issued.
 */
export type AdjustmentKind =
  | 'waived'
  | 'writtenOff'
  | 'cancelled'
  | 'refunded'
  | 'reversed'
  | 'lowered'
  | 'goodwill';

/** What one command adjusted, of one kind. */
type Adjustment = {
  readonly kind: AdjustmentKind;
  /** The command whose permission is asked; null if none is: circulation computes it. */
  readonly command: PermittedCommand | null;
  readonly by: RecordedActor | null;
  readonly isApproved: boolean;
  readonly day: string;
  readonly recordedAt: string;
  readonly commandId: string | undefined;
  /** In minor units. */
  readonly amount: number;
};

/** Returns what the commands of an account adjusted. The events of one command follow each other. */
export function adjustmentsIn(
  recorded: readonly RecordedEvent[],
  digits: number,
  dayOf: (at: string) => string,
): readonly Adjustment[] {
  const found: (Adjustment & { amount: number })[] = [];
  let resolved: string | undefined;
  // What the cancellation of a fee undoes of its waivers comes before it, and was given up before.
  let undone = { commandId: undefined as string | undefined, amount: 0 };
  for (const { event, recordedAt } of recorded) {
    const commandId = event.metadata?.commandId;
    if (event.type === 'DisputeResolved') resolved = commandId;
    if (event.metadata === undefined || undone.commandId !== commandId) undone = { commandId, amount: 0 };
    if (event.type === 'WaiverReversed' || event.type === 'CreditCancelled')
      undone.amount += parseAmount(event.data.amount, digits);
    const kind = kindOf(event);
    if (kind === null) continue;
    const given = parseAmount((event.data as { readonly amount: string }).amount, digits);
    const amount = event.type === 'FeeCancelled' ? given - undone.amount : given;
    const same = found.find(
      (other) => commandId !== undefined && other.commandId === commandId && other.kind === kind,
    );
    if (same !== undefined) {
      same.amount += amount;
      continue;
    }
    const isResolution = resolved !== undefined && resolved === commandId;
    const { by = null, approvedBy } = event.data;
    const isApproved = approvedBy !== undefined;
    const command = isResolution ? 'ResolveDispute' : commands[kind];
    found.push({ kind, command, by, isApproved, day: dayOf(recordedAt), recordedAt, amount, commandId });
  }
  return found.filter(({ amount }) => amount > 0);
}

const commands: Readonly<Record<AdjustmentKind, PermittedCommand | null>> = {
  waived: 'WaiveFees',
  writtenOff: 'WaiveFees',
  cancelled: 'CancelFee',
  refunded: 'RefundCredit',
  reversed: 'ReversePayment',
  lowered: null,
  goodwill: 'IssueCredit',
};

function kindOf({ type, data }: AccountEvent): AdjustmentKind | null {
  switch (type) {
    case 'FeeWaived':
      return data.writeOff === true ? 'writtenOff' : 'waived';
    case 'LostItemCreditIssued':
      if (data.cause !== 'waived') return null;
      return data.writeOff === true ? 'writtenOff' : 'waived';
    case 'CreditIssued':
      if (data.cause === 'manual') return 'goodwill';
      if (data.cause === 'waived') return data.writeOff === true ? 'writtenOff' : 'waived';
      if (data.cause !== 'cancelled') return null;
      return data.accrual === true ? 'lowered' : 'cancelled';
    case 'FeeCancelled':
      return data.accrual === true ? 'lowered' : 'cancelled';
    case 'CreditRefunded':
      return 'refunded';
    case 'PaymentReversed':
      return 'reversed';
    default:
      return null;
  }
}

/** What adjustments of one kind come to. Amounts are decimal strings. */
export type AdjustmentSums = {
  /** What was done. */
  readonly kind: AdjustmentKind;
  /** The command that did it; null for `lowered`, which circulation computes. */
  readonly command: PermittedCommand | null;
  /** The number of commands. */
  readonly count: number;
  /** Their sum. */
  readonly amount: string;
  /** The largest one. */
  readonly largest: string;
  /** How many of them somebody else approved. */
  readonly approved: number;
  /** The highest amount of one command that the policy permits; null without a limit, or if it is not permitted. */
  readonly limit: string | null;
  /** Whether the policy permits it at all. */
  readonly permitted: boolean;
  /**
   * How many are above the limit or not permitted, because the policy or the roles were different when they were
   * recorded.
   */
  readonly aboveLimit: number;
  /** The amount above which the policy requires an approval; null if it requires none. */
  readonly approvalAbove: string | null;
};

/** The sums of a row, in minor units, and the rules that they are compared with. */
export type Sums = {
  readonly head: readonly [string | null, ...(string | null)[]];
  readonly roles: readonly string[];
  readonly rules: Pick<AdjustmentSums, 'kind' | 'command' | 'limit' | 'permitted' | 'approvalAbove'>;
  /** The highest amount that is permitted. */
  readonly limitMinor: number;
  count: number;
  sum: bigint;
  largest: number;
  approved: number;
  above: number;
};

export function newSums(
  head: Sums['head'],
  kind: AdjustmentKind,
  command: PermittedCommand | null,
  roles: readonly string[],
  policy: FeePolicy,
  digits: number,
): Sums {
  const free = { permitted: true, limit: null };
  const { permitted, limit } = command === null ? free : permissionFor(policy, command, roles);
  const approvalAbove = policy.approvals?.[command as ApprovableCommand]?.above ?? null;
  const highest = limit === null ? Number.POSITIVE_INFINITY : parseAmount(limit, digits);
  const rules = { kind, command, limit, permitted, approvalAbove };
  const limitMinor = permitted ? highest : 0;
  return { head, roles, rules, limitMinor, count: 0, sum: 0n, largest: 0, approved: 0, above: 0 };
}

export function addTo(sums: Sums, { amount, isApproved }: Adjustment): void {
  sums.count += 1;
  sums.sum += BigInt(amount);
  sums.largest = Math.max(sums.largest, amount);
  sums.approved += Number(isApproved);
  sums.above += Number(amount > sums.limitMinor);
}

export function figuresOf(
  { rules, count, sum, largest, approved, above }: Sums,
  digits: number,
): AdjustmentSums {
  const amount = formatAmount(sum, digits);
  return { ...rules, count, amount, largest: formatAmount(largest, digits), approved, aboveLimit: above };
}

export function sorted(rows: ReadonlyMap<string, Sums>): readonly Sums[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => sums);
}

/** The days of a report of adjustments, by the time of recording, and the roles of the staff. */
export type AdjustmentsForm = ReportForm &
  DayPeriod & {
    /**
     * The roles of each user; events do not record them. Users are compared without case, outer blanks and Unicode
     * form.
     *
     * @defaultValue no user has a role
     */
    readonly roles?: Readonly<Record<string, readonly string[]>>;
  };

/** The adjustments of one user, through one channel. */
export type UserAdjustments = AdjustmentSums & {
  /** The user, as the form spells them, else as first met; null if unknown, such as a job. */
  readonly user: string | null;
  /** The channel; null if unknown. */
  readonly channel: Channel | null;
  /** The roles of the user, from the form. */
  readonly roles: readonly string[];
};

/** The adjustments of all users with a role. A user with two roles is in both. */
export type RoleAdjustments = AdjustmentSums & {
  /** The role. */
  readonly role: string;
};

/** The limits of a user are unknown, because the form has no roles for them: what they split is not found. */
export type RolesUnknown = {
  /** The institution. */
  readonly institution: string;
  /** Always this. */
  readonly code: 'ROLES_UNKNOWN';
  /** The user. */
  readonly user: string;
  /** The finding in one sentence. */
  readonly message: string;
};

/** A finding of a report of adjustments. */
export type AdjustmentsFinding = StreamFinding | RolesUnknown;

/** The options of a report of adjustments. */
export type AdjustmentsOptions = JobOptions & FindingOptions<AdjustmentsFinding>;

/** What was waived, cancelled, refunded and lowered in a period. */
export type AdjustmentsReport = JobReport<AdjustmentsFinding> & {
  /** By user, channel, kind and command, in this order. */
  readonly byUser: readonly UserAdjustments[];
  /** By role, kind and command, in this order. */
  readonly byRole: readonly RoleAdjustments[];
  /** The commands of the office that another user approved; empty without the store of the office. */
  readonly approvals: readonly OfficeApproval[];
  /**
   * Commands that are above a limit of the policy only together: those of one type by one user within 24 hours, in one
   * account, or for one item of the office, such as the session of a till or a deposit.
   */
  readonly splits: readonly SplitCommands[];
  /** The number of accounts. */
  readonly accounts: number;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...reportFormFields,
    ...dayPeriodFields,
    roles: v.optional(v.record(nameField, v.array(nameField)), {}),
  }),
  endsAfterBeginning(),
);

/**
 * Reports what was waived, written off, cancelled, refunded, reversed and lowered, and goodwill, by user and by role,
 * beside the limits and approvals of the policy; and what was divided into parts that are each within a limit. With the
 * store of the office also what was approved there. Keeps in memory one account at a time, the sums, and what was
 * approved and divided.
 *
 * A patron's own online payment and what jobs do are rows without roles. If an adjustment is undone, it still counts. A
 * cancelled fee counts without what was waived of it before, as for the limit of the command.
 *
 * @param stores - the store with the accounts; also the office's store, if the report lists the commands of the office
 * @param policy - the policy whose limits are shown; for an earlier period, the policy of that time: see
 * {@link office.policyInForce | policyInForce}
 * @param form - the institution, the days, the roles of users
 * @param options - callbacks for findings and progress; signal; concurrency; shard
 * @returns the report
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runAdjustments } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', permissions: { WaiveFees: { CLERK: { upTo: '10.00' } } } });
 * const by = { channel: 'desk', userId: 'ana', roles: ['CLERK'] } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '8.00', owner: 'MAIN', at },
 *   { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1' }], reason: 'OTHER', at, by },
 * ]);
 *
 * const days = { institution: 'north', timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' };
 * const { byUser, byRole } = await runAdjustments(store, policy, { ...days, roles: { ana: ['CLERK'] } });
 * byUser.map(({ user, kind, amount, limit, aboveLimit }) => [user, kind, amount, limit, aboveLimit]);
 * //=> [['ana', 'waived', '8.00', '10.00', 0]]
 * byRole.map(({ role, kind, count, largest }) => [role, kind, count, largest]); //=> [['CLERK', 'waived', 1, '8.00']]
 * ```
 */
export async function runAdjustments(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: AdjustmentsForm,
  options: AdjustmentsOptions = {},
): Promise<AdjustmentsReport> {
  const job = openJob<v.InferOutput<typeof formSchema>, EventStore, OfficeStore, AdjustmentsFinding>(
    stores,
    policy,
    options,
    { form: () => checkedArgument(formSchema, form, 'form') },
  );
  const { currency, digits, office } = job;
  const { institution, from, through, timeZone } = job.form;
  const users = staffUsers(job.form.roles);
  const dayOf = localDay(timeZone);
  const isListed = ({ day }: { readonly day: string }) => day >= from && day <= through;
  const byUser = new Map<string, Sums>();
  const byRole = new Map<string, Sums>();
  const approvals: OfficeApproval[] = [];
  const splits: SplitCommands[] = [];
  const withoutRoles = new Map<string, string>();
  const sumsAt = (
    rows: Map<string, Sums>,
    key: readonly [string | null, ...(string | null)[]],
    { kind, command }: Adjustment,
    roles: readonly string[],
    head: Sums['head'] = key,
  ) => {
    const name = JSON.stringify([...key, kind, command]);
    const sums = rows.get(name) ?? newSums(head, kind, command, roles, job.policy, digits);
    rows.set(name, sums);
    return sums;
  };
  const add = (adjustment: Adjustment) => {
    const { userId, channel = null } = adjustment.by ?? {};
    const own = users.rolesOf(userId);
    const head = [users.nameOf(userId), channel] as const;
    addTo(sumsAt(byUser, [users.keyOf(userId), channel], adjustment, own, head), adjustment);
    for (const role of own) addTo(sumsAt(byRole, [role], adjustment, [role]), adjustment);
  };
  const addGiven = (given: readonly GivenAmount[], place: Place) => {
    splits.push(...splitCommands(given, place, job.policy, digits, users));
    for (const { command, userId } of given) {
      const key = users.keyOf(userId);
      if (key === null || users.isKnown(userId) || !hasLimit(job.policy, command)) continue;
      withoutRoles.set(key, users.nameOf(userId) as string);
    }
  };
  /** Returns the approved purges of an account that the office does not have. */
  const purgesOf = async ({ patronId }: StreamId, events: readonly RecordedEvent[]) => {
    const purges = purgesIn(events, dayOf).filter((one) => one.approvedBy !== undefined && isListed(one));
    if (office === undefined || purges.length === 0) return [];
    const stream = streamOfKind(institution, 'purges', patronId);
    const recorded = officeCommands(stream, (await office.read(stream)).events, dayOf);
    const known = new Set(recorded.map(({ commandId }) => commandId));
    return purges
      .filter(({ commandId }) => !known.has(commandId))
      .flatMap((one) => approvalOf(stream, one, users.nameOf));
  };
  const ofAccount = async (stream: StreamId) => {
    const { account, events, finding } = await job.read(stream);
    if (account.eventCount === 0) return null;
    if (finding !== null) return finding;
    const found = adjustmentsIn(events, digits, dayOf).filter(isListed);
    return { patronId: stream.patronId, found, purges: await purgesOf(stream, events) };
  };
  /** Yields the streams of the office that have commands. */
  async function* officeStreams(store: OfficeStore): AsyncGenerator<NamedStream> {
    for await (const stream of everyAccount(store, institution, options.shard))
      if (hasApprovals(stream)) yield stream;
  }
  const readOffice = async (store: OfficeStore) => {
    for await (const stream of officeStreams(store)) {
      try {
        const { events } = await store.read(stream);
        const found = officeCommands(stream, events, dayOf).filter(isListed);
        approvals.push(...found.flatMap((one) => approvalOf(stream, one, users.nameOf)));
        const other = found.find((one) => one.currency !== null && one.currency !== currency);
        if (other === undefined)
          addGiven(found.flatMap(givenInOffice), { patronId: null, office: stream.stream });
        else {
          const message = `the stream is in ${other.currency}, the policy in ${currency}`;
          await job.found({ ...stream, code: 'OTHER_CURRENCY', message });
        }
      } catch (error) {
        await job.found(unreadable(stream, error));
      }
    }
  };
  return job.working(
    async () => {
      for await (const { patronId, found, purges } of job.eachAccount(ofAccount)) {
        found.forEach(add);
        approvals.push(...purges);
        addGiven(found.flatMap(givenIn), { patronId, office: null });
      }
      if (office !== undefined) await readOffice(office);
      for (const [, user] of [...withoutRoles].sort()) {
        const message = `the form has no roles of ${user}: commands that are above a limit only together are not found`;
        await job.found({ institution, code: 'ROLES_UNKNOWN', user, message });
      }
    },
    () => ({
      byUser: sorted(byUser).map((sums): UserAdjustments => {
        const [user, channel] = sums.head;
        return { user, channel: channel as Channel | null, roles: sums.roles, ...figuresOf(sums, digits) };
      }),
      byRole: sorted(byRole).map(
        (sums): RoleAdjustments => ({ role: sums.head[0] as string, ...figuresOf(sums, digits) }),
      ),
      approvals,
      splits,
      accounts: job.done(),
    }),
  );
}

type Place = Pick<SplitCommands, 'patronId' | 'office'>;

/** Returns whether a role has a limit for a command. */
function hasLimit({ permissions }: FeePolicy, command: PermittedCommand): boolean {
  return Object.values(permissions?.[command] ?? {}).some(({ upTo }) => upTo !== undefined);
}

/** Returns what a member of staff adjusted; nothing for patrons and what circulation computes. */
function givenIn({ command, by, ...adjustment }: Adjustment): readonly GivenAmount[] {
  const isStaff = by?.channel !== 'online' && by?.channel !== 'selfCheck';
  return command !== null && isStaff ? [{ ...adjustment, command, item: null, userId: by?.userId }] : [];
}
