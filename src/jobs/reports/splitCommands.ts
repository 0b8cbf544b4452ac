import { permissionFor } from '../../account/permission.js';
import { userKey } from '../../account/userKey.js';
import { type Columns, type CsvOptions, csvText } from '../../job/csv.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ApprovableCommand, PermittedCommand } from '../../policy/permissions.js';

/** The users of a report: spellings of one user are one, with the roles of all. */
type StaffUsers = ReturnType<typeof staffUsers>;

/**
 * Returns the users of a report.
 *
 * @param roles - the roles of users, by any spelling
 */
export function staffUsers(roles: Readonly<Record<string, readonly string[]>>) {
  const ownRoles = new Map<string, readonly string[]>();
  for (const [user, own] of Object.entries(roles)) {
    const key = userKey(user);
    ownRoles.set(key, [...new Set([...(ownRoles.get(key) ?? []), ...own])]);
  }
  const names = new Map(Object.keys(roles).map((user) => [userKey(user), user]));
  /** Returns what the spellings of a user have in common; null for nobody. */
  const keyOf = (userId: string | undefined): string | null => userKey(userId) || null;
  return {
    keyOf,
    /** Returns a user as the form spells them, else as they were first met; null for nobody. */
    nameOf: (userId: string | undefined): string | null => {
      const key = keyOf(userId);
      if (key === null) return null;
      const name = names.get(key) ?? (userId as string);
      names.set(key, name);
      return name;
    },
    /** Returns the roles of a user. */
    rolesOf: (userId: string | undefined): readonly string[] => ownRoles.get(userKey(userId)) ?? [],
    /** Whether the form names a user. */
    isKnown: (userId: string | undefined): boolean => ownRoles.has(userKey(userId)),
  };
}

/**
 * Commands of one type by one user for one account, or one item of the office, within 24 hours. Each is within what the user
 * may do alone, but together they are above it: perhaps one command was divided into parts.
 */
export type SplitCommands = {
  /** The day on which the first was recorded, `YYYY-MM-DD`. */
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
   * The highest amount that the user may give alone, a decimal string: of the roles' limit and the amount above which
   * the command needs an approval, the smaller one.
   */
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
  /** The item of the office; null in an account, and for what is about a whole stream. */
  readonly item: string | null;
  readonly userId: string | undefined;
  readonly day: string;
  readonly recordedAt: string;
  readonly commandId: string | undefined;
  readonly isApproved: boolean;
  /** In minor units. */
  readonly amount: number;
};

const DAY_MS = 86_400_000;

/**
 * Returns the commands that are above a limit only together. What another user approved does not count.
 *
 * @param given - the commands in one account or one stream of the office, in its order
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
    if (user === null || one.isApproved) continue;
    const key = JSON.stringify([user, one.command, one.item]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const found: SplitCommands[] = [];
  for (const group of groups.values()) {
    const { command, userId } = group[0] as GivenAmount;
    const limits = [
      permissionFor(policy, command, users.rolesOf(userId)).limit,
      policy.approvals?.[command as ApprovableCommand]?.above ?? null,
    ];
    const most = Math.min(...limits.flatMap((limit) => (limit === null ? [] : parseAmount(limit, digits))));
    const small = group.filter(({ amount }) => amount <= most);
    for (let from = 0; from < small.length; ) {
      const first = small[from] as GivenAmount;
      const end = Date.parse(first.recordedAt) + DAY_MS;
      let [next, sum] = [from, 0n];
      for (let one = small[next]; one !== undefined && Date.parse(one.recordedAt) <= end; one = small[++next])
        sum += BigInt(one.amount);
      if (most === Number.POSITIVE_INFINITY || sum <= BigInt(most)) {
        from += 1;
        continue;
      }
      const commandIds = small.slice(from, next).flatMap(({ commandId = [] }) => commandId);
      const user = users.nameOf(userId) as string;
      const figures = {
        limit: formatAmount(most, digits),
        count: next - from,
        amount: formatAmount(sum, digits),
      };
      found.push({ day: first.day, user, command, ...place, ...figures, commandIds });
      from = next;
    }
  }
  return found;
}

const columns: Columns<SplitCommands> = [
  'day',
  'user',
  'command',
  'patronId',
  'office',
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
