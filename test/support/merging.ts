import { type EventStore, loadAccount } from '../../src/history/index.js';
import { type AccountMerge, accountsOf } from '../../src/patron/index.js';
import { at } from './account.js';
import { storeWith } from './stores.js';

export const institution = 'north';

/** Returns the stream of a patron. */
export const patron = (patronId: string) => ({ institution, patronId });

/** Returns a merge of one patron's account into that of another. */
export function merge(from: string, into: string, id = `${from}>${into}`): AccountMerge {
  return { from: patron(from), into: patron(into), id, at };
}

/** Returns the patron ids of the accounts of a group. */
export async function group(store: EventStore, patronId: string): Promise<string[]> {
  return (await accountsOf(store, patron(patronId))).map((account) => account.patronId);
}

/** Reads an account. */
export async function account(store: EventStore, patronId: string) {
  return (await loadAccount(store, patron(patronId))).account;
}

/** Returns the types of an account's events. */
export async function typesOf(store: EventStore, patronId: string): Promise<string[]> {
  return (await store.read(patron(patronId))).events.map(({ event }) => event.type);
}

/** Returns a store whose first appends succeed, and all later ones fail. */
export function cutAfter(store: EventStore, appends: number): EventStore {
  let left = appends;
  return storeWith(store, {
    append: async (...given) => {
      if (left === 0) throw new Error('power cut');
      left -= 1;
      return store.append(...given);
    },
  });
}

/** Returns the refusal of a merge that leads back. */
export function leadsBack(...path: string[]) {
  return { type: 'MergeLeadsBack', kind: 'conflict', path };
}

/** Returns the refusal of an id in use. */
export function idUsed(id: string) {
  return { type: 'IdAlreadyUsed', kind: 'conflict', id };
}
