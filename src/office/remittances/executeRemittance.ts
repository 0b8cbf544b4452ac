import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
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
import { decideRemittance, type RemittanceCommand, type RemittanceDecision } from './decideRemittance.js';
import { foldRemittances, type RemittanceEvent, type Remittances } from './remittance.js';

/** The key of the remittances of an external system. */
export type RemittancesId = {
  /** The institution. */
  readonly institution: string;
  /** The external system, a destination of the policy; left out if transfers name none. */
  readonly destination?: string;
};

/** The result of a command about a remittance. */
export type ExecutedRemittance = {
  /** The decision. If it was accepted, its events are stored. */
  readonly decision: RemittanceDecision;
  /** The remittances of the external system after it. */
  readonly remittances: Remittances;
};

const idSchema = v.strictObject({ institution: nameField, destination: v.exactOptional(nameField) });

/**
 * Reads the remittances of an external system.
 *
 * @param store - the store with the events of the office, opened with the codec `officeEvents`
 * @param id - the institution and the external system
 * @returns the remittances
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold;
 * `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { loadRemittances } from 'patron-fees/bursar';
 * import { officeEvents } from 'patron-fees/office';
 *
 * const office = memoryEventStore({ now: () => '2026-04-01T09:00:00Z', codec: officeEvents });
 * (await loadRemittances(office, { institution: 'north', destination: 'BANNER' })).remittances; //=> []
 * ```
 */
export async function loadRemittances(store: OfficeStore, id: RemittancesId): Promise<Remittances> {
  assertOfficeStore(store, 'store');
  const { institution, destination } = checkedArgument(idSchema, id, 'id');
  const stream = streamOfKind(institution, 'remittances', destination);
  const { events } = await store.read(stream);
  return foldedStream(stream, () => foldRemittances(events.map(({ event }) => event as RemittanceEvent)));
}

/**
 * Executes a command about a remittance: reads the remittances of its external system, decides, and appends the event.
 * If another writer appended first, reads and decides again.
 *
 * @param store - the store with the events of the office, opened with the codec `officeEvents`
 * @param policy - the institution's policy
 * @param id - the institution
 * @param command - the command
 * @param options - the present time; how to retry if other writers append first
 * @returns the decision and the remittances after it
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if other writers were first at every
 * attempt; `CORRUPT_HISTORY`; `INVALID_ARGUMENT`, also if the policy has `backdating` and `now` is missing; errors of
 * the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { executeRemittance } from 'patron-fees/bursar';
 * import { officeEvents } from 'patron-fees/office';
 *
 * const at = '2026-04-01T09:00:00Z';
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const policy = definePolicy({ currency: 'USD', destinations: { BANNER: 'Student accounts' } });
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const { remittances } = await executeRemittance(office, policy, { institution: 'north' }, {
 *   type: 'RecordRemittance',
 *   id: 'r1',
 *   destination: 'BANNER',
 *   direction: 'received',
 *   amount: '400.00',
 *   reference: 'Wire 4711',
 *   at,
 *   by,
 * });
 * remittances.remittances.map(({ amount, reference }) => [amount, reference]); //=> [['400.00', 'Wire 4711']]
 * ```
 */
export async function executeRemittance(
  store: OfficeStore,
  policy: FeePolicy,
  id: {
    /** The institution. */
    readonly institution: string;
  },
  command: RemittanceCommand,
  options: OfficeExecuteOptions = {},
): Promise<ExecutedRemittance> {
  assertOfficeStore(store, 'store');
  const { retry, how } = checkedOfficeOptions(options);
  const { institution } = checkedArgument(v.strictObject({ institution: nameField }), id, 'id');
  // A malformed destination is refused by the decision.
  const destination = typeof command?.destination === 'string' ? command.destination : undefined;
  const { decision, state } = await executeOffice(
    store,
    streamOfKind(institution, 'remittances', destination),
    {
      fold: (events, remittances?: Remittances) =>
        foldRemittances(events as readonly RemittanceEvent[], remittances),
      decide: (remittances) => decideRemittance(command, remittances, policy, how),
    },
    retry,
  );
  return { decision, remittances: state };
}
