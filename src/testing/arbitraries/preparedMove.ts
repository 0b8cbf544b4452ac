import { isAccruing } from '../../account/accrual.js';
import { unused } from '../../account/credit.js';
import { owed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { Move } from './moves.js';

/** Returns the kind of move needed first if a move has nothing to act on. */
function firstOf(kind: Move['kind'], account: PatronAccount): Move['kind'] {
  const { fees, credits } = account;
  const before = (some: boolean, first: Move['kind']) => (some ? kind : first);
  switch (kind) {
    case 'resolve':
      return before(
        fees.some((fee) => fee.disputed),
        'dispute',
      );
    case 'waiveTransferred':
    case 'recall':
    case 'settle':
      return before(
        account.transfers.some((row) => row.amount > row.settled + row.recalled),
        'transfer',
      );
    case 'endPlan':
      return before(account.paymentPlans.length > 0, 'agreePlan');
    case 'reverseSettlement':
      return before(account.settlements.length > 0, 'settle');
    case 'accrueAgain':
    case 'endAccrual':
      return before(fees.some(isAccruing), 'accrue');
    case 'returnItem':
      return before(
        fees.some((fee) => fee.lostItem && !fee.returned),
        'assessLost',
      );
    case 'transferCredit':
    case 'cancelCredit':
    case 'applyCredit':
    case 'allocateCredit':
    case 'refund':
      return before(
        credits.some((credit) => unused(credit) > 0),
        'overpay',
      );
    case 'reversePayment':
      return before(account.payments.length > 0, 'payWhole');
    case 'reverseWaiver':
      return before(account.waivers.length > 0 || credits.some(({ cause }) => cause === 'waived'), 'waive');
    case 'reverseApplication':
      return before(account.applications.length > 0, 'applyCredit');
    case 'reverseRefund':
      return before(account.refunds.length > 0, 'refund');
    case 'cancelFee':
      return before(fees.length > 0, 'assess');
    case 'assess':
    case 'assessLost':
    case 'accrue':
    case 'overpay':
    case 'goodwill':
    case 'imported':
    case 'misfit':
    case 'idTaken':
    case 'derivedIdTaken':
      return kind;
    default:
      return before(
        fees.some((fee) => owed(fee) > 0 && !fee.disputed),
        'assess',
      );
  }
}

/** Returns the move, or the move needed before it. */
export function preparedMove(move: Move, account: PatronAccount): Move {
  const kind = move.sensible ? firstOf(move.kind, account) : move.kind;
  return kind === move.kind ? move : preparedMove({ ...move, kind }, account);
}
