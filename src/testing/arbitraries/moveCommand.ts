import type { Command } from '../../account/commands.js';
import { type Credit, unused } from '../../account/credit.js';
import { type Fee, owed, refundableMoney, remaining, transferredAndNotReversed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { type Payment, standingParts } from '../../account/records.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type PaymentOrder, paymentOrders } from '../../policy/paymentOrder.js';
import { accrualMove } from './accrualMoves.js';
import { misfits } from './misfits.js';
import type { Move } from './moves.js';
import { codesOf, MISSING } from './policyCodes.js';
import { preparedMove } from './preparedMove.js';

/** The command that a move means for an account. */
export function moveCommand(wish: Move, id: string, account: PatronAccount, policy: FeePolicy): Command {
  const move = preparedMove(wish, account);
  const { flag, other } = move;
  const codes = codesOf(policy);
  const digits = minorDigits(policy.currency) as number;
  const money = (minor: number) => formatAmount(Math.max(1, minor), digits);
  const amount = money(move.amount);
  const part = flag ? {} : { amount };
  /** A row, if possible one of those that fit. */
  const chosen = <Row>(rows: readonly Row[], fits: (row: Row) => boolean = () => true, pick = move.pick) => {
    const fitting = move.sensible ? rows.filter(fits) : [];
    const choice = fitting.length > 0 ? fitting : rows;
    return choice[pick % (choice.length || 1)];
  };
  const fee = (fits?: (fee: Fee) => boolean, pick = move.pick) => chosen(account.fees, fits, pick);
  const feeId = (fits?: (fee: Fee) => boolean, pick = move.pick) => fee(fits, pick)?.feeId ?? MISSING;
  const creditId = (fits: (credit: Credit) => boolean) => chosen(account.credits, fits)?.creditId ?? MISSING;
  const payable = (row: Fee) => owed(row) > 0 && !row.disputed;
  const open = (row: Fee) => owed(row) > 0;
  const two = (fits: (fee: Fee) => boolean) => [...new Set([feeId(fits), feeId(fits, other)])];
  const hour = String(other % 24).padStart(2, '0');
  const base = {
    id,
    at: `2026-03-${String(1 + (move.pick % 28)).padStart(2, '0')}T${hour}:00:00Z`,
    ...(other % 5 === 4 ? { by: { channel: 'desk', userId: 'staff-1', library: 'BRANCH' } as const } : {}),
    ...(other % 7 === 6 ? { comment: 'as agreed', staffNote: 'not for patrons' } : {}),
  };
  const waiver = { ...base, reason: other === 30 ? MISSING : codes.waiveReason(other) };
  const shortfallFee = {
    feeId: other % 10 === 0 ? feeId() : `${id}-shortfall`,
    feeType: other % 8 === 0 ? codes.retired : codes.ordinary(0),
    ...(other % 6 === 0 ? {} : { owner: 'MAIN' }),
  };
  const shortfall = other % 2 === 0 ? { shortfallFee } : {};
  switch (move.kind) {
    case 'assess':
      return {
        ...base,
        type: 'AssessFee',
        feeType: codes.ordinary(other % 3 === 2 ? move.pick : 0),
        amount,
        owner: 'MAIN',
        ...(other % 11 === 10 ? { automatic: flag } : {}),
      };
    case 'assessLost': {
      const feeType = codes.lost(move.pick);
      return { ...base, type: 'AssessFee', feeType, amount, owner: 'MAIN', loanId: `loan-${other % 3}` };
    }
    case 'accrue':
    case 'accrueAgain':
    case 'endAccrual':
      return accrualMove(move, base, account, codes, (minor) => formatAmount(minor, digits));
    case 'pay':
      return {
        ...base,
        type: 'ReceivePayment',
        amount,
        method: codes.method(0),
        feeIds: two(payable),
        ...(flag ? { overpayment: 'credit' } : {}),
      };
    case 'payWhole': {
      const row = fee(payable);
      const whole = row === undefined ? amount : money(owed(row));
      return {
        ...base,
        type: 'ReceivePayment',
        amount: whole,
        method: codes.method(other),
        feeIds: [row?.feeId ?? MISSING],
      };
    }
    case 'payAll':
      return {
        ...base,
        type: 'ReceivePayment',
        amount,
        method: codes.method(0),
        order: paymentOrders[move.pick % paymentOrders.length] as PaymentOrder,
      };
    case 'payAllocated': {
      const allocations = two(payable).map((name) => ({ feeId: name, amount }));
      const total = money(move.amount * allocations.length + (other % 4 === 0 ? 5 : 0));
      const overpayment = flag ? 'credit' : 'refuse';
      return {
        ...base,
        type: 'ReceivePayment',
        amount: total,
        method: codes.method(other),
        allocations,
        overpayment,
      };
    }
    case 'overpay': {
      const external = flag ? { externalTransactionId: `x${other % 4}` } : {};
      return {
        ...base,
        type: 'ReceivePayment',
        amount,
        method: codes.method(3),
        overpayment: 'credit',
        ...external,
      };
    }
    case 'payPart': {
      const row = fee(payable);
      const isRest = other % 4 === 3;
      return {
        ...base,
        type: 'ReceivePayment',
        amount: flag && row !== undefined ? money(owed(row)) : amount,
        method: codes.method(3),
        externalTransactionId: `x${other % 3}`,
        overpayment: 'credit',
        ...(isRest ? {} : { feeIds: [row?.feeId ?? MISSING] }),
      };
    }
    case 'payAgain': {
      const payment = chosen(account.payments, (row) => row.externalTransactionId !== null);
      const isPart = (row: Payment) => row.externalTransactionId === payment?.externalTransactionId;
      const told = other % 3 === 0 ? account.payments.filter(isPart) : [payment];
      const named = payment?.feesNamed ?? [];
      return {
        ...base,
        type: 'ReceivePayment',
        amount: money(told.reduce((sum, row) => sum + (row?.amount ?? 0), 0)),
        method: payment?.method ?? codes.method(3),
        externalTransactionId: payment?.externalTransactionId ?? 'x0',
        overpayment: 'credit',
        ...(named.length === 0 || other % 3 === 0 ? {} : { feeIds: named }),
      };
    }
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
      return {
        ...base,
        type: 'TransferFees',
        fees: [{ feeId: feeId(payable), ...part }],
        ...(other % 3 === 0 ? {} : { expectsSettlement: other % 3 === 1 }),
      };
    case 'transferCredit': {
      const sendable = (row: Credit) =>
        unused(row) > 0 && row.purpose === (other % 2 === 0 ? 'external' : 'refundable');
      return {
        ...base,
        type: 'TransferFees',
        credits: [{ creditId: creditId(sendable), ...part }],
        expectsSettlement: other % 3 === 0,
      };
    }
    case 'transferEligible': {
      const limits = { minimumAgeDays: other % 20, ...(other % 3 === 0 ? { minimumAmount: amount } : {}) };
      return {
        ...base,
        type: 'TransferFees',
        eligible: { fees: limits, ...(flag ? { credits: { owners: ['MAIN'] } } : {}) },
      };
    }
    case 'settle': {
      const pending = chosen(
        account.transfers,
        (row) => row.expectsSettlement && row.amount > row.settled + row.recalled,
      );
      const left = pending === undefined ? 0 : pending.amount - pending.settled - pending.recalled;
      const settled = flag && left > 0 ? money(1 + (move.amount % left)) : amount;
      return { ...base, type: 'SettleTransfer', transferId: pending?.transferId ?? MISSING, amount: settled };
    }
    case 'reverseSettlement': {
      const above = account.settlements.filter(({ surplus }) => surplus !== null);
      const choices = other % 3 === 0 && above.length > 0 ? above : account.settlements;
      const settlement = chosen(choices, (row) => row.reversed < row.amount);
      const settlementId = settlement?.settlementId ?? MISSING;
      return { ...base, type: 'ReverseSettlement', settlementId, ...part, ...shortfall };
    }
    case 'recall': {
      const reversed = new Set(account.credits.map((row) => (row.transferred > 0 ? row.feeId : null)));
      const standing = chosen(
        account.transfers,
        (row) =>
          row.amount > row.settled + row.recalled &&
          (other % 3 !== 0 || row.settled > 0) &&
          (other % 2 === 0 || (row.feeId !== null && reversed.has(row.feeId))),
      );
      return { ...base, type: 'RecallTransfer', transferId: standing?.transferId ?? MISSING, ...part };
    }
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
      return { ...base, type: 'CancelCredit', creditId: creditId((row) => unused(row) > 0), ...part };
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
      return { ...base, type: 'RefundCredit', creditId: creditId(due), method: codes.method(0), ...part };
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
      return { ...base, type: 'ReversePayment', paymentId, ...part, ...shortfall };
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
      const application = chosen(account.applications, (row) => standingParts(row).length > 0);
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
      return misfits(base, amount, feeId(open), codes)[other % 8] as Command;
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
