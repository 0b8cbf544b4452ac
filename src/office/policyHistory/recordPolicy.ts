import * as v from 'valibot';
import { digestOf } from '../../account/digest.js';
import { commandIdField, nameField, textField } from '../../account/fieldSchemas.js';
import type { InTheFuture, TooFarBack } from '../../account/rejections/commandRejections.js';
import { compareInstants } from '../../history/instants.js';
import { RETRY } from '../../history/retry.js';
import { canonicalJson } from '../../input/canonicalJson.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { assertOfficeStore } from '../../job/jobStores.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { deskTimeRefusal, type OfficeDecideOptions, type OfficeIdAlreadyUsed } from '../officeDecision.js';
import type { OfficeEvent, OfficeStore } from '../officeEvents.js';
import { commandUserField } from '../officeFields.js';
import { executeOffice } from '../officeStream.js';
import { streamOfKind } from '../streamKinds.js';
import type { TillCommandActor } from '../till/tillCommands.js';
import type { PolicyRecorded } from './policyRecorded.js';

/** What is recorded with a policy. */
export type RecordPolicyForm = {
  /** The institution. */
  readonly institution: string;
  /** The id of the record, 1 to 190 characters. */
  readonly id: string;
  /** From when on the policy is in force, ISO 8601 with a zone. */
  readonly from: string;
  /** When it is recorded, ISO 8601 with a zone. */
  readonly at: string;
  /** Who decided it. */
  readonly by: TillCommandActor;
  /**
   * Why.
   *
   * @defaultValue none
   */
  readonly comment?: string;
};

/** The result of recording a policy. */
export type RecordedPolicy =
  | {
      /** Whether the policy is recorded. */
      readonly accepted: true;
      /** The record; that of the policy in force at `from` if it is the same. */
      readonly recorded: PolicyRecorded['data'];
      /**
       * Whether the policy was in force at `from` already, or the id with the same content had been recorded before.
       */
      readonly isRepeat: boolean;
    }
  | {
      /** Whether the policy is recorded. */
      readonly accepted: false;
      /**
       * Why not: the id was used for another record; `at` lies further from now than the policy's `backdating` allows.
       */
      readonly rejection: OfficeIdAlreadyUsed | TooFarBack | InTheFuture;
    };

const formSchema = onlyFields({
  institution: nameField,
  id: commandIdField,
  from: instantField,
  at: instantField,
  by: commandUserField,
  comment: v.exactOptional(textField),
});

const optionsSchema = v.strictObject({ now: v.exactOptional(instantField) });

type Policies = { readonly eventCount: number; readonly records: readonly PolicyRecorded[] };

/**
 * Records a policy in the office: what changed, from when on, and by whom. It is in force until the `from` of another
 * record. A program can call it at each start: the policy that is in force at `from` leaves no event.
 *
 * To postpone a policy that was announced for a day, record two policies: the old one from that day on, and the new one
 * from the later day on.
 *
 * @param office - the store of the office
 * @param policy - the policy
 * @param form - the institution, from when on it is in force, who decided it
 * @param options - the present time, for a policy with `backdating`
 * @events {@link PolicyRecorded}, in the office.
 * @returns the record, or why it was refused
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form, or if the
 * policy has `backdating` and `now` is missing; `INVALID_POLICY`;
 * errors of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents, recordPolicy } from 'patron-fees/office';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const by = { channel: 'desk', userId: 'mo' } as const;
 * const form = { institution: 'north', id: 'policy-1', from: at, at, by };
 * await recordPolicy(office, definePolicy({ currency: 'USD' }), form);
 *
 * const changed = definePolicy({ currency: 'USD', overpayment: 'credit' });
 * const result = await recordPolicy(office, changed, { ...form, id: 'policy-2' });
 * result.accepted && result.recorded.changed; //=> ['overpayment']
 * ```
 */
export async function recordPolicy(
  office: OfficeStore,
  policy: FeePolicy,
  form: RecordPolicyForm,
  options: OfficeDecideOptions = {},
): Promise<RecordedPolicy> {
  assertOfficeStore(office);
  const defined = definedPolicy(policy);
  const { institution, id, ...given } = checkedArgument(formSchema, form, 'form');
  const { now } = checkedArgument(optionsSchema, options, 'options');
  const { roles: _roles, ...by } = given.by;
  const plain = JSON.parse(JSON.stringify(defined)) as Readonly<Record<string, unknown>>;
  const { from, at, comment } = given;
  const metadata = { commandId: id, commandDigest: digestOf({ from, policy: plain }) };
  const { decision } = await executeOffice<Policies, Decision>(
    office,
    streamOfKind(institution, 'policies'),
    {
      fold: (events, state = { eventCount: 0, records: [] }) => ({
        eventCount: state.eventCount + events.length,
        records: [...state.records, ...(events as readonly PolicyRecorded[])],
      }),
      decide: ({ records }) => {
        const same = records.find((record) => record.metadata.commandId === id);
        if (same !== undefined) {
          return same.metadata.commandDigest === metadata.commandDigest
            ? accepted(same)
            : refused({ type: 'OfficeIdAlreadyUsed', kind: 'conflict', id });
        }
        const before = inForceAt(records, from, ({ data }) => data);
        const changed = changedPaths(before?.data.policy ?? {}, plain, before === undefined ? 1 : 3);
        if (before !== undefined && changed.length === 0) return accepted(before);
        const late = deskTimeRefusal(given, defined, now);
        if (late !== undefined) return refused(late);
        const number = records.length + 1;
        const data = {
          number,
          from,
          policy: plain,
          changed,
          at,
          by,
          ...(comment !== undefined && { comment }),
        };
        const record: PolicyRecorded = { type: 'PolicyRecorded', data, metadata };
        return accepted(record, record);
      },
    },
    RETRY,
  );
  return decision.result;
}

