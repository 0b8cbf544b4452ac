import { userKey } from '../../account/userKey.js';

/** The users of a report: spellings of one user are one, with the roles of all. */
export type StaffUsers = ReturnType<typeof staffUsers>;

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
