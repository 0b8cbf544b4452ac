import * as v from 'valibot';
import type { Channel } from '../../account/circumstances.js';
import { nameField } from '../../account/fieldSchemas.js';
import { permissionFor } from '../../account/permission.js';
import type { StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import type { AccountJobOptions } from '../../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import { type DayPeriod, dayPeriodFields, endsAfterBeginning } from '../../job/period.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ApprovableCommand, PermittedCommand } from '../../policy/permissions.js';
import { type Adjustment, type AdjustmentKind, adjustmentsIn } from './adjustments.js';

/** The days of a report of adjustments, by the time of recording, and the roles of the staff. */
export type AdjustmentsForm = ReportForm &
  DayPeriod & {
    /**
     * The roles of each user; events do not record them.
     *
     * @defaultValue no user has a role
     */
    readonly roles?: Readonly<Record<string, readonly string[]>>;
  };

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
  /** How many are above the limit, or not permitted: the policy or the roles were others then. */
  readonly aboveLimit: number;
  /** The amount above which the policy requires an approval; null if it requires none. */
  readonly approvalAbove: string | null;
};

/** The adjustments of one user, through one channel. */
export type UserAdjustments = AdjustmentSums & {
  /** The user; null if unknown, such as a job. */
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

/** What was waived, cancelled, refunded and lowered in a period. */
export type AdjustmentsReport = JobReport & {
  /** By user, channel, kind and command, in this order. */
  readonly byUser: readonly UserAdjustments[];
  /** By role, kind and command, in this order. */
  readonly byRole: readonly RoleAdjustments[];
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
 * beside the limits and approvals of the policy. Keeps one account at a time and the sums.
 *
 * A patron's own online payment and what jobs do are rows without roles. Undoing is not deducted; but a cancelled fee
 * counts without what was waived of it before, as for the limit of the command.
 *
 * @param stores - the store with the accounts
 * @param policy - the policy whose limits are shown; for an earlier period that of its day: see {@link office.policyInForce | policyInForce}
 * @param form - the institution, the days, the roles of users
 * @param options - callbacks for findings and progress; signal; concurrency; shard
 * @returns the report
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
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
export function runAdjustments(
  stores: JobStores,
  policy: FeePolicy,
  form: AdjustmentsForm,
  options: AccountJobOptions = {},
): Promise<AdjustmentsReport> {
  const job = openJob(stores, policy, options, { form: () => checkedArgument(formSchema, form, 'form') });
  const { from, through, timeZone, roles } = job.form;
  const dayOf = localDay(timeZone);
  const byUser = new Map<string, Sums>();
  const byRole = new Map<string, Sums>();
  const sumsAt = (
    rows: Map<string, Sums>,
    key: readonly [string | null, ...(string | null)[]],
    { kind, command }: Adjustment,
    roles: readonly string[],
  ) => {
    const name = JSON.stringify([...key, kind, command]);
    const sums = rows.get(name) ?? newSums(key, kind, command, roles, job.policy, job.digits);
    rows.set(name, sums);
    return sums;
  };
  const rolesOf = (user: string | null): readonly string[] =>
    user !== null && Object.hasOwn(roles, user) ? (roles[user] as readonly string[]) : [];
  const add = (adjustment: Adjustment) => {
    const { userId: user = null, channel = null } = adjustment.by ?? {};
    const own = rolesOf(user);
    addTo(sumsAt(byUser, [user, channel], adjustment, own), adjustment);
    for (const role of new Set(own)) addTo(sumsAt(byRole, [role], adjustment, [role]), adjustment);
  };
  const read = async (stream: StreamId) => {
    const { account, events, finding } = await job.read(stream);
    if (account.eventCount === 0) return null;
    if (finding !== null) return finding;
    const found = adjustmentsIn(events, job.digits, dayOf).filter(({ day }) => day >= from && day <= through);
    return { found };
  };
  return job.working(
    async () => {
      for await (const { found } of job.eachAccount(read)) found.forEach(add);
    },
    () => ({
      byUser: sorted(byUser).map((sums): UserAdjustments => {
        const [user, channel] = sums.key;
        return {
          user,
          channel: channel as Channel | null,
          roles: sums.roles,
          ...figuresOf(sums, job.digits),
        };
      }),
      byRole: sorted(byRole).map(
        (sums): RoleAdjustments => ({ role: sums.key[0] as string, ...figuresOf(sums, job.digits) }),
      ),
      accounts: job.done(),
    }),
  );
}

/** The sums of a row, in minor units, and the rules that they are compared with. */
type Sums = {
  readonly key: readonly [string | null, ...(string | null)[]];
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

function newSums(
  key: Sums['key'],
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
  return { key, roles, rules, limitMinor, count: 0, sum: 0n, largest: 0, approved: 0, above: 0 };
}

function addTo(sums: Sums, { amount, isApproved }: Adjustment): void {
  sums.count += 1;
  sums.sum += BigInt(amount);
  sums.largest = Math.max(sums.largest, amount);
  sums.approved += Number(isApproved);
  sums.above += Number(amount > sums.limitMinor);
}

function figuresOf({ rules, count, sum, largest, approved, above }: Sums, digits: number): AdjustmentSums {
  const amount = formatAmount(sum, digits);
  return { ...rules, count, amount, largest: formatAmount(largest, digits), approved, aboveLimit: above };
}

function sorted(rows: ReadonlyMap<string, Sums>): readonly Sums[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => sums);
}
