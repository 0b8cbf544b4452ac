import { EventStore, EventType } from '@castore/core';
import { View } from '@fraktalio/fmodel-ts';
import { type AccountEvent, emptyAccount, fold, type PatronAccount } from 'patron-fees';
import { evolve } from 'patron-fees/evolve';
import { compare, report } from './measure.js';
import { stream } from './streams.js';

const happened = new EventType<'Happened', AccountEvent>({ type: 'Happened' });

/** Castore folds with `buildAggregate`, and needs its own envelope around an event. */
const castore = new EventStore({
  eventStoreId: 'accounts',
  eventTypes: [happened],
  reducer: ({ account }: Castored, { aggregateId, version, payload }) => ({
    aggregateId,
    version,
    account: evolve(account, payload),
  }),
});

type Castored = { aggregateId: string; version: number; account: PatronAccount };

const fmodel = new View<PatronAccount, AccountEvent>(evolve, emptyAccount());

/** Compares the same reducer (`evolve`) in other libraries with a simple loop, and with `fold`. */
export function foldAgainstPeers(): void {
  const events = stream(1_000, 'readable');
  const envelopes = events.map((payload, index) => ({
    type: 'Happened' as const,
    aggregateId: 'a',
    version: index + 1,
    timestamp: payload.data.at,
    payload,
  }));
  const start = { aggregateId: 'a', version: 0, account: emptyAccount() };
  const loop = () => events.reduce(evolve, emptyAccount());
  const peers = {
    '@castore/core': () => castore.buildAggregate(envelopes, start),
    '@fraktalio/fmodel-ts': () => events.reduce(fmodel.evolve, fmodel.initialState),
  };
  for (const [peer, run] of Object.entries(peers)) {
    report('peer / loop over evolve', { peer, events: 1_000, ...compare(run, loop, 9) });
    report('fold / peer', { peer, events: 1_000, ...compare(() => fold(events), run, 9) });
  }
}
