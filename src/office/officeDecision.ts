import * as v from 'valibot';
import { fieldWithCardNumber, timeRefusal } from '../account/circumstanceRules.js';
import type { Approver, RecordedApprover } from '../account/circumstances.js';
import { digestOf } from '../account/digest.js';
import type { GivenCommand } from '../account/duties.js';
import { permissionFor } from '../account/permission.js';
import {
  type ApprovalRequired,
  englishFaults,
  type InTheFuture,
  type LooksLikeCardNumber,
  type NotPermitted,
  type SameUser,
  type TooFarBack,
} from '../account/rejections/commandRejections.js';
import type { Refusal } from '../account/rejections/refusal.js';
import type { Rejection } from '../account/rejections/rejection.js';
import type { RejectionWords } from '../account/rejections/rejectionText.js';
import type { Fault } from '../errors.js';
import { checkedArgument, parsed } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { digitsOf } from '../money/currency.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import type { PermittedCommand } from '../policy/permissions.js';
import { officeRefusal, rolesOf } from './officePermission.js';
import type { TillCommandActor } from './till/tillCommands.js';
import type { TillEventMetadata } from './till/tillEvents.js';

/** The command is malformed. */
export type InvalidOfficeCommand = Refusal<'InvalidOfficeCommand', 'invalid'> & {
  /** What is wrong, field by field. */
  readonly faults: readonly Fault[];
};

/** The command's id was used for another command. */
export type OfficeIdAlreadyUsed = Refusal<'OfficeIdAlreadyUsed', 'conflict'> & {
  /** The id. */
  readonly id: string;
};

/** The till, or the remittances of the external system, are in another currency than the policy's. */
export type OfficeInOtherCurrency = Refusal<'OfficeInOtherCurrency', 'conflict'> & {
  /** The currency of the events so far. */
  readonly recordedCurrency: string;
  /** The policy's currency. */
  readonly policyCurrency: string;
};

/** The reasons why a command to a till or about a remittance is refused. */
export type OfficeRejection =
  | InvalidOfficeCommand
  | OfficeIdAlreadyUsed
  | OfficeInOtherCurrency
  | TooFarBack
  | InTheFuture
  | LooksLikeCardNumber
  | NotPermitted
  | ApprovalRequired
  | SameUser;

/** The English sentences of the rejections that commands to accounts do not have. */
export const englishOfficeRejections: RejectionWords<Exclude<OfficeRejection, Rejection>> = {
  InvalidOfficeCommand: englishFaults,
  OfficeIdAlreadyUsed: 'The id {id} was used before for something else.',
  OfficeInOtherCurrency: 'The events so far are in {recordedCurrency}, the policy is in {policyCurrency}.',
};

/** The result of {@link decideTill} and {@link bursar.decideRemittance | decideRemittance}: the events to append, or the rejection. */
export type OfficeDecision<Event, Rejection> =
  | {
      /** Always true. */
      readonly accepted: true;
      /** What happened; empty for a repeated command. */
      readonly events: readonly Event[];
    }
  | {
      /** Always false. */
      readonly accepted: false;
      /** Always empty. */
      readonly events: readonly [];
      /** Why the command is refused. */
      readonly rejection: Rejection | OfficeRejection;
    };

/** Options of {@link decideTill}, {@link bursar.decideRemittance | decideRemittance} and {@link decideBank}. */
export type OfficeDecideOptions = {
  /**
   * The present time, ISO 8601 with a zone: for a policy with {@link index.Backdating | Backdating}, which needs it for
   * every command that is given at a desk.
   *
   * @defaultValue none
   */
  readonly now?: string;
};

/** What the rules of a command work with. */
export type OfficeContext = {
  readonly policy: FeePolicy;
  /** The number of decimals of the policy's currency. */
  readonly digits: number;
  /** The limit of the actor's roles, a decimal string; null without one. */
  readonly limit: string | null;
  readonly metadata: TillEventMetadata;
};

type OfficeCommand = {
  readonly type: PermittedCommand;
  readonly id: string;
  readonly at: string;
  readonly by: TillCommandActor;
  readonly approvedBy?: Approver;
  readonly comment?: string;
  readonly reference?: string;
  readonly depositReference?: string;
};

/** The rules of a kind of commands, with the schema of the command, whose output has canonical amounts. */
export type OfficeCommandRules<Command, Event, Rejection> = {
  readonly schema: (digits: number) => v.GenericSchema;
  /** Returns the event of a command, or why it is refused. */
  readonly decide: (command: Command, context: OfficeContext) => Event | Rejection;
  /**
   * The amounts that limits and approvals compare: everything that the command writes off or moves, in either
   * direction.
   *
   * @defaultValue the event's amount, float and commission
   */
  readonly amounts?: (event: Event) => readonly string[];
  /**
   * The commands given before for the same session, deposit or remittance, for the policy's duties.
   *
   * @defaultValue none
   */
  readonly before?: (event: Event) => readonly GivenCommand[];
};