type Decision = { readonly events: readonly OfficeEvent[]; readonly result: RecordedPolicy };

function accepted({ data: recorded }: PolicyRecorded, ...events: readonly OfficeEvent[]): Decision {
  return { events, result: { accepted: true, recorded, isRepeat: events.length === 0 } };
}

function refused(rejection: Extract<RecordedPolicy, { accepted: false }>['rejection']): Decision {
  return { events: [], result: { accepted: false, rejection } };
}

/** Returns the paths of the values that differ, sorted, down to a depth. */
function changedPaths(before: unknown, after: unknown, depth: number): readonly string[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (depth === 0 || !isFields(before) || !isFields(after)) return [''];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) =>
    changedPaths(fieldOf(before, name), fieldOf(after, name), depth - 1).map((rest) =>
      rest === '' ? name : `${name}.${rest}`,
    ),
  );
}

function fieldOf(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the record with the latest `from` that is not after an instant; of several with this `from`, the last one.
 */
function inForceAt<Row>(
  rows: readonly Row[],
  at: string,
  dataOf: (row: Row) => PolicyRecorded['data'],
): Row | undefined {
  return rows.reduce<Row | undefined>((found, row) => {
    const { from } = dataOf(row);
    if (compareInstants(from, at) > 0) return found;
    return found === undefined || compareInstants(from, dataOf(found).from) >= 0 ? row : found;
  }, undefined);
}

/** Which policy of an institution. */
export type PolicyQuestion = {
  /** The institution. */
  readonly institution: string;
  /** The policy that was in force at this instant, ISO 8601 with a zone, e.g. the `at` of an old decision. */
  readonly at: string;
  /**
   * Only what was recorded before this instant counts: the policy as it was known then.
   *
   * @defaultValue everything recorded so far
   */
  readonly recordedBefore?: string;
};

/** A policy that was in force, and its record. */
export type PolicyInForce = {
  /**
   * The policy, for {@link index.decide | decide}, {@link views.blocks | blocks} and every other function with a
   * policy.
   */
  readonly policy: FeePolicy;
  /** Its record. */
  readonly recorded: PolicyRecorded['data'];
  /** When the store recorded it. */
  readonly recordedAt: string;
};

const questionSchema = onlyFields({
  institution: nameField,
  at: instantField,
  recordedBefore: v.optional(instantField),
});

/**
 * Returns the policy that was in force at an instant: of the records whose `from` is not later, the one with the latest
 * `from`; if several have this `from`, the last one that was recorded.
 *
 * @param office - the store of the office
 * @param question - the institution and the instant
 * @returns the policy and its record; null if none was recorded for that time
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid question, `INVALID_POLICY`
 * if this release refuses the recorded policy; errors of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { officeEvents, policyInForce, recordPolicy } from 'patron-fees/office';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const by = { channel: 'desk', userId: 'mo' } as const;
 * const form = { institution: 'north', id: 'policy-1', from: '2026-04-01T00:00:00-04:00', at, by };
 * await recordPolicy(office, definePolicy({ currency: 'USD', overpayment: 'credit' }), form);
 *
 * await policyInForce(office, { institution: 'north', at: '2026-03-31T12:00:00Z' }); //=> null
 * const found = await policyInForce(office, { institution: 'north', at: '2026-04-02T12:00:00Z' });
 * [found?.policy.overpayment, found?.recorded.number, found?.recorded.by.userId]; //=> ['credit', 1, 'mo']
 * ```
 */
export async function policyInForce(
  office: OfficeStore,
  question: PolicyQuestion,
): Promise<PolicyInForce | null> {
  assertOfficeStore(office);
  const { institution, at, recordedBefore } = checkedArgument(questionSchema, question, 'question');
  const { events } = await office.read(streamOfKind(institution, 'policies'));
  const known = events.filter(
    ({ recordedAt }) => recordedBefore === undefined || compareInstants(recordedAt, recordedBefore) < 0,
  );
  const found = inForceAt(known, at, ({ event }) => (event as PolicyRecorded).data);
  if (found === undefined) return null;
  const { data: recorded } = found.event as PolicyRecorded;
  return { policy: definePolicy(recorded.policy as never), recorded, recordedAt: found.recordedAt };
}
