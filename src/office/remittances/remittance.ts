import type { GivenCommand } from '../../account/duties.js';
import { minorUnits } from '../../money/money.js';
import { foldOffice } from '../foldOffice.js';
import type { OfficeEventBase, TillEventMetadata } from '../till/tillEvents.js';

/** What every event of a remittance has. */
export type RemittanceEventBase = OfficeEventBase & {
  /** The remittance. */
  readonly remittanceId: string;
  /** The external system, a destination of the policy; left out if transfers name none. */
  readonly destination?: string;
};

/**
 * The external system handed over money that patrons paid there, or the institution paid the external system for
 * credits that it gave out.
 */
export type RemittanceRecorded = {
  /** The event's name. */
  readonly type: 'RemittanceRecorded';
  /** What happened. */
  readonly data: RemittanceEventBase & {
    /** `received`: from the external system; `paid`: to it. */
    readonly direction: 'received' | 'paid';
    /** The money that was handed over, a decimal string above 0. */
    readonly amount: string;
    /** What the external system kept of the patrons' money as its fee, a decimal string; zero if paid. */
    readonly commission: string;
    /**
     * The part of amount and commission that patrons paid there above what was pending, a decimal string. The rest is
     * booked against what was settled.
     */
    readonly surplus: string;
    /** The reference of the payment, e.g. of a bank transfer. */
    readonly reference?: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** A remittance was recorded in error, or did not arrive: it no longer counts. */
export type RemittanceReversed = {
  /** The event's name. */
  readonly type: 'RemittanceReversed';
  /** What happened. */
  readonly data: RemittanceEventBase & {
    /** The reversal. */
    readonly reversalId: string;
    /** The amount of the remittance, a decimal string. */
    readonly amount: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** An event of the remittances of one external system. */
export type RemittanceEvent = RemittanceRecorded | RemittanceReversed;

/** One remittance. */
export type Remittance = Omit<RemittanceRecorded['data'], 'destination' | 'currency'> & {
  /** Whether it was reversed. */
  readonly isReversed: boolean;
};

/** Returns what an event moves: that of a reversal is what it reverses. */
export function remittanceAmounts(
  { data }: RemittanceEvent,
  { remittances }: Remittances,
): readonly string[] {
  const { amount, commission } =
    remittances.find(({ remittanceId }) => remittanceId === data.remittanceId) ??
    (data as RemittanceRecorded['data']);
  return [amount, commission];
}

/** Returns the command that recorded a remittance, for the policy's duties. */
export function givenFor(remittance: Remittance | undefined): readonly GivenCommand[] {
  return remittance === undefined ? [] : [{ commandType: 'RecordRemittance', userId: remittance.by.userId }];
}

/** The remittances of one external system. */
export type Remittances = {
  /** The external system; null if transfers name none, or before the first event. */
  readonly destination: string | null;
  /** ISO 4217 code of all amounts; null before the first event. */
  readonly currency: string | null;
  /** The number of events, which is the version of the stream. */
  readonly eventCount: number;
  /** The remittances, oldest first. */
  readonly remittances: readonly Remittance[];
  /** The digests of the commands so far, by the command's id. */
  readonly commands: ReadonlyMap<string, string>;
};

/** No remittances. */
export const noRemittances: Remittances = {
  destination: null,
  currency: null,
  eventCount: 0,
  remittances: [],
  commands: new Map(),
};

/**
 * Folds the remittances of one external system.
 *
 * @param events - its events, in the stream's order
 * @param state - the remittances before them; none if left out
 * @returns the remittances after them
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if an event cannot follow the events before
 * it: an id used twice, another currency or external system, a surplus above the amount, a reversal of a remittance
 * that does not exist, was reversed already or has another amount; `INVALID_ARGUMENT` if `events` is not a list;
 * `INVALID_EVENT` for another value in it
 *
 * @example
 * ```ts
 * import { foldRemittances } from 'patron-fees/bursar';
 *
 * foldRemittances([]).remittances; //=> []
 * ```
 */
export function foldRemittances(
  events: Iterable<RemittanceEvent>,
  state: Remittances = noRemittances,
): Remittances {
  const commands = new Map(state.commands);
  const byId = new Map(state.remittances.map((one) => [one.remittanceId, one]));
  let { destination, currency } = state;
  const eventCount = foldOffice(events, state.eventCount, (event, fail) => {
    const { commandId, commandDigest } = event.metadata;
    if (commands.has(commandId)) fail(`the command ${commandId} has events already`);
    const { destination: where = null, currency: its, ...data } = event.data;
    if (currency !== null && currency !== its) fail(`expected ${currency}, found ${its}`);
    if (currency !== null && destination !== where) fail(`expected ${destination}, found ${where}`);
    currency = its;
    destination = where;
    commands.set(commandId, commandDigest);
    const known = byId.get(data.remittanceId);
    if ('reversalId' in data) {
      if (known === undefined || known.isReversed)
        return fail(`no remittance ${data.remittanceId} to reverse`);
      if (known.amount !== data.amount) fail(`expected ${known.amount}, found ${data.amount}`);
      byId.set(known.remittanceId, { ...known, isReversed: true });
      return;
    }
    if (known !== undefined) fail(`remittance ${data.remittanceId} exists already`);
    const { amount, commission, surplus } = data;
    if (minorUnits(surplus) > minorUnits(amount) + minorUnits(commission))
      fail('the surplus exceeds the amount');
    byId.set(data.remittanceId, { ...data, isReversed: false });
  });
  return { destination, currency, eventCount, remittances: [...byId.values()], commands };
}
