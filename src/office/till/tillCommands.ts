import * as v from 'valibot';
import type { Approver, CommandActor } from '../../account/circumstances.js';
import { nameField, textField } from '../../account/fieldSchemas.js';
import { instantField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type OfficeAmounts, officeCommandFields } from '../officeFields.js';
import type { TillActor } from './tillEvents.js';

/** Who gives a command to a till or about a remittance: always a known user. */
export type TillCommandActor = TillActor & Pick<CommandActor, 'roles'>;

/** What every command to a till, about a remittance or about a bank account has. */
export type OfficeCommandBase = {
  /**
   * Names what the command creates: 1 to 190 characters. The same command with the same id changes nothing. Unique in
   * the till for a session, in the session for everything else at a till; among the remittances of an external system;
   * in the bank account.
   */
  readonly id: string;
  /** When it happened: ISO 8601 with a zone. */
  readonly at: string;
  /** Who does it. */
  readonly by: TillCommandActor;
  /** Another member of staff who approved it, if the policy's `approvals` require one; none if left out. */
  readonly approvedBy?: Approver;
  /** A comment. */
  readonly comment?: string;
};

/** Opens a till with a float. The command's id names the session; payments carry it as `by.tillSession`. */
export type OpenTill = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'OpenTill';
  /** The amount in the drawer, a decimal string; may be zero. */
  readonly float: string;
  /** The payment method whose money lies in the drawer; `CASH` if left out. */
  readonly floatMethod?: string;
};

/** Puts money into the drawer, or takes some out, while the till is open. */
export type MoveTillMoney = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'MoveTillMoney';
  /** The session. */
  readonly sessionId: string;
  /** `in`: into the drawer; `out`: out of it. */
  readonly direction: 'in' | 'out';
  /** The amount, a decimal string above 0. */
  readonly amount: string;
};

/** An amount of one payment method. */
export type MethodAmount = {
  /** The payment method's code. */
  readonly method: string;
  /** The amount, a decimal string. */
  readonly amount: string;
};

/** Closes a till: states what it took and what was counted, method by method. */
export type CloseTill = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'CloseTill';
  /** The session. */
  readonly sessionId: string;
  /** What the session took by method, as {@link tillTakings} returns it from a payments report; may be negative. */
  readonly takings: readonly MethodAmount[];
  /**
   * What was counted by method. Every method with an expected amount must be counted. Below 0 for a method that paid
   * out more than it took, e.g. refunds to cards; never for the method of the float.
   */
  readonly counts: readonly MethodAmount[];
  /**
   * What leaves the till by method, 0 or more; what was counted less the float for the method of the float, and all
   * that was counted for the others, if left out. For the method of the float it may include what was dropped to the
   * safe during the session.
   */
  readonly deposits?: readonly MethodAmount[];
  /** The reference of the deposit, e.g. the number of the paying-in slip. */
  readonly depositReference?: string;
  /**
   * The instant before which the takings were recorded, ISO 8601 with a zone: `recordedBefore` of the payments report
   * they are from. {@link runTillReport} compares what was recorded before it, or up to 15 minutes before the closing
   * is recorded if that is later; those 15 minutes if left out.
   */
  readonly takenUntil?: string;
};

/**
 * Accepts the differences of a closed session, after a user other than the one who counted has checked them. The
 * command's id names the acceptance.
 */
export type AcceptTillDifference = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'AcceptTillDifference';
  /** The session. */
  readonly sessionId: string;
};

/** A command to a till. */
export type TillCommand = OpenTill | MoveTillMoney | CloseTill | AcceptTillDifference;

const isEachOnce = (list: readonly MethodAmount[]) =>
  new Set(list.map(({ method }) => method)).size === list.length;

const eachOnce = (amount: OfficeAmounts['any']) =>
  v.pipe(
    v.array(v.strictObject({ method: nameField, amount })),
    v.check((list) => isEachOnce(list), 'each method once'),
  );

/** Returns the schema of a command to a till; its output has canonical amounts. */
export function tillCommandSchema({ any, zeroOrMore, aboveZero }: OfficeAmounts) {
  const base = officeCommandFields({ aboveZero });
  const openTill = v.strictObject({
    ...base,
    type: v.literal('OpenTill'),
    float: zeroOrMore,
    floatMethod: v.exactOptional(nameField),
  });
  const moveTillMoney = v.strictObject({
    ...base,
    type: v.literal('MoveTillMoney'),
    sessionId: nameField,
    direction: v.picklist(['in', 'out'], "'in' or 'out'"),
    amount: aboveZero,
  });
  const closeTill = v.strictObject({
    ...base,
    type: v.literal('CloseTill'),
    sessionId: nameField,
    takings: eachOnce(any),
    counts: eachOnce(any),
    deposits: v.exactOptional(eachOnce(zeroOrMore)),
    depositReference: v.exactOptional(textField),
    takenUntil: v.exactOptional(instantField),
  });
  const acceptTillDifference = v.strictObject({
    ...base,
    type: v.literal('AcceptTillDifference'),
    sessionId: nameField,
  });
  return v.pipe(
    plainObject,
    v.variant(
      'type',
      [openTill, moveTillMoney, closeTill, acceptTillDifference],
      'OpenTill, MoveTillMoney, CloseTill or AcceptTillDifference',
    ),
  );
}
