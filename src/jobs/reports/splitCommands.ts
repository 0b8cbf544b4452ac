import { permissionFor } from '../../account/permission.js';
import { type Columns, type CsvOptions, csvText } from '../../job/csv.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ApprovableCommand, PermittedCommand } from '../../policy/permissions.js';
import type { StaffUsers } from './staffUsers.js';

/**
 * Commands of one user within a day, in one account or one stream of the office. Each is within a limit, but together
 * they exceed it: perhaps one command was divided into parts.
 */
export type SplitCommands = {
  /** The day on which they were recorded, `YYYY-MM-DD`. */
  readonly day: string;
  /** The user. */
  readonly user: string;
  /** The type of the commands. */
  readonly command: PermittedCommand;
  /** The patron of the account; null in the office. */
  readonly patronId: string | null;
  /** The stream of the office, e.g. `till:CIRC` or `bank:GIRO`; null in an account. */
  readonly office: string | null;
  /**
   * What they are above: `limit`, the highest amount that the roles of the user permit; `approval`, the highest amount
   * that needs no approval, where commands that were approved do not count.
   */
  readonly above: 'limit' | 'approval';
  /** That highest amount, a decimal string. */
  readonly limit: string;
  /** The number of commands. */
  readonly count: number;
  /** Their sum as limits compare it, a decimal string. */
  readonly amount: string;
  /** The ids of the commands, in order; those of imported events may have none. */
  readonly commandIds: readonly string[];
};

/** A command of a user, with its amount as limits compare it. */
export type GivenAmount = {
  readonly command: PermittedCommand;
  readonly userId: string | undefined;
  readonly day: string;
  readonly commandId: string | undefined;
  readonly isApproved: boolean;
  /** In minor units. */
  readonly amount: number;
};

/**
 * Returns the commands that are above a limit only together.
 *
 * @param given - the commands in one account or one stream of the office
 */
export function splitCommands(
  given: readonly GivenAmount[],
  place: Pick<SplitCommands, 'patronId' | 'office'>,
  policy: FeePolicy,
  digits: number,
  users: StaffUsers,
): readonly SplitCommands[] {
  const groups = new Map<string, GivenAmount[]>();
  for (const one of given) {
    const user = users.keyOf(one.userId);
    if (user === null) continue;
    const key = JSON.stringify([one.day, user, one.command]);
    const group = groups.get(key) ?? [];
    group.push(one);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) => {
    const { command, day, userId } = group[0] as GivenAmount;
    const user = users.nameOf(userId) as string;
    const limits = {
      limit: permissionFor(policy, command, users.rolesOf(userId)).limit,
      approval: policy.approvals?.[command as ApprovableCommand]?.above ?? null,
    };
    return (['limit', 'approval'] as const).flatMap((above): SplitCommands[] => {
      const limit = limits[above];
      if (limit === null) return [];
      const most = parseAmount(limit, digits);
      const small = group.filter(
        ({ amount, isApproved }) => amount <= most && !(above === 'approval' && isApproved),
      );
      const sum = small.reduce((total, { amount }) => total + BigInt(amount), 0n);
      if (sum <= BigInt(most)) return [];
      const commandIds = small.flatMap(({ commandId }) => (commandId === undefined ? [] : [commandId]));
      const figures = { limit, count: small.length, amount: formatAmount(sum, digits), commandIds };
      return [{ day, user, command, ...place, above, ...figures }];
    });
  });
}

const columns: Columns<SplitCommands> = [
  'day',
  'user',
  'command',
  'patronId',
  'office',
  'above',
  'limit',
  'count',
  'amount',
  { name: 'commandIds', cellOf: ({ commandIds }) => commandIds.join(' '), identifies: true },
];

/**
 * Formats groups of commands that together exceed a limit as CSV: a header, then one line for each group, with its
 * command ids joined by blanks.
 *
 * @param lines - `splits` of the report of {@link runAdjustments}
 * @param options - the format of ids and codes
 * @returns the pieces of the file's text, with line ends as in RFC 4180, for {@link jobs.writeTextFile | writeTextFile}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @example
 * ```ts
 * import { splitCommandsCsv } from 'patron-fees/reports';
 *
 * for await (const piece of splitCommandsCsv([])) piece.split(',').slice(0, 3); //=> ['day', 'user', 'command']
 * ```
 */
export function splitCommandsCsv(
  lines: readonly SplitCommands[],
  options: CsvOptions = {},
): AsyncGenerator<string, void, undefined> {
  return csvText(lines, columns, options);
}
