import type { ReadAppendStore } from '../history/eventStore.js';
import type { ExecuteOptions } from '../history/execute.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { accountsOf, type JoinedAccount } from './accountsOf.js';

/** Where the accounts of an institution are, and how commands are executed. */
export type AccountsContext = {
  readonly store: ReadAppendStore;
  readonly policy: FeePolicy;
  readonly institution: string;
  readonly how: Pick<ExecuteOptions, 'retry' | 'now'>;
};

/** The accounts of one patron, the one for new fees first. Most patrons have one. */
export type PatronGroup = readonly [JoinedAccount, ...JoinedAccount[]];

/** Reads the accounts of a patron that are merged with the given one, and in the same currency. */
export async function groupOf(
  { store, institution, policy }: AccountsContext,
  patronId: string,
): Promise<PatronGroup> {
  const accounts = await accountsOf(store, { institution, patronId });
  const own = accounts.find((account) => account.patronId === patronId) as JoinedAccount;
  const currencyOf = ({ account }: JoinedAccount) => account.currency ?? policy.currency;
  return accounts.filter((one) => currencyOf(one) === currencyOf(own)) as unknown as PatronGroup;
}

/** Returns the account of a patron id. */
export function memberOf(group: PatronGroup, patronId: string): JoinedAccount {
  return group.find((one) => one.patronId === patronId) as JoinedAccount;
}

/** A fee or a credit and the patron id of its account. */
export type GroupRow = { readonly patronId: string; readonly id: string };

/** The names of the fees and credits of a group, each with one row. */
export type GroupNames = {
  /** Returns the name by which clients know a row. */
  readonly nameOf: (row: GroupRow) => string;
  /** Returns the row with a name; undefined without one. */
  readonly find: (name: string) => GroupRow | undefined;
};

/**
 * Names the fees and credits of a group: by their ids, and where an earlier account has the same id, by the id followed
 * by `@` and the patron id.
 */
export function groupNames(group: PatronGroup): GroupNames {
  const [{ patronId: only }] = group;
  if (group.length === 1) return { nameOf: ({ id }) => id, find: (id) => ({ patronId: only, id }) };
  const rows = new Map<string, GroupRow>();
  const names = new Map<string, string>();
  const keyOf = ({ patronId, id }: GroupRow) => JSON.stringify([patronId, id]);
  for (const { patronId, account } of group) {
    const { fees, credits } = account;
    for (const id of [...fees.map((fee) => fee.feeId), ...credits.map((credit) => credit.creditId)]) {
      let name = id;
      while (rows.has(name)) name += `@${patronId}`;
      rows.set(name, { patronId, id });
      names.set(keyOf({ patronId, id }), name);
    }
  }
  return { nameOf: (row) => names.get(keyOf(row)) as string, find: (name) => rows.get(name) };
}
