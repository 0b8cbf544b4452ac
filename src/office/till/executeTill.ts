import * as v from 'valibot';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { type RetryOptions, retryField } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type OfficeEvent, tillStream } from '../officeEvents.js';
import { executeOffice, foldedStream } from '../officeStream.js';
import { decideTill, type TillDecision } from './decideTill.js';
import { foldTill, type Till } from './till.js';
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
  /** The till after it. */
  readonly till: Till;
};

const optionsSchema = v.strictObject({ retry: retryField });
const idSchema = v.strictObject({ institution: nameField, till: commandIdField });

/**
 * Reads a till.
 *
 * @param store - the store with the events of tills, opened with the codec `officeEvents`
 * @param id - the till
 * @returns the till; without sessions if it was never opened
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if its events do not fold; `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { loadTill, officeEvents } from 'patron-fees/institution';
 *
 * const office = memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec: officeEvents });
 * (await loadTill(office, { institution: 'north', till: 'CIRC' })).sessions; //=> []
 * ```
 */
export async function loadTill(store: EventStore<OfficeEvent>, id: TillId): Promise<Till> {
  const stream = streamOf(id);
  const { events } = await store.read(stream);
  return foldedStream(stream, () => foldTill(events.map(({ event }) => event as TillEvent)));
}

/**
 * Executes a command to a till: reads the till, decides, and appends the event. If another writer appended first, reads
 * and decides again, so that of two closings one is refused.
 *
 * @param store - the store with the events of tills, opened with the codec `officeEvents`
 * @param policy - the institution's policy
 * @param id - the till
 * @param command - the command
 * @param options - how to retry if other writers append first
 * @returns the decision and the till after it
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if other writers were first at every
 * attempt; `CORRUPT_HISTORY`; `INVALID_ARGUMENT`; errors of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { executeTill, officeEvents } from 'patron-fees/institution';
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
  store: EventStore<OfficeEvent>,
  policy: FeePolicy,
  id: TillId,
  command: TillCommand,
  options: {
    /**
     * How to retry if other writers append first.
     *
     * @defaultValue 50 attempts, with pauses of up to 200 ms
     */
    readonly retry?: RetryOptions;
  } = {},
): Promise<ExecutedTill> {
  const { retry } = checkedArgument(optionsSchema, options, 'options');
  const { decision, state } = await executeOffice(
    store,
    streamOf(id),
    {
      fold: (events, till?: Till) => foldTill(events as readonly TillEvent[], till),
      decide: (till) => decideTill(command, till, policy),
    },
    retry,
  );
  return { decision, till: state };
}

function streamOf(id: TillId): StreamId {
  const { institution, till } = checkedArgument(idSchema, id, 'id');
  return tillStream(institution, till);
}
