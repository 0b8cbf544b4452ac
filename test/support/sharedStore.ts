import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type EventStore, splitEventStore } from '../../src/history/index.js';
import { natsEventStore } from '../../src/stores/nats/index.js';
import { postgresEventStore } from '../../src/stores/postgres/index.js';
import { prefixOf } from './natsServers.js';
import { newPool } from './postgresServer.js';

/** Where a store is that processes share: a folder of a PostgreSQL server, or streams of a NATS cluster. */
export type SharedPlace =
  | { readonly postgres: string }
  | { readonly nats: readonly string[]; readonly streams: readonly string[] };

/** Opens a store that several processes share; several streams are split by the length of the institution's name. */
export async function openShared(place: SharedPlace): Promise<{
  readonly store: EventStore;
  readonly close: () => Promise<void>;
}> {
  if ('postgres' in place) {
    const pool = newPool({ host: place.postgres, port: 5432, user: 'postgres', database: 'postgres' });
    return { store: postgresEventStore(pool), close: () => pool.end() };
  }
  const retry = { waitOnFirstConnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 100 };
  const connection = await connect({
    servers: [...place.nats],
    ...retry,
    pingInterval: 1_000,
    maxPingOut: 2,
  });
  const manager = await jetstreamManager(connection, { timeout: 2_000, checkAPI: false });
  const { streams } = place;
  const parts = Object.fromEntries(
    streams.map((stream) => [
      stream,
      // Patient: on a slow machine a cluster takes long to elect a leader.
      natsEventStore({
        connection,
        manager,
        stream,
        prefix: prefixOf(stream),
        timeouts: { totalMs: 600_000 },
      }),
    ]),
  );
  const partOf = (institution: string) => streams[institution.length % streams.length] as string;
  return { store: splitEventStore({ parts, partOf }), close: () => connection.close() };
}
