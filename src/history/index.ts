/**
 * Stored events: validate and upcast them, execute commands against an event store, and read accounts as of an earlier
 * time.
 *
 * @stability stable
 * @module history
 */

// Codec: stored text to events and back.

export { parseEvent } from './parseEvent.js';
export type { EventCodec } from './codec.js';
export { decodeEvent, decodeEvents, encodeEvent, encodeEvents } from './codec.js';

// Event store: the port that every store implements, and a store in memory.

export type {
  AccountPage,
  AccountPageOptions,
  AppendOptions,
  Appended,
  EventPage,
  EventPageOptions,
  EventStore,
  IdField,
  NamedStream,
  PageOptions,
  ReadOptions,
  RecordedEvent,
  StoredAccountEvent,
  StreamId,
  StreamKey,
  StreamSlice,
  StreamsNow,
  UnreadableEvent,
  ReadAppendStore,
} from './eventStore.js';
export { cursorUnknown, streamName, versionConflict } from './eventStore.js';
export type {
  CheckedAppend,
  CheckedPage,
  CheckedPurge,
  CheckedRead,
  CheckedRedact,
} from './storeArguments.js';
export type {
  ErasingStoreAdapter,
  RedactingStoreAdapter,
  StoreAdapter,
  StreamAdapter,
} from './checkedStore.js';
export { checkedStore } from './checkedStore.js';
export type { MemoryEventStoreOptions } from './memoryEventStore.js';
export { memoryEventStore } from './memoryEventStore.js';
export type { SplitEventStoreOptions } from './splitEventStore.js';
export { splitEventStore } from './splitEventStore.js';

// Load and execute: read an account, decide, append.

export type { LoadedAccount } from './loadAccount.js';
export { loadAccount } from './loadAccount.js';
export type { CommandObserver, ObservedCommand } from './observed.js';
export type { Executed } from './execute.js';
export { execute } from './execute.js';
export type { RetryOptions } from './retry.js';
export type { ExecuteOptions } from './transact.js';
export type { StoreTransaction } from './storeTransaction.js';
export type { HeldAccount } from './openAccount.js';
export { openAccount } from './openAccount.js';

// Earlier times: an account as it was known at a moment.

export type { Moment } from './asOf.js';
export { accountAsOf, loadAccountAsOf } from './asOf.js';

// Replay: fold the lines of a log.

export type { ReplayOptions } from './replay.js';
export { replay } from './replay.js';

// Projections: follow the events of all accounts.

export type { Checkpoint, Projection } from './projection.js';
export { checkpointMoved } from './projection.js';
export type { CatchUpOptions, PagingOptions, Progress } from './catchUp.js';
export { catchUp } from './catchUp.js';
export type {
  FollowedProjection,
  FollowFailure,
  FollowOptions,
  FollowProgress,
  WatchableEventStore,
} from './follow.js';
export { follow } from './follow.js';
export type { FollowShardsOptions } from './followShards.js';
export { followShards } from './followShards.js';
export { type Shard, shardOf } from './shard.js';
export type { HeldLock, RunnerLock } from './runnerLock.js';
export type { ParkedAccount, ParkingOptions, ParkingReason } from './parkedAccounts.js';
export type { RetriedAccounts } from './retryParked.js';
export { parked, retryParked } from './retryParked.js';

// Move and erase: copy stores, erase personal data from events.

export type { CopyOptions } from './copyEvents.js';
export { copyEvents } from './copyEvents.js';
export type { Clock } from '../input/clock.js';
export type {
  ErasingEventStore,
  Purged,
  RedactableEvent,
  RedactOptions,
  Redacted,
  RedactingEventStore,
  PurgeOptions,
  SweepOptions,
  Swept,
} from './redaction.js';
export { redactEvent } from './redaction.js';