/** The schemas of {@link OfficeDecideOptions}. */
export const officeOptionFields = { now: v.exactOptional(instantField) };

const optionsSchema = v.strictObject(officeOptionFields);

/**
 * Decides a command of the office: checks its shape, then its id (a repeat is accepted without events), then the
 * currency, its time, card numbers in its texts, the policy's permission, then its own rules, then limits, approvals and
 * duties.
 *
 * @param state - the currency and the commands of the events so far
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options; `INVALID_POLICY`
 */
export function decideOffice<
  Command extends OfficeCommand,
  Event extends { readonly data: object },
  Rejection extends { readonly type: string },
>(
  command: Command,
  state: { readonly currency: string | null; readonly commands: ReadonlyMap<string, string> },
  policy: FeePolicy,
  rules: OfficeCommandRules<Command, Event, Rejection>,
  options: OfficeDecideOptions = {},
): OfficeDecision<Event, Rejection> {
  const { now } = checkedArgument(optionsSchema, options, 'options');
  const defined = definedPolicy(policy);
  const digits = digitsOf(defined.currency);
  const shape = parsed(rules.schema(digits), command, 'described');
  if ('faults' in shape)
    return refused({ type: 'InvalidOfficeCommand', kind: 'invalid', faults: shape.faults });
  const read = shape.output as Command;
  const { at: _at, by: _by, approvedBy: _approvedBy, comment: _comment, ...content } = read;
  const { id } = read;
  const commandDigest = digestOf(content);
  const recorded = state.commands.get(id);
  if (recorded === commandDigest) return { accepted: true, events: [] };
  if (recorded !== undefined) return refused({ type: 'OfficeIdAlreadyUsed', kind: 'conflict', id });
  if (state.currency !== null && state.currency !== defined.currency) {
    const currencies = { recordedCurrency: state.currency, policyCurrency: defined.currency };
    return refused({ type: 'OfficeInOtherCurrency', kind: 'conflict', ...currencies });
  }
  const late = deskTimeRefusal(read, defined, now);
  if (late !== undefined) return refused(late);
  const field = cardNumberIn(read, defined);
  if (field !== undefined) return refused({ type: 'LooksLikeCardNumber', kind: 'invalid', field });
  const { limit, rejection } = permissionFor(defined, read.type, rolesOf(read.by));
  if (rejection !== null) return refused(rejection);
  const context = { policy: defined, digits, limit, metadata: { commandId: id, commandDigest } };
  const result = rules.decide(read, context);
  if (!('data' in result)) return refused(result);
  const { amounts = amountsOf, before = () => [] } = rules;
  const { type: commandType, by, approvedBy } = read;
  const refusal = officeRefusal(
    { commandType, by, approvedBy, amounts: amounts(result), before: before(result) },
    defined,
  );
  return refusal === undefined ? { accepted: true, events: [result] } : refused(refusal);
}

/**
 * Returns the refusal of a time too far from now that was entered at a desk. What a job or a program reports is not
 * bound, as in accounts: it has happened.
 */
export function deskTimeRefusal(
  { at, by }: Pick<OfficeCommand, 'at' | 'by'>,
  policy: FeePolicy,
  now: string | undefined,
): TooFarBack | InTheFuture | undefined {
  return by.channel === 'desk' ? timeRefusal(at, policy, now) : undefined;
}

/**
 * Returns the field with what looks like the number of a payment card; `reference` for that of a till's deposit, too.
 * What a program reports is not checked, as in accounts: its money has moved.
 */
function cardNumberIn(
  { by, comment, reference, depositReference }: OfficeCommand,
  { cardNumbers }: FeePolicy,
): LooksLikeCardNumber['field'] | undefined {
  if (cardNumbers !== 'refused' || by.channel !== 'desk') return undefined;
  const text = reference ?? depositReference;
  return fieldWithCardNumber({ ...(comment && { comment }), ...(text && { reference: text }) });
}

/** Returns the money that an event moves: a float, a movement, a remittance with the part that was kept. */
function amountsOf({ data }: { readonly data: object }): readonly string[] {
  const { amount, float, commission } = data as Readonly<
    Partial<Record<'amount' | 'float' | 'commission', string>>
  >;
  return [amount, float, commission].filter((part) => part !== undefined);
}

function refused<Rejection>(rejection: Rejection) {
  return { accepted: false, events: [], rejection } as const;
}

/** Returns when, by whom (without roles) and with which comment a command was given and approved, for its event. */
export function circumstancesOf({
  at,
  by: { roles: _roles, ...by },
  approvedBy,
  comment,
}: Omit<OfficeCommand, 'type'>) {
  const { roles: _, ...approver } = approvedBy ?? {};
  return {
    at,
    by,
    ...(approvedBy !== undefined && { approvedBy: approver as RecordedApprover }),
    ...(comment !== undefined && { comment }),
  };
}
