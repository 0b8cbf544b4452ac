import { fold } from '../../account/fold.js';
import { type EventStore, type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import { accountsOf } from '../merge/accountsOf.js';
import { type RetentionReason, type RetentionTerms, settledRows } from './settledRows.js';

/**
 * Why an account is kept: that of its first fee or credit that is kept, or `JoinedAccountOpen` if another account of the
 * same patron is kept.
 */
export type PurgeReason = RetentionReason | 'JoinedAccountOpen';

/** Returns why an account is kept; null if it may be purged. */
export async function purgeReason(
  store: EventStore,
  stream: StreamId,
  recorded: readonly RecordedEvent[],
  terms: RetentionTerms,
): Promise<PurgeReason | null> {
  const own = reasonOf(stream, recorded, terms);
  if (own.because !== null || own.merges === 0) return own.because;
  for (const { institution, patronId } of await accountsOf(store, stream)) {
    if (patronId === stream.patronId) continue;
    const other = { institution, patronId };
    const { events } = await store.read(other);
    if (reasonOf(other, events, terms).because !== null) return 'JoinedAccountOpen';
  }
  return null;
}

/** Returns the first reason of a row of an account, and the number of its merges. */
function reasonOf(stream: StreamId, recorded: readonly RecordedEvent[], terms: RetentionTerms) {
  const events = recorded.map(({ event }) => event);
  const account = fold(events, undefined, { stream: streamName(stream) });
  const rows = settledRows({ patronId: stream.patronId, account, events }, terms);
  const merges = account.merges.length;
  for (const event of events) {
    if (event.type === 'AccountPurged') continue;
    for (const row of rows.rowsOf(event)) {
      const because = rows.reasonOf(row);
      if (because !== null) return { because, merges };
    }
  }
  return { because: null, merges };
}
