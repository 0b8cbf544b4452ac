import { streamKey } from '../../src/history/eventStore.js';
import {
  checkpointMoved,
  type FollowedProjection,
  type ParkedAccount,
  type StoredAccountEvent,
  type StreamId,
} from '../../src/history/index.js';

/** A projection in memory that saves its checkpoint together with its rows, and fails as a test wants. */
export function parkingProjection(name = 'rows') {
  const rows = new Map<string, number[]>();
  const marked = new Map<string, string>();
  /** The accounts that `apply` throws for, and the versions from which on. */
  const bad = new Map<string, number>();
  let saved: string | undefined;
  let pages: (readonly StoredAccountEvent[])[] = [];
  /** Failures to come: before or after the changes are committed. */
  const failures: ('before' | 'after')[] = [];
  const failure = () => Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
  const projection: FollowedProjection = {
    reset: () => {
      rows.clear();
      marked.clear();
      saved = undefined;
    },
    apply: async (events, cursor, previous, parked: readonly ParkedAccount[]) => {
      await Promise.resolve();
      const failing = failures.shift();
      if (failing === 'before') throw failure();
      if (saved !== previous) throw checkpointMoved(previous);
      for (const event of events)
        if (event.version >= (bad.get(streamKey(event)) ?? Number.POSITIVE_INFINITY))
          throw new TypeError(`cannot show ${event.patronId}`);
      pages = [...pages, events];
      for (const event of events) {
        const key = streamKey(event);
        rows.set(key, [...(rows.get(key) ?? []), event.version]);
        marked.delete(key);
      }
      for (const account of parked) marked.set(streamKey(account), account.reason.code);
      saved = cursor;
      if (failing === 'after') throw failure();
    },
    checkpoint: { load: async () => saved, save: async () => undefined },
  };
  return {
    name,
    projection,
    checkpoint: projection.checkpoint,
    bad,
    failures,
    /** The versions that were applied of an account. */
    versionsOf: (account: StreamId) => rows.get(streamKey(account)) ?? [],
    /** Why an account is marked as incomplete. */
    markOf: (account: StreamId) => marked.get(streamKey(account)),
    pages: () => pages,
    saved: () => saved,
    setBad: (account: StreamId, version = 1) => bad.set(streamKey(account), version),
  };
}
