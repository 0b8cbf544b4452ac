import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { assertMethods } from '../../input/methods.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { namesIn, type PartNames, partNames, partsToNote, withoutPart } from '../parts.js';
import type { JetStreamManagerLike, JetStreamSettings, JetStreamStreamsLike } from './natsDriver.js';
import { retryUntil, within } from './readAhead.js';

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

// What a stream of NATS notes of its parts, in its metadata: whether its texts are under keys. It has no inline projections.

/** The key of the metadata. */
const KEY = 'patron-fees-parts';

type Metadata = Readonly<Record<string, string>>;

async function metadataOf(streams: JetStreamStreamsLike, stream: string): Promise<Metadata> {
  const { config } = await streams.info(stream);
  return (config as { readonly metadata?: Metadata } | undefined)?.metadata ?? {};
}

/** Checks arguments, and returns the streams and the stream's metadata. */
async function checkedMetadata(manager: JetStreamManagerLike, stream: string) {
  const streams = (manager as Partial<JetStreamManagerLike> | null | undefined)?.streams;
  assertMethods(streams, ['info', 'update'], 'manager', 'the manager of @nats-io/jetstream');
  checkedArgument(nameField, stream, 'stream');
  return { streams: manager.streams, metadata: await metadataOf(manager.streams, stream) };
}

const ownParts: PartNames = partNames([]);

/**
 * Returns a function that looks at a stream before the first append of a store in each way, in clear or under keys, and
 * notes keys that it has not noted.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `STORE_INCOMPLETE` for an append in clear to texts under keys
 */
export function partsCheck(
  { streams }: JetStreamManagerLike,
  stream: string,
  { readMs, totalMs }: { readonly readMs: number; readonly totalMs: number },
): PartsCheck {
  const looked = new Map<boolean, Promise<void>>();
  const look = (underKeys: boolean) =>
    retryUntil(totalMs, async () => {
      const metadata = await within(readMs, metadataOf(streams, stream));
      const added = partsToNote(metadata[KEY] ?? '', ownParts({ underKeys }));
      if (added === undefined) return;
      await within(readMs, streams.update(stream, { metadata: { ...metadata, [KEY]: added } }));
    });
  return (underKeys = false) => {
    const known = looked.get(underKeys) ?? look(underKeys);
    looked.set(underKeys, known);
    known.catch(() => looked.delete(underKeys));
    return known;
  };
}

/** Resolves if a stream may be appended to. */
type PartsCheck = (underKeys?: boolean) => Promise<void>;

/**
 * Returns what a stream notes as its own: `keys` if its texts are under keys. A store without them cannot append.
 *
 * @param manager - the manager of `@nats-io/jetstream`
 * @param stream - the name of the stream
 * @returns the names
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for wrong arguments
 *
 * @example
 * ```ts no-run
 * import { jetstreamManager } from '@nats-io/jetstream';
 * import { connect } from '@nats-io/transport-node';
 * import { partsOf } from 'patron-fees/nats';
 *
 * const connection = await connect({ servers: ['n1:4222', 'n2:4222', 'n3:4222'] });
 * await partsOf(await jetstreamManager(connection), 'FEES'); //=> ['keys']
 * ```
 */
export async function partsOf(manager: JetStreamManagerLike, stream: string): Promise<readonly string[]> {
  const { metadata } = await checkedMetadata(manager, stream);
  return namesIn(metadata[KEY] ?? '');
}

/**
 * Makes a stream forget a part, so that stores without it can append. Call this once no program has a
 * {@link keys.keyedEventStore | keyedEventStore} over it any more. A program that still has it notes it again when it
 * is started. A program that checked the parts before keeps its old result.
 *
 * @param manager - the manager of `@nats-io/jetstream`
 * @param stream - the name of the stream
 * @param name - the name, as {@link partsOf} returns it
 * @returns whether the stream had noted it
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for wrong arguments
 *
 * @example
 * ```ts no-run
 * import { jetstreamManager } from '@nats-io/jetstream';
 * import { connect } from '@nats-io/transport-node';
 * import { forgetPart } from 'patron-fees/nats';
 *
 * const connection = await connect({ servers: ['n1:4222', 'n2:4222', 'n3:4222'] });
 * await forgetPart(await jetstreamManager(connection), 'FEES', 'keys'); //=> true
 * ```
 */
export async function forgetPart(
  manager: JetStreamManagerLike,
  stream: string,
  name: string,
): Promise<boolean> {
  const { streams, metadata } = await checkedMetadata(manager, stream);
  const left = withoutPart(metadata[KEY] ?? '', name);
  if (left === undefined) return false;
  await streams.update(stream, { metadata: { ...metadata, [KEY]: left } });
  return true;
}
