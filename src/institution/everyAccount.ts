import type { EventStore, StreamId } from '../history/eventStore.js';

const PAGE_SIZE = 1_000;

/** Yields every account at an institution, or of the whole store. Accounts created meanwhile come last. */
export async function* everyAccount(
  store: EventStore,
  institution: string | undefined,
): AsyncGenerator<StreamId> {
  const which = { limit: PAGE_SIZE, ...(institution !== undefined && { institution }) };
  let page = await store.accounts(which);
  while (page.accounts.length > 0) {
    yield* page.accounts;
    page = await store.accounts({ ...which, after: page.cursor });
  }
}
