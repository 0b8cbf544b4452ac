/**
 * Stored events: validate and upcast them, execute commands against an event store, and read accounts as of an earlier
 * time.
 *
 * @stability stable
 * @module history
 */

// Codec: stored text to events and back.

export {
  decodeEvent,
  decodeEvents,
  encodeEvent,
  encodeEvents,
  type EventCodec,
  parseEvent,
} from './codec.js';

// Event store: the port that every store implements, and a store in memory.

export {
  type AccountPage,
  type AccountPageOptions,
  type Appended,
  type AppendOptions,
  type CommandObserver,
  cursorUnknown,
  type EventPage,
  type EventPageOptions,
  type EventStore,
  type IdField,
  type NamedStream,
  type ObservedCommand,
  type PageOptions,
  type ReadAppendStore,
  type ReadOptions,
  type RecordedEvent,
  type StoredAccountEvent,
  type StreamId,
  type StreamKey,
  streamName,
  type StreamSlice,
  type StreamsNow,
  type UnreadableEvent,
  versionConflict,
} from './eventStore.js';
export type {
  CheckedAppend,
  CheckedPage,
  CheckedPurge,
  CheckedRead,
  CheckedRedact,
} from './storeArguments.js';
export {
  checkedStore,
  type ErasingStoreAdapter,
  type RedactingStoreAdapter,
  type StoreAdapter,
  type StreamAdapter,
} from './checkedStore.js';
export { memoryEventStore, type MemoryEventStoreOptions } from './memoryEventStore.js';
export { splitEventStore, type SplitEventStoreOptions } from './splitEventStore.js';

// Load and execute: read an account, decide, append.

export { accountAsOf, loadAccount, loadAccountAsOf, type LoadedAccount, type Moment } from './loadAccount.js';
export {
  execute,
  type Executed,
  type ExecuteOptions,
  type HeldAccount,
  openAccount,
  type StoreTransaction,
} from './execute.js';
export type { RetryOptions } from './retry.js';

// Earlier times: an account as it was known at a moment.

// Replay: fold the lines of a log.

export { replay, type ReplayOptions } from './replay.js';

// Projections: follow the events of all accounts.

export {
  type Checkpoint,
  checkpointMoved,
  type ParkedAccount,
  type ParkingOptions,
  type ParkingReason,
  type Projection,
} from './projection.js';
export {
  catchUp,
  type CatchUpOptions,
  follow,
  type FollowedProjection,
  type FollowFailure,
  type FollowOptions,
  type FollowProgress,
  type HeldLock,
  type PagingOptions,
  type Progress,
  type RunnerLock,
  type WatchableEventStore,
} from './follow.js';
export { followShards, type FollowShardsOptions } from './followShards.js';
export { type Shard, shardOf } from './shard.js';
export { parked, type RetriedAccounts, retryParked } from './projectionRun.js';

// Move and erase: copy stores, erase personal data from events.

export { copyEvents, type CopyOptions } from './copyEvents.js';
export type { Clock } from '../input/clock.js';
export {
  type ErasingEventStore,
  type Purged,
  type PurgeOptions,
  type RedactableEvent,
  type Redacted,
  redactEvent,
  type RedactingEventStore,
  type RedactOptions,
  type SweepOptions,
  type Swept,
} from './redaction.js';
