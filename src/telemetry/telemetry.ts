import type { CommandMetadata } from '../account/commands/commandBase.js';
import type { EventStore } from '../history/eventStore.js';
import type { Projection } from '../history/projection.js';
import type { Sip2Service } from '../interop/sip2/sip2Service.js';
import type { OfficeStore } from '../office/officeEvents.js';
import type { OnBatch } from '../stores/batchQueue.js';
import type { CloudEvent, Outbox } from '../stores/feed/outbox.js';
import { presentCorrelation } from './correlation.js';
import { createInstruments, measured } from './instruments.js';
import { observedOutbox, observedSend } from './observedOutbox.js';
import { observedProjection } from './observedProjection.js';
import { observedSeals } from './observedSeals.js';
import { type FetchHandler, observedHandler, observedSip2 } from './observedServices.js';
import { observedStore } from './observedStore.js';

/** Reports to OpenTelemetry what the given parts of a program do. */
export type Telemetry = {
  /**
   * Returns a store that behaves like the given one. It reports a span and a duration for each load and append, and for
   * each command that calls, jobs and services of this program execute on it. Pass it wherever a store is expected.
   */
  readonly store: <Store extends EventStore>(store: Store) => Store;
  /** Records the sizes of batches: the option `onBatch` of a store in PostgreSQL or SQLite. */
  readonly onBatch: OnBatch;
  /**
   * Returns a projection that behaves like the given one, for {@link history.follow | follow} and
   * {@link history.catchUp | catchUp}. Each page is a span, with links to the spans of the commands that recorded its
   * events ({@link Telemetry.correlation}); its lag and its parked accounts are metrics.
   *
   * @param name - a name of the projection, without data of patrons
   */
  readonly projection: <Followed extends Projection>(name: string, projection: Followed) => Followed;
  /**
   * Reports how long the oldest event has waited in an outbox. Reads the outbox at each collection, so that the metric
   * also grows while no relay works.
   *
   * @param name - a name of the outbox, without data of patrons
   * @param outbox - the outbox
   * @returns a function that ends it
   */
  readonly outbox: (name: string, outbox: Outbox) => () => void;
  /**
   * Returns a function that sends events like the given one, for {@link feed.relay | relay}. Each event is a span and a
   * duration, with the code of its error if it could not be sent; the span links to that of the command that recorded
   * it.
   *
   * @param name - a name of the outbox, without data of patrons
   */
  readonly send: (
    name: string,
    send: (event: CloudEvent) => unknown,
  ) => (event: CloudEvent) => Promise<unknown>;
  /**
   * Runs a job in a span.
   *
   * @param name - a name of the job, without data of patrons
   * @returns what the job returns
   */
  readonly job: <Report>(name: string, job: () => Promise<Report>) => Promise<Report>;
  /**
   * Returns a function of the Fetch API that behaves like the given one, such as that of
   * {@link alma.almaFeesHandler | almaFeesHandler}. Each request is a span.
   *
   * @param name - a name of the service
   */
  readonly handler: (name: string, handler: FetchHandler) => FetchHandler;
  /** Returns a service that behaves like the given one. Each message is a span. */
  readonly sip2: (service: Sip2Service) => Sip2Service;
  /**
   * Reports the age of the newest seal of an institution: the time since the end of the month that it sealed. Reads the
   * office at each collection; without a seal it reports nothing.
   *
   * @param office - the store of the office
   * @param institution - the institution
   * @returns a function that ends it
   */
  readonly seals: (office: OfficeStore, institution: string) => () => void;
  /**
   * Returns the active span as the metadata of a command, in the form of the header `traceparent`; empty if no span is
   * active. The events of the command keep it, so that a program that follows them can find the request that caused
   * them.
   */
  readonly correlation: () => CommandMetadata;
};

/**
 * Reports to OpenTelemetry what a program does: spans and metrics of commands, appends, loads, batches, jobs,
 * projections, outboxes and services. It uses the global providers of `@opentelemetry/api`, so call it after they are
 * set. Without an SDK it does nothing. A program that does not call it loads nothing, and loses no time.
 *
 * Spans and metrics contain codes, names of types, counts and the names that you give; spans, and the age of a seal,
 * also contain the institution. They never contain the id of a patron, an item or a fee, a text, the message of an
 * error, or an amount.
 *
 * | metric | kind | attributes after `patron_fees.` |
 * |---|---|---|
 * | `patron_fees.duration` | histogram, seconds | `operation`: `execute` (a command), `append`, `load`, `job`, `apply` (a page of a projection), `request`, `send` (an event of an outbox); `command`, `outcome`, `rejection`, `job`, `projection`, `service`, `outbox` of that operation; `error.type`: the code of an error, `VERSION_CONFLICT` of an append if another writer was faster |
 * | `patron_fees.commands` | counter | `command`: its type, or `several`; `outcome`: `accepted`, `repeat`, `rejected`, `error`; `rejection` |
 * | `patron_fees.attempts` | histogram | `command` |
 * | `patron_fees.events` | counter | `event`: its type |
 * | `patron_fees.batch.calls` | histogram | `kind`: `append`, `read` |
 * | `patron_fees.projection.lag` | gauge, seconds | `projection` |
 * | `patron_fees.projection.parked` | gauge, accounts | `projection` |
 * | `patron_fees.outbox.age` | gauge, seconds | `outbox` |
 * | `patron_fees.seal.age` | gauge, seconds | `institution` |
 *
 * @returns functions that observe the parts of a program
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { telemetry } from 'patron-fees/telemetry';
 *
 * const watched = telemetry();
 * const store = watched.store(memoryEventStore({ now: () => '2026-03-02T09:00:00Z' }));
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-02T09:00:00Z';
 * const metadata = watched.correlation(); // {} without an SDK
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at, metadata } as const;
 * (await execute(store, policy, { institution: 'north', patronId: 'p1' }, fee)).version; //=> 1
 * ```
 */
export function telemetry(): Telemetry {
  const instruments = createInstruments();
  const { batchCalls } = instruments;
  return {
    store: (store) => observedStore(store, instruments),
    onBatch: ({ kind, calls }) => batchCalls.record(calls, { 'patron_fees.kind': kind }),
    projection: (name, projection) => observedProjection(name, projection, instruments),
    outbox: (name, outbox) => observedOutbox(name, outbox, instruments),
    send: (name, send) => observedSend(name, send, instruments),
    job: (name, job) => measured(instruments, { name: 'job', attributes: { 'patron_fees.job': name } }, job),
    handler: (name, handler) => observedHandler(name, handler, instruments),
    sip2: (service) => observedSip2(service, instruments),
    seals: (office, institution) => observedSeals(office, institution, instruments),
    correlation: presentCorrelation,
  };
}
