import * as v from 'valibot';
import { PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import type { JetStreamManagerLike, JetStreamSettings } from './natsDriver.js';

/** The location of the events in NATS. */
export type NatsStream = {
  /** The name of the JetStream stream: letters, digits, `-` and `_`. */
  readonly stream: string;
  /** The prefix of every subject: words as in `stream`, joined by dots; `fees` if left out. */
  readonly prefix?: string;
};

/** How {@link createNatsStream} sets up the stream. */
export type NatsStreamOptions = NatsStream & {
  /** The number of servers that store every event: 3 if left out, 1 for a single server, 5 at most. */
  readonly replicas?: number;
  /**
   * Whether messages may be deleted, by administrators of the servers: NATS then overwrites the message. The store
   * itself never deletes. After a deletion it refuses to read all events and the list of accounts, and the account if
   * later messages of it are left (`CORRUPT_HISTORY`). To erase texts and keep the rest, use
   * {@link keys.keyedEventStore | keyedEventStore}.
   *
   * @defaultValue false
   */
  readonly deletable?: boolean;
};

/** The name of the stream. */
export const streamField = v.pipe(
  v.string(),
  v.regex(/^[\w-]{1,100}$/, 'letters, digits, - and _, 100 at most'),
);

/** The prefix of subjects. */
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
  deletable: v.optional(v.boolean('true or false'), false),
});

/**
 * Creates the JetStream stream that {@link natsEventStore} keeps events in. Does nothing if the stream exists, even
 * with another description, placement or other settings that do not affect the events.
 *
 * Messages of the stream do not expire and cannot be purged. They can be deleted only if `deletable` says so. Whether
 * an acknowledged event survives a power failure is a setting of the servers (`jetstream { sync_interval: always }`),
 * not of the stream.
 *
 * @param manager - the manager of `@nats-io/jetstream`
 * @param options - the stream's name, the prefix of its subjects, the number of replicas, whether messages may be
 * deleted
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid, or if a stream
 * of that name exists that could lose events or has other subjects: `details.differences` lists each such setting, with
 * the expected and the found value; the client's own errors
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
  const { stream, prefix, replicas, deletable } = checkedArgument(optionsSchema, options, 'options');
  const settings = {
    name: stream,
    subjects: [`${prefix}.*.*`],
    num_replicas: replicas,
    deny_delete: !deletable,
    deny_purge: true,
    allow_direct: true,
  };
  try {
    await manager.streams.add(settings);
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code !== STREAM_EXISTS) throw error;
    const { config } = await manager.streams.info(stream);
    const differences = differencesOf(settings, config ?? {});
    if (differences.length > 0) throw unusableSettings(stream, differences);
  }
}

/** "stream name already in use with a different configuration" */
const STREAM_EXISTS = 10058;

/** A setting of a stream that the store cannot use. */
type Difference = { readonly setting: string; readonly expected: unknown; readonly found: unknown };

/** Settings that can make a stream drop messages, with the value that keeps all. */
const KEEPS_ALL = {
  retention: 'limits',
  storage: 'file',
  max_msgs_per_subject: -1,
  max_age: 0,
  no_ack: false,
  sealed: false,
};

/** Further such settings, harmless if the stream refuses new messages (`discard: new`) instead of dropping old ones. */
const NO_LIMITS = { max_msgs: -1, max_bytes: -1 };

/**
 * Returns the settings with which a stream could lose events or miss subjects. More replicas than requested are fine.
 */
function differencesOf(settings: JetStreamSettings, config: object): readonly Difference[] {
  const { subjects, num_replicas, deny_delete, deny_purge } = settings;
  const found = config as Readonly<Record<string, unknown>>;
  const limits = found.discard === 'new' ? {} : NO_LIMITS;
  const expected = { subjects, num_replicas, deny_delete, deny_purge, ...KEEPS_ALL, ...limits };
  return Object.entries(expected).flatMap(([setting, value]) => {
    const actual = found[setting] ?? (typeof value === 'boolean' ? false : undefined);
    const isEnough = setting === 'num_replicas' && Number(actual) >= num_replicas;
    const isSame = actual === undefined || JSON.stringify(actual) === JSON.stringify(value);
    return isEnough || isSame ? [] : [{ setting, expected: value, found: actual }];
  });
}

function unusableSettings(stream: string, differences: readonly Difference[]): PatronFeesError {
  const list = differences.map(
    ({ setting, expected, found }) =>
      `${setting} is ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`,
  );
  const message = `the stream ${stream} already exists with other settings: ${list.join(', ')}`;
  return new PatronFeesError('INVALID_ARGUMENT', message, { stream, differences });
}
