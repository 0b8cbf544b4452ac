import type { Actor } from '../../account/circumstances.js';
import type { ReverseSettlement, SettleTransfer } from '../../account/commands/transferCommands.js';
import { decide } from '../../account/decide.js';
import { digestOf } from '../../account/digest.js';
import type { AccountEvent } from '../../account/events.js';
import { findTransfer, type PatronAccount } from '../../account/patronAccount.js';
import { settlementReversedOf } from '../../account/records.js';
import { parseLooseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { SettlementFinding } from './settlementFinding.js';
import { findingAt, type Settlement } from './settlementOfRow.js';

/** What all settlements of a job have in common. */
export type SettlementJob = {
  readonly jobId: string;
  readonly at: string;
  readonly by: Actor;
  /** Whether a payment whose settlement was reversed is booked again. */
  readonly bookReversed?: boolean;
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
 * A row with the sign of the other kind reverses a settlement: the payment bounced there.
 *
 * @param history - the events of the account
 */
export function planSettlement(
  account: PatronAccount,
  history: readonly AccountEvent[],
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
  const bounced = kind !== (transfer.feeId === null ? 'credit' : 'fee');
  const command = bounced
    ? reversalOf(settlement, account, history, job)
    : commandOf(settlement, history, job);
  if (command === undefined) {
    const expected = kind === 'fee' ? 'a negative amount, as of a credit' : 'a positive amount, as of a fee';
    const found = kind === 'fee' ? amount : `-${amount}`;
    return notBooked('AMOUNT_NOT_USABLE', expected, found);
  }
  const before = history.filter(({ metadata }) => metadata?.commandId === command.id);
  const decision = decide(command, account, policy);
  const settledBefore = before[0]?.type === 'TransferSettled' ? before[0].data.settlementId : undefined;
  if (settledBefore !== undefined && reversedElsewhere(settledBefore, account, history, job)) {
    return notBooked(
      'REVERSED_SINCE',
      'a payment that stands',
      `one whose settlement ${settledBefore} was reversed`,
    );
  }
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
  settlement: Settlement,
  history: readonly AccountEvent[],
  job: SettlementJob,
): SettleTransfer {
  const { transferId, amount } = settlement;
  const command: SettleTransfer = {
    ...{ type: 'SettleTransfer' as const, id: settlementIdOf(settlement, job), transferId, amount },
    ...circumstances(settlement, job),
  };
  const reversed = history.some(
    ({ type, data, metadata }) =>
      type === 'SettlementReversed' &&
      data.settlementId === command.id &&
      metadata?.correlationId !== job.jobId,
  );
  // Booked again it is another payment, by an id that this job gives.
  return reversed && job.bookReversed === true
    ? { ...command, id: `settlement-${digestOf({ again: command.id, jobId: job.jobId })}` }
    : command;
}

/** The id of the settlement of a reported payment. */
function settlementIdOf(
  { transferId, paymentReference }: Pick<Settlement, 'transferId' | 'paymentReference'>,
  { jobId }: SettlementJob,
): string {
  const name = paymentReference === undefined ? { transferId, jobId } : { transferId, paymentReference };
  return `settlement-${digestOf(name)}`;
}

/** What every command of a row says about itself. */
function circumstances({ row, paymentReference }: Settlement, { jobId, at, by }: SettlementJob) {
  return {
    ...{ at, by },
    ...(paymentReference !== undefined && { externalReference: paymentReference }),
    metadata: { correlationId: jobId, causationId: `${jobId}/${row}` },
  };
}

/**
 * The command that reverses the settlement of a payment that bounced: the payment that the row names, or the latest of
 * the transfer that the amount fits in. None where there is no such settlement.
 */
function reversalOf(
  settlement: Settlement,
  account: PatronAccount,
  history: readonly AccountEvent[],
  job: SettlementJob,
): ReverseSettlement | undefined {
  const { transferId, paymentReference, amount } = settlement;
  const name = {
    reversed: transferId,
    ...(paymentReference === undefined ? { jobId: job.jobId } : { paymentReference }),
  };
  const id = `settlement-${digestOf(name)}`;
  const done = history.find(({ metadata }) => metadata?.commandId === id);
  const settlementId =
    done?.type === 'SettlementReversed'
      ? done.data.settlementId
      : latestThatFits(settlement, account, history)?.settlementId;
  if (settlementId === undefined) return undefined;
  return { type: 'ReverseSettlement', id, settlementId, amount, ...circumstances(settlement, job) };
}

function latestThatFits(
  { transferId, paymentReference, amount }: Settlement,
  account: PatronAccount,
  history: readonly AccountEvent[],
) {
  const named = new Set(
    history.flatMap(({ type, data }) =>
      type === 'TransferSettled' && data.externalReference === paymentReference ? [data.settlementId] : [],
    ),
  );
  const minor = parseLooseAmount(amount, account.minorDigits);
  return [...account.settlements]
    .reverse()
    .find(
      (one) =>
        one.transferId === transferId &&
        (paymentReference === undefined || named.has(one.settlementId)) &&
        one.amount + (one.surplus?.amount ?? 0) - settlementReversedOf(one) >= minor,
    );
}

/** Whether a settlement was reversed whole, and not by a row of this very job. */
function reversedElsewhere(
  settlementId: string,
  account: PatronAccount,
  history: readonly AccountEvent[],
  { jobId }: SettlementJob,
): boolean {
  const settlement = account.settlements.find((one) => one.settlementId === settlementId);
  if (settlement === undefined) return false;
  const all = settlement.amount + (settlement.surplus?.amount ?? 0);
  return (
    settlementReversedOf(settlement) === all &&
    history.some(
      ({ type, data, metadata }) =>
        type === 'SettlementReversed' &&
        data.settlementId === settlementId &&
        metadata?.correlationId !== jobId,
    )
  );
}
