import type { RecordedActor } from '../../account/circumstances.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { parseAmount } from '../../money/money.js';
import type { PermittedCommand } from '../../policy/permissions.js';

/** The kinds of adjustments. */
export const adjustmentKinds = [
  'waived',
  'writtenOff',
  'cancelled',
  'refunded',
  'reversed',
  'lowered',
  'goodwill',
] as const satisfies readonly AdjustmentKind[];

/**
 * Why a patron owes less, or got something back, without having paid: somebody decided it.
 *
 * - `waived`, `writtenOff`: a waiver, by the kind of its reason, also one that became a credit.
 * - `cancelled`: a fee was cancelled: the amount that is no longer owed, and the credit for what was paid.
 * - `refunded`: a credit was paid out.
 * - `reversed`: a payment was undone.
 * - `lowered`: a lower total of a growing fine was reported: the amount that is no longer owed, and the credit for what
 *   was paid.
 * - `goodwill`: a credit that staff issued.
 */
export type AdjustmentKind =
  | 'waived'
  | 'writtenOff'
  | 'cancelled'
  | 'refunded'
  | 'reversed'
  | 'lowered'
  | 'goodwill';

/** What one command adjusted, of one kind. */
export type Adjustment = {
  readonly kind: AdjustmentKind;
  /** The command whose permission is asked; null if none is: circulation computes it. */
  readonly command: PermittedCommand | null;
  readonly by: RecordedActor | null;
  readonly isApproved: boolean;
  readonly day: string;
  readonly recordedAt: string;
  readonly commandId: string | undefined;
  /** In minor units. */
  readonly amount: number;
};

/** Returns what the commands of an account adjusted. The events of one command follow each other. */
export function adjustmentsIn(
  recorded: readonly RecordedEvent[],
  digits: number,
  dayOf: (at: string) => string,
): readonly Adjustment[] {
  const found: (Adjustment & { amount: number })[] = [];
  let resolved: string | undefined;
  // What the cancellation of a fee undoes of its waivers comes before it, and was given up before.
  let undone = { commandId: undefined as string | undefined, amount: 0 };
  for (const { event, recordedAt } of recorded) {
    const commandId = event.metadata?.commandId;
    if (event.type === 'DisputeResolved') resolved = commandId;
    if (event.metadata === undefined || undone.commandId !== commandId) undone = { commandId, amount: 0 };
    if (event.type === 'WaiverReversed' || event.type === 'CreditCancelled')
      undone.amount += parseAmount(event.data.amount, digits);
    const kind = kindOf(event);
    if (kind === null) continue;
    const given = parseAmount((event.data as { readonly amount: string }).amount, digits);
    const amount = event.type === 'FeeCancelled' ? given - undone.amount : given;
    const same = found.find(
      (other) => commandId !== undefined && other.commandId === commandId && other.kind === kind,
    );
    if (same !== undefined) {
      same.amount += amount;
      continue;
    }
    const isResolution = resolved !== undefined && resolved === commandId;
    const { by = null, approvedBy } = event.data;
    const isApproved = approvedBy !== undefined;
    const command = isResolution ? 'ResolveDispute' : commands[kind];
    found.push({ kind, command, by, isApproved, day: dayOf(recordedAt), recordedAt, amount, commandId });
  }
  return found.filter(({ amount }) => amount > 0);
}

const commands: Readonly<Record<AdjustmentKind, PermittedCommand | null>> = {
  waived: 'WaiveFees',
  writtenOff: 'WaiveFees',
  cancelled: 'CancelFee',
  refunded: 'RefundCredit',
  reversed: 'ReversePayment',
  lowered: null,
  goodwill: 'IssueCredit',
};

function kindOf({ type, data }: AccountEvent): AdjustmentKind | null {
  switch (type) {
    case 'FeeWaived':
      return data.writeOff === true ? 'writtenOff' : 'waived';
    case 'LostItemCreditIssued':
      if (data.cause !== 'waived') return null;
      return data.writeOff === true ? 'writtenOff' : 'waived';
    case 'CreditIssued':
      if (data.cause === 'manual') return 'goodwill';
      if (data.cause === 'waived') return data.writeOff === true ? 'writtenOff' : 'waived';
      if (data.cause !== 'cancelled') return null;
      return data.accrual === true ? 'lowered' : 'cancelled';
    case 'FeeCancelled':
      return data.accrual === true ? 'lowered' : 'cancelled';
    case 'CreditRefunded':
      return 'refunded';
    case 'PaymentReversed':
      return 'reversed';
    default:
      return null;
  }
}
