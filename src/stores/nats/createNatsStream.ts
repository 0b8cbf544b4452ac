import * as v from 'valibot';
import { wholeNumber } from '../../history/storeArguments.js';
import { checkedArgument } from '../../views/checkedArgument.js';
import type { JetStreamManagerLike } from './natsDriver.js';

/** Where in NATS the events are. */
export type NatsStream = {
  /** The name of the JetStream stream: letters, digits, `-` and `_`. */
  readonly stream: string;
  /** What every subject begins with: words as in `stream`, joined by dots; `fees` if left out. */
  readonly prefix?: string;
};

/** How {@link createNatsStream} sets up the stream. */
export type NatsStreamOptions = NatsStream & {
  /** How many servers keep every event: 3 if left out, 1 for a single server, 5 at most. */
  readonly replicas?: number;
};

/** The name of the stream. */
export const streamField = v.pipe(
  v.string(),
  v.regex(/^[\w-]{1,100}$/, 'letters, digits, - and _, 100 at most'),
);

/** What subjects begin with. */
export const prefixField = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(100, '100 characters at most'),
    v.regex(/^[\w-]+(\.[\w-]+)*$/, 'words of letters, digits, - and _, joined by dots'),
  ),
  'fees',
);

const optionsSchema = v.strictObject({
  stream: streamField,
  prefix: prefixField,
  replicas: v.optional(v.pipe(wholeNumber(1), v.maxValue(5, '5 at most')), 3),
});

/**
 * Makes the JetStream stream that {@link natsEventStore} keeps events in; does nothing when it is there already.
 *
 * Nothing in it can be deleted or purged, and nothing expires. How safe an acknowledged event is against power loss is a
 * setting of the servers (`jetstream { sync_interval: always }`), not of the stream.
 *
 * @param manager - the manager of `@nats-io/jetstream`
 * @param options - the stream's name, what its subjects begin with, how many servers keep it
 * @throws {@link index.PatronFeesError} `INVALID_ARGUMENT` for options that make no sense; the client's own errors,
 * among them the one for a stream of that name with other settings
 *
 * @example
 * ```ts no-run
 * import { jetstreamManager } from '@nats-io/jetstream';
 * import { connect } from '@nats-io/transport-node';
 * import { createNatsStream } from 'patron-fees/nats';
 *
 * const connection = await connect({ servers: ['n1:4222', 'n2:4222', 'n3:4222'] });
 * await createNatsStream(await jetstreamManager(connection), { stream: 'FEES' });
 * ```
 */
export async function createNatsStream(
  manager: JetStreamManagerLike,
  options: NatsStreamOptions,
): Promise<void> {
  const { stream, prefix, replicas } = checkedArgument(optionsSchema, options, 'options');
  await manager.streams.add({
    name: stream,
    subjects: [`${prefix}.*.*`],
    num_replicas: replicas,
    deny_delete: true,
    deny_purge: true,
    allow_direct: true,
  });
}
