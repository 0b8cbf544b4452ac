import type { Command } from '../../account/commands/command.js';
import type { Credit } from '../../account/credit.js';
import { type Fee, owed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { Move } from './moves.js';
import { codesOf, MISSING } from './policyCodes.js';

/** The fields that every command of a story has. */
type Base = Pick<Command, 'id' | 'at' | 'by' | 'comment' | 'staffNote'>;

/** What the numbers of a move select in an account: rows, amounts, codes, and the fields that all commands have. */
export type Choices = ReturnType<typeof choicesOf>;

/** Returns the choices of a move on an account that it can act on. */
export function choicesOf(move: Move, id: string, account: PatronAccount, policy: FeePolicy) {
  const { flag, other } = move;
  const codes = codesOf(policy);
  const digits = minorDigits(policy.currency) as number;
  const money = (minor: number) => formatAmount(Math.max(1, minor), digits);
  const amount = money(move.amount);
  const part = flag ? {} : { amount };
  /** Returns a row, preferably one that fits. */
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
  const base: Base = {
    id,
    at: `2026-03-${String(1 + (move.pick % 28)).padStart(2, '0')}T${hour}:00:00Z`,
    ...(other % 5 === 4 ? { by: { channel: 'desk', userId: 'staff-1', library: 'BRANCH' } as const } : {}),
    ...(other % 7 === 6 ? { comment: 'as agreed', staffNote: 'not for patrons' } : {}),
  };
  const shortfallFee = {
    feeId: other % 10 === 0 ? feeId() : `${id}-shortfall`,
    feeType: other % 8 === 0 ? codes.retired : codes.ordinary(0),
    ...(other % 6 === 0 ? {} : { owner: 'MAIN' }),
  };
  const shortfall = other % 2 === 0 ? { shortfallFee } : {};
  return {
    ...{ move, account, codes, base, amount, part, shortfall },
    ...{ money, chosen, fee, feeId, creditId, two, payable, open },
  };
}
