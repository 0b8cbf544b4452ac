import type { Command } from '../../account/commands/command.js';
import { type Credit, unused } from '../../account/credit.js';
import { type Fee, owed, refundableMoney, remaining, transferredAndNotReversed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { type Payment, unreversedParts } from '../../account/records.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { accrualMove } from './accrualMoves.js';
import type { Move } from './moves.js';
import { paymentMove } from './paymentMoves.js';
import { planMove } from './planMoves.js';
import { type Codes, choicesOf, MISSING } from './policyCodes.js';
import { preparedMove } from './preparedMove.js';
import { transferMove } from './transferMoves.js';

/** Due dates before and after the days of the stories, in different zones. */
const dueDates = ['2026-01-31T23:59:00-05:00', '2026-02-20T18:00:00Z', '2027-01-04T12:00:00+09:00'] as const;

const LATER = '2028-01-04T12:00:00Z';

/** Returns the command of a move for an account. */
export function moveCommand(requested: Move, id: string, account: PatronAccount, policy: FeePolicy): Command {
  const move = preparedMove(requested, account);
  const choices = choicesOf(move, id, account, policy);
  const { codes, base, amount, part, shortfall, money, chosen, fee, feeId, creditId, two, payable, open } =
    choices;
  const { flag, other } = move;
  // One total for all, so that a refund can have further parts.
  const refundTotal = flag ? { externalTransactionTotal: money(100_000) } : {};
  const providerRefund =
    other % 4 === 3 ? { externalTransactionId: `re${move.pick % 3}`, ...refundTotal } : {};
  const waiver = { ...base, reason: other === 30 ? MISSING : codes.waiveReason(other) };
  switch (move.kind) {
    case 'assess':
      return {
        ...base,
        type: 'AssessFee',
        feeType: codes.ordinary(other % 3 === 2 ? move.pick : 0),
        amount,
        owner: 'MAIN',
        ...(other % 4 === 3 ? { item: { id: `item-${other}`, dueAt: dueDates[(move.pick % 3) as 0] } } : {}),
        ...(other % 11 === 10 ? { automatic: flag } : {}),
      };
    case 'assessLost': {
      const feeType = codes.lost(move.pick);
      return { ...base, type: 'AssessFee', feeType, amount, owner: 'MAIN', loanId: `loan-${other % 3}` };
    }
    case 'accrue':
    case 'accrueAgain':
    case 'endAccrual':
      return accrualMove(move, base, account, codes, (minor) =>
        formatAmount(minor, digitsOf(policy.currency)),
      );
    case 'pay':
    case 'payWhole':
    case 'payAll':
    case 'payAllocated':
    case 'overpay':
    case 'payPart':
    case 'payAgain':
      return paymentMove(move.kind, choices);
    case 'waive':
      return { ...waiver, type: 'WaiveFees', fees: [{ feeId: feeId(open) }] };
    case 'waiveSome':
      return { ...waiver, type: 'WaiveFees', fees: two(open).map((name) => ({ feeId: name, ...part })) };
    case 'waiveTransferred': {
      const sent = (row: Fee) => owed(row) === 0 && transferredAndNotReversed(row) > 0;
      return { ...waiver, type: 'WaiveFees', fees: [{ feeId: feeId(sent), ...part }] };
    }
    case 'returnItem':
      return flag
        ? { ...base, type: 'ReturnLostItem', feeIds: [feeId((row) => row.lostItem && !row.returned)] }
        : { ...base, type: 'ReturnLostItem', loanId: `loan-${other % 3}` };
    case 'dispute':
      return { ...base, type: 'DisputeFee', feeId: feeId(other % 8 === 0 ? (row) => row.disputed : payable) };
    case 'resolve': {
      const resolved = { ...waiver, type: 'ResolveDispute', feeId: feeId((row) => row.disputed) } as const;
      return other % 2 === 0
        ? { ...resolved, outcome: 'patronUpheld', remedy: flag ? 'waive' : 'cancel' }
        : { ...resolved, outcome: flag ? 'feeStands' : 'withdrawn' };
    }
    case 'transfer':
    case 'transferCredit':
    case 'transferEligible':
    case 'settle':
    case 'reverseSettlement':
    case 'recall':
      return transferMove(move.kind, choices);
    case 'agreePlan':
    case 'endPlan':
      return planMove(move.kind, choices);
    case 'goodwill':
      return { ...base, type: 'IssueCredit', amount, cause: 'manual', reason: codes.creditReason(other) };
    case 'imported':
      return {
        ...base,
        type: 'IssueCredit',
        amount,
        cause: 'imported',
        purpose: flag ? 'refundable' : 'goodwill',
        owner: 'MAIN',
      };
    case 'cancelCredit':
      return {
        ...base,
        type: 'CancelCredit',
        creditId: creditId((row) => unused(row) > 0),
        ...part,
        ...(other % 3 === 0 ? { forfeit: true } : {}),
        // Long after everything else; else it is too early to forfeit anything.
        ...(other % 2 === 0 ? { at: LATER } : {}),
      };
    case 'applyCredit': {
      const usable = (row: Credit) => unused(row) > 0 && row.purpose !== 'external';
      const fees = other % 2 === 0 ? { feeIds: two(payable) } : {};
      return { ...base, type: 'ApplyCredit', creditId: creditId(usable), ...part, ...fees };
    }
    case 'allocateCredit': {
      const credit = chosen(account.credits, (row) => unused(row) > 0 && row.purpose !== 'external');
      const own = credit?.purpose === 'setOff' ? [credit.feeId ?? MISSING] : two(payable);
      const allocations = own.map((name) => ({ feeId: name, amount }));
      const total = flag ? {} : { amount: money(move.amount * own.length + (other % 4 === 0 ? 1 : 0)) };
      return { ...base, type: 'ApplyCredit', creditId: credit?.creditId ?? MISSING, allocations, ...total };
    }
    case 'refund': {
      const due = (row: Credit) => unused(row) > 0 && row.purpose === 'refundable';
      const refund = {
        ...base,
        type: 'RefundCredit',
        creditId: creditId(due),
        method: codes.method(0),
      } as const;
      return { ...refund, ...part, ...providerRefund };
    }
    case 'cancelFee': {
      const left = (row: Fee) => owed(row) + refundableMoney(row) + transferredAndNotReversed(row) > 0;
      return { ...base, type: 'CancelFee', feeId: feeId(left), ...part };
    }
    case 'reversePayment': {
      const begun = ({ allocations }: Payment) => allocations.some(({ reversed }) => reversed > 0);
      const spread = (row: Payment) => row.allocations.length > 1;
      const fits = other % 3 === 0 ? begun : other % 3 === 1 ? spread : undefined;
      const paymentId = chosen(account.payments, fits)?.paymentId ?? MISSING;
      const method = other % 4 === 3 ? { method: codes.method(0) } : {};
      return {
        ...base,
        type: 'ReversePayment',
        paymentId,
        ...part,
        ...method,
        ...shortfall,
        ...providerRefund,
      };
    }
    case 'reverseWaiver': {
      const begun = (row: Credit) => row.applied > 0 && unused(row) > 0;
      const asCredits = account.credits.filter(
        (row) => row.cause === 'waived' && (other % 3 !== 0 || begun(row)),
      );
      const waivers = [
        ...account.waivers,
        ...asCredits.map((row) => ({ waiverId: row.creditId, reversed: false })),
      ];
      const waiverId = chosen(waivers, (row) => !row.reversed)?.waiverId ?? MISSING;
      return { ...base, type: 'ReverseWaiver', waiverId };
    }
    case 'reverseApplication': {
      const application = chosen(account.applications, (row) => unreversedParts(row).length > 0);
      return {
        ...base,
        type: 'ReverseCreditApplication',
        applicationId: application?.applicationId ?? MISSING,
      };
    }
    case 'reverseRefund': {
      const refund = chosen(account.refunds, (row) => !row.reversed);
      return { ...base, type: 'ReverseRefund', refundId: refund?.refundId ?? MISSING };
    }
    case 'misfit':
      return forbiddenCommands(base, amount, feeId(open), codes)[other % 8] as Command;
    case 'idTaken': {
      const ids = account.ids.filter((use) => use.kind !== 'externalTransaction').map((use) => use.id);
      const taken = ids[move.pick % (ids.length || 1)] ?? id;
      return { ...base, id: taken.slice(0, 190), type: 'IssueCredit', amount, cause: 'imported' };
    }
    case 'derivedIdTaken': {
      const squatted = account.ids.map((use) => use.id).find((name) => name.startsWith('squatted'));
      const row = fee((candidate) => candidate.lostItem && !candidate.returned && remaining(candidate) > 0);
      if (squatted === undefined || row === undefined)
        return {
          ...base,
          id: `squatted${id}#1`,
          type: 'AssessFee',
          feeType: codes.ordinary(0),
          amount,
          owner: 'MAIN',
        };
      return { ...base, id: squatted.split('#')[0] as string, type: 'ReturnLostItem', feeIds: [row.feeId] };
    }
  }
}

/** Returns commands that no policy allows. */
export function forbiddenCommands(
  base: { readonly id: string; readonly at: string },
  amount: string,
  feeId: string,
  codes: Codes,
): Command[] {
  const desk = { channel: 'desk', library: 'MAIN' } as const;
  const { id, at } = base;
  return [
    { ...base, type: 'AssessFee', feeType: MISSING, amount, owner: 'MAIN' },
    { ...base, type: 'AssessFee', feeType: codes.retired, amount, owner: 'MAIN' },
    { ...base, type: 'AssessFee', feeType: codes.notManual, amount, by: desk },
    { id, at, type: 'AssessFee', feeType: codes.ordinary(0), amount },
    { ...base, type: 'ReceivePayment', amount, method: MISSING },
    { ...base, type: 'WaiveFees', fees: [{ feeId }], reason: MISSING },
    { ...base, type: 'TransferFees', fees: [{ feeId }], destination: MISSING },
    { ...base, type: 'DisputeFee', feeId: '' },
  ];
}
