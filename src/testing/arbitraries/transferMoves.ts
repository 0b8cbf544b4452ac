import type { Command } from '../../account/commands/command.js';
import { type Credit, unused } from '../../account/credit.js';
import { type Choices, MISSING } from './policyCodes.js';

/** The kinds of moves about transfers. */
export type TransferMove =
  | 'transfer'
  | 'transferCredit'
  | 'transferEligible'
  | 'settle'
  | 'reverseSettlement'
  | 'recall';

/** Returns the command of a transfer move. */
export function transferMove(kind: TransferMove, choices: Choices): Command {
  const { move, account, amount, money, chosen, feeId, creditId, payable, base, part, shortfall } = choices;
  const { flag, other } = move;
  switch (kind) {
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
      const recallable = chosen(
        account.transfers,
        (row) =>
          row.amount > row.settled + row.recalled &&
          (other % 3 !== 0 || row.settled > 0) &&
          (other % 2 === 0 || (row.feeId !== null && reversed.has(row.feeId))),
      );
      return { ...base, type: 'RecallTransfer', transferId: recallable?.transferId ?? MISSING, ...part };
    }
  }
}
