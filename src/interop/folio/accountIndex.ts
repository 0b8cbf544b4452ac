import type { EventStore } from '../../history/eventStore.js';
import type { GroupRow } from '../../patron/patronGroup.js';
import { folioId } from './folioIds.js';

/** Finds what a UUID of FOLIO is here: clients name a fee without its patron. */
export type AccountIndex = {
  /** Returns the fee of an account of FOLIO. */
  readonly feeOf: (accountId: string) => Promise<GroupRow | undefined>;
  /** Returns the patron's id here of a user's id; undefined for one without an account. */
  readonly patronOf: (userId: string) => Promise<string | undefined>;
  /** Returns the ids of all patrons that were ever charged a fee. */
  readonly patrons: () => Promise<readonly string[]>;
  /** Adds a patron before there is any event. */
  readonly add: (patronId: string) => void;
};

/** Events that are read at once. */
const PAGE = 1_000;

/** Returns FOLIO's id of a patron. */
export function userIdOf(patronId: string): string {
  return folioId('user', patronId);
}

/** Returns FOLIO's id of a fee. */
export function accountIdOf({ patronId, id }: GroupRow): string {
  return folioId('account', id, patronId);
}

/**
 * Keeps the ids of all fees and patrons of an institution in memory, and reads new events of the store when it is asked
 * for one that it does not know.
 */
export function accountIndex(store: Pick<EventStore, 'readAll'>, institution: string): AccountIndex {
  const fees = new Map<string, GroupRow>();
  const known = new Set<string>();
  const patrons = new Map<string, string>();
  const add = (patronId: string) => {
    if (known.has(patronId)) return;
    known.add(patronId);
    patrons.set(userIdOf(patronId), patronId);
  };
  let cursor: string | undefined;
  let reading: Promise<void> | undefined;
  const read = async () => {
    for (;;) {
      const page = await store.readAll({
        limit: PAGE,
        onUnreadable: 'list',
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      for (const { event, patronId, ...stream } of page.events) {
        if (stream.institution !== institution || event.type !== 'FeeAssessed') continue;
        const row = { patronId, id: event.data.feeId };
        const accountId = accountIdOf(row);
        if (!fees.has(accountId)) fees.set(accountId, row);
        add(patronId);
      }
      cursor = page.cursor;
      if (page.events.length + (page.unreadable?.length ?? 0) === 0) return;
    }
  };
  /** Reads what is new; one reading at a time, and each caller one that began after its call. */
  const catchUp = async () => {
    await reading?.catch(() => undefined);
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
  };
  const find = async <Found>(ids: ReadonlyMap<string, Found>, id: string) => {
    const key = id.toLowerCase();
    if (!ids.has(key)) await catchUp();
    return ids.get(key);
  };
  return {
    feeOf: (accountId) => find(fees, accountId),
    patronOf: (userId) => find(patrons, userId),
    patrons: async () => {
      await catchUp();
      return [...new Set(patrons.values())];
    },
    add,
  };
}
