import type { Actor } from '../../account/circumstances.js';
import type { SettleTransfer } from '../../account/commands/transferCommands.js';
import { decide } from '../../account/decide.js';
import { digestOf } from '../../account/digest.js';
import type { AccountEvent } from '../../account/events.js';
import { findTransfer, type PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { SettlementFinding } from './settlementFinding.js';
import { findingAt, type Settlement } from './settlementOfRow.js';

/** What all settlements of a job have in common. */
export type SettlementJob = {
  readonly jobId: string;
  readonly at: string;
  readonly by: Actor;
};

/** What a row does to the account. */
export type SettlementPlan = {
  /** The events to append; none where this row was booked before, or is not. */
  readonly events: readonly AccountEvent[];
  /** The events that book this row, now or in an earlier run of the job; none if it is not booked. */
  readonly booked: readonly AccountEvent[];
  /** Why it is not booked. */
  readonly finding: SettlementFinding | null;
};

/**
 * Decides what a reported payment does to an account. Pure.
 *
 * The command's id is made of the transfer and of the external system's name for the payment, so that the payment is
 * recognised wherever it comes again; or, where it has no name, of the transfer and the job. The events say in
 * `causationId` which job and row they come from: that tells a job that is run again from a payment that is reported
 * twice.
 *
 * @param eventsOf - the events of the account that a command caused
 */
export function planSettlement(
  account: PatronAccount,
  eventsOf: (commandId: string) => readonly AccountEvent[],
  settlement: Settlement,
  job: SettlementJob,
  policy: FeePolicy,
): SettlementPlan {
  const { reference, patronId, transferId, kind, amount } = settlement;
  const notBooked = (
    code: SettlementFinding['code'],
    expected: string,
    found: string,
    more: Partial<SettlementFinding> = {},
  ): SettlementPlan => ({
    events: [],
    booked: [],
    finding: findingAt(settlement, code, { expected, found }, { reference, patronId, ...more }),
  });
  const transfer = findTransfer(account, transferId);
  if (transfer === undefined) {
    const expected = 'the reference of an exported transfer';
    return notBooked('UNKNOWN_REFERENCE', expected, JSON.stringify(reference.slice(0, 200)));
  }
  if (account.currency !== policy.currency) {
    return notBooked('OTHER_CURRENCY', policy.currency, `an account in ${account.currency}`);
  }
  if (kind !== (transfer.feeId === null ? 'credit' : 'fee')) {
    const expected = kind === 'fee' ? 'a negative amount, as of a credit' : 'a positive amount, as of a fee';
    const found = kind === 'fee' ? amount : `-${amount}`;
    return notBooked('AMOUNT_NOT_USABLE', expected, found);
  }
  const command = commandOf(settlement, job);
  const before = eventsOf(command.id);
  const decision = decide(command, account, policy);
  const bookedBy = before[0]?.metadata?.causationId;
  const isOwn = bookedBy === command.metadata?.causationId;
  if (before.length > 0 && !(decision.accepted && isOwn)) {
    const found = `one that is booked already${bookedBy === undefined ? '' : ` from ${bookedBy}`}`;
    return notBooked('REPEATED', 'a payment that is new', found, bookedBy === undefined ? {} : { bookedBy });
  }
  if (decision.accepted)
    return { events: decision.events, booked: [...before, ...decision.events], finding: null };
  const { rejection } = decision;
  return notBooked('REFUSED', 'a payment that the account takes', rejection.type, { rejection });
}

function commandOf(
  { row, transferId, amount, paymentReference }: Settlement,
  { jobId, at, by }: SettlementJob,
): SettleTransfer {
  const name = paymentReference === undefined ? { transferId, jobId } : { transferId, paymentReference };
  return {
    ...{ type: 'SettleTransfer', id: `settlement-${digestOf(name)}`, at, by, transferId, amount },
    ...(paymentReference !== undefined && { externalReference: paymentReference }),
    metadata: { correlationId: jobId, causationId: `${jobId}/${row}` },
  };
}
