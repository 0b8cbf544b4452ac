// What a stream of NATS notes of its parts, in its metadata: whether its texts are under keys. It has no inline projections.
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { assertMethods } from '../../input/methods.js';
import { namesIn, type PartNames, partNames, partsToNote, withoutPart } from '../parts.js';
import type { JetStreamManagerLike, JetStreamStreamsLike } from './natsDriver.js';
import { retryUntil, within } from './retryUntil.js';

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
export type PartsCheck = (underKeys?: boolean) => Promise<void>;

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
