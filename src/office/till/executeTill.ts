import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import type { NamedStream } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { OfficeStore } from '../officeEvents.js';
import {
  checkedOfficeOptions,
  executeOffice,
  foldedStream,
  type OfficeExecuteOptions,
} from '../officeStream.js';
import { streamOfKind } from '../streamKinds.js';
import { decideTill, type TillDecision } from './decideTill.js';
import { emptyTill, foldTill, type Till } from './till.js';
import type { TillCommand } from './tillCommands.js';
import type { TillEvent } from './tillEvents.js';

/** The key of a till. */
export type TillId = {
  /** The institution. */
  readonly institution: string;
  /** The till, 1 to 190 characters, e.g. the drawer's number. */
  readonly till: string;
};

/** The result of a command to a till. */
export type ExecutedTill = {
  /** The decision. If it was accepted, its events are stored. */
  readonly decision: TillDecision;
  /** The till after it, with its last session only; {@link loadTill} reads all. */
  readonly till: Till;
};

const idSchema = v.strictObject({ institution: nameField, till: commandIdField });

/**
 * Reads a till.
 *
 * @param store - the store with the events of tills, opened with the codec `officeEvents`
 * @param id - the till
 * @returns the till; without sessions if it was never opened
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if its events do not fold;
 * `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { loadTill, officeEvents } from 'patron-fees/office';
 *
 * const office = memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec: officeEvents });
 * (await loadTill(office, { institution: 'north', till: 'CIRC' })).sessions; //=> []
 * ```
 */
export async function loadTill(store: OfficeStore, id: TillId): Promise<Till> {
  assertOfficeStore(store, 'store');
  const stream = streamOf(id);
  const { events } = await store.read(stream);
  return foldedStream(stream, () => foldTill(events.map(({ event }) => event as TillEvent)));
}

/**
 * Executes a command to a till: reads its last session, decides, and appends the event. If another writer appended
 * first, reads and decides again, so that of two closings one is refused. Only a command that opens a session, or names
 * a session other than the last one, reads all sessions.
 *
 * @param store - the store with the events of tills, opened with the codec `officeEvents`
 * @param policy - the institution's policy
 * @param id - the till
 * @param command - the command
 * @param options - the present time; how to retry if other writers append first
 * @returns the decision and the till after it
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if other writers were first at every
 * attempt; `CORRUPT_HISTORY`; `INVALID_ARGUMENT`, also if the policy has `backdating` and `now` is missing; errors of
 * the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { executeTill, officeEvents } from 'patron-fees/office';
 *
 * const at = '2026-03-02T09:00:00-05:00';
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;
 * const open = { type: 'OpenTill', id: 'CIRC/2026-03-02', float: '50.00', at, by } as const;
 * const policy = definePolicy({ currency: 'USD' });
 * const { till } = await executeTill(office, policy, { institution: 'north', till: 'CIRC' }, open);
 * till.sessions[0]?.openedBy.userId; //=> 'ana'
 * ```
 */
export async function executeTill(
  store: OfficeStore,
  policy: FeePolicy,
  id: TillId,
  command: TillCommand,
  options: OfficeExecuteOptions = {},
): Promise<ExecutedTill> {
  assertOfficeStore(store, 'store');
  const { retry, how } = checkedOfficeOptions(options);
  const stream = streamOf(id);
  const { decision, state } = await executeOffice(
    store,
    stream,
    {
      read: async () => {
        const till = await lastSession(store, stream);
        return isDecidedBy(command, till) ? till : loadTill(store, id);
      },
      fold: (events, till) => foldTill(events as readonly TillEvent[], till),
      decide: (till) => decideTill(command, till, policy, how),
    },
    retry,
  );
  return { decision, till: withLastSession(state) };
}

/** How many events are read at a time to find the last opening. A day at a desk has fewer. */
const EVENTS_PER_READ = 20;

/** Reads a till from its last opening on. */
async function lastSession(store: OfficeStore, stream: NamedStream): Promise<Till> {
  let { version, events } = await store.read(stream, { limit: EVENTS_PER_READ });
  let after = 0;
  // Reads a long stream backwards from its end, until there is an opening.
  if (version > events.length) {
    after = version;
    events = [];
    while (after > 0 && !events.some(({ event }) => event.type === 'TillOpened')) {
      const limit = Math.min(EVENTS_PER_READ, after);
      after -= limit;
      const before = await store.read(stream, { after, limit });
      events = [...before.events, ...events];
    }
  }
  const first = events.map(({ event }) => event.type).lastIndexOf('TillOpened');
  const since = events.slice(Math.max(0, first)).map(({ event }) => event as TillEvent);
  // The differences of an earlier session may be accepted at any time.
  const sessionId = since[0]?.data.sessionId;
  const session = since.filter(({ data }) => data.sessionId === sessionId);
  const eventCount = after + Math.max(0, first) + since.length - session.length;
  return foldedStream(stream, () => foldTill(session, { ...emptyTill, eventCount }));
}

/**
 * Returns whether the last session is enough to decide a command: one that names another session is compared with
 * all.
 */
function isDecidedBy(command: TillCommand, { sessions }: Till): boolean {
  const [session] = sessions;
  if (session === undefined) return true;
  return (command?.type === 'OpenTill' ? command.id : command?.sessionId) === session.sessionId;
}

function withLastSession({ sessions, commands, ...till }: Till): Till {
  const last = sessions.at(-1);
  if (last === undefined) return { ...till, sessions, commands };
  const { sessionId } = last;
  const ofSession = commands.get(sessionId) ?? new Map<string, string>();
  return { ...till, sessions: [last], commands: new Map([[sessionId, ofSession]]) };
}

function streamOf(id: TillId): NamedStream {
  const { institution, till } = checkedArgument(idSchema, id, 'id');
  return streamOfKind(institution, 'till', till);
}
