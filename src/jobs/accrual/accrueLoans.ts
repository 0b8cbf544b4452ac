import { decide } from '../../account/decide.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { applyAll } from '../../account/fold.js';
import { type AccountState, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { rejectionText } from '../../account/rejections/rejectionText.js';
import { type StreamId, streamName } from '../../history/eventStore.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { AccruedLoan, FineRefused } from './accrualForm.js';
import type { ComputedLoan } from './accruingLoan.js';

/** The result for the loans of one patron. */
type AccruedLoans = {
  /** One result for each loan, in their order. */
  readonly results: readonly (AccruedLoan | FineRefused)[];
  /** The events to append. */
  readonly events: readonly AccountEvent[];
};

/**
 * Decides on the fines of a patron's loans, one loan after the other. A refused fine does not affect the other loans.
 *
 * @param account - the patron's account; the events are applied to it
 * @param history - the events of the account
 * @param others - the patron's other accounts: what is owed there counts for the limits
 */
export function accrueLoans(
  account: PatronAccount,
  history: readonly AccountEvent[],
  loans: readonly ComputedLoan[],
  stream: StreamId,
  policy: FeePolicy,
  others: readonly PatronAccount[] = [],
): AccruedLoans {
  const digits = digitsOf(policy.currency);
  const { patronId } = stream;
  const events: AccountEvent[] = [];
  const results = loans.map(({ row, loanId, owner, command }): AccruedLoan | FineRefused => {
    const { id, feeId, feeType, total } = command;
    const decision = decide(command, account, policy, { others, now: command.at });
    if (!decision.accepted) {
      const { rejection } = decision;
      const message = `loan ${loanId}: ${rejectionText(rejection)}`;
      return { ...stream, code: 'REFUSED', loanId, feeId, row, rejection, message };
    }
    const earlier = decision.events.length > 0 ? [] : eventsOf(id, history);
    applyAll(account as AccountState, decision.events, { stream: streamName(stream) });
    events.push(...decision.events);
    const accrued = findFee(account, feeId)?.accrual?.accrued ?? 0;
    return {
      row,
      patronId,
      loanId,
      feeId,
      feeType,
      owner,
      fine: formatAmount(parseAmount(total, digits), digits),
      accrued: formatAmount(accrued, digits),
      ...done([...decision.events, ...earlier], digits),
      earlier: earlier.length > 0,
    };
  });
  return { results, events };
}

/** Returns the events that a command recorded if it was done before. */
function eventsOf(commandId: string, history: readonly AccountEvent[]): readonly AccountEvent[] {
  return history.filter(({ metadata }) => metadata?.commandId === commandId);
}

/** Returns what the events of one command did to its fine. */
function done(
  events: readonly AccountEvent[],
  digits: number,
): Pick<AccruedLoan, 'outcome' | 'amount' | 'ended'> {
  let [outcome, minor]: [AccruedLoan['outcome'], number] = ['unchanged', 0];
  let ended: AccruedLoan['ended'] = null;
  for (const { type, data } of events) {
    if (type === 'AccrualEnded') ended = data.cause;
    else if (type === 'FeeAssessed') outcome = 'charged';
    else if (type === 'FeeIncreased') outcome = 'increased';
    else if (type === 'FeeCancelled') outcome = 'decreased';
    // If a fine that was paid falls, the amount paid too much comes back as a credit.
    if (type !== 'AccrualEnded' && 'amount' in data) minor += parseAmount(data.amount, digits);
  }
  return { outcome, amount: formatAmount(minor, digits), ended };
}
