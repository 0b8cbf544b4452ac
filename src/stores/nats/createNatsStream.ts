import * as v from 'valibot';
import { PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import type { JetStreamManagerLike, JetStreamSettings } from './natsDriver.js';

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
 * Makes the JetStream stream that {@link natsEventStore} keeps events in; does nothing when it is there already, even
 * with another description, placement or other settings that do not touch the events.
 *
 * Nothing in it can be deleted or purged, and nothing expires. How safe an acknowledged event is against power loss is a
 * setting of the servers (`jetstream { sync_interval: always }`), not of the stream.
 *
 * @param manager - the manager of `@nats-io/jetstream`
 * @param options - the stream's name, what its subjects begin with, how many servers keep it
 * @throws {@link index.PatronFeesError} `INVALID_ARGUMENT` for options that make no sense, and for a stream of that name
 * that could lose events or takes other subjects: `details.differences` lists each setting, with what is expected and
 * what was found; the client's own errors
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
  const settings = {
    name: stream,
    subjects: [`${prefix}.*.*`],
    num_replicas: replicas,
    deny_delete: true,
    deny_purge: true,
    allow_direct: true,
  };
  try {
    await manager.streams.add(settings);
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code !== STREAM_EXISTS) throw error;
    const { config } = await manager.streams.info(stream);
    const differences = differencesOf(settings, config ?? {});
    if (differences.length > 0) throw otherSettings(stream, differences);
  }
}

/** "stream name already in use with a different configuration" */
const STREAM_EXISTS = 10058;

/** A setting of a stream that is not as the store needs it. */
type Difference = { readonly setting: string; readonly expected: unknown; readonly found: unknown };

/** Settings by which a stream drops messages, and the value with which it drops none. */
const KEEPS_ALL = {
  retention: 'limits',
  storage: 'file',
  max_msgs_per_subject: -1,
  max_age: 0,
  no_ack: false,
  sealed: false,
};

/** The same, unless the stream refuses new messages (`discard: new`) in place of dropping old ones. */
const ROOM_FOR_ALL = { max_msgs: -1, max_bytes: -1 };

/** What of a stream's settings could lose events, or send them elsewhere. More replicas than asked for do no harm. */
function differencesOf(settings: JetStreamSettings, config: object): readonly Difference[] {
  const { subjects, num_replicas, deny_delete, deny_purge } = settings;
  const found = config as Readonly<Record<string, unknown>>;
  const room = found.discard === 'new' ? {} : ROOM_FOR_ALL;
  const expected = { subjects, num_replicas, deny_delete, deny_purge, ...KEEPS_ALL, ...room };
  return Object.entries(expected).flatMap(([setting, value]) => {
    const actual = found[setting] ?? (typeof value === 'boolean' ? false : undefined);
    const isEnough = setting === 'num_replicas' && Number(actual) >= num_replicas;
    const isSame = actual === undefined || JSON.stringify(actual) === JSON.stringify(value);
    return isEnough || isSame ? [] : [{ setting, expected: value, found: actual }];
  });
}

function otherSettings(stream: string, differences: readonly Difference[]): PatronFeesError {
  const list = differences.map(
    ({ setting, expected, found }) =>
      `${setting} is ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`,
  );
  const message = `the stream ${stream} is there with other settings: ${list.join(', ')}`;
  return new PatronFeesError('INVALID_ARGUMENT', message, { stream, differences });
}
