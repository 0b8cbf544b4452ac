import type { Command } from '../../account/commands/command.js';
import type { Credit } from '../../account/credit.js';
import { type Fee, owed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { Move } from './moves.js';

/** A code in no table and an id of nothing. */
export const MISSING = 'no such thing';

/** The policy's codes that commands of a story use, so that stories fit every policy. */
export type Codes = {
  /** Types that are neither for lost items nor retired. */
  readonly ordinary: (pick: number) => string;
  /** Types for lost items; an ordinary type if the policy has none. */
  readonly lost: (pick: number) => string;
  readonly retired: string;
  /** A type that staff may not charge by hand. */
  readonly notManual: string;
  readonly method: (pick: number) => string;
  readonly waiveReason: (pick: number) => string;
  readonly creditReason: (pick: number) => string;
};

const known = new WeakMap<FeePolicy, Codes>();

/** Returns the codes of a policy. */
export function codesOf(policy: FeePolicy): Codes {
  const codes = known.get(policy) ?? readCodes(policy);
  known.set(policy, codes);
  return codes;
}

function readCodes(policy: FeePolicy): Codes {
  const types = Object.entries(policy.feeTypes);
  const codes = (fits: (type: FeePolicy['feeTypes'][string]) => boolean) =>
    types.filter(([, type]) => fits(type)).map(([code]) => code);
  const ordinary = codes((type) => !type.lostItem && !type.retired);
  const lost = codes((type) => type.lostItem && !type.retired);
  return {
    ordinary: oneOf(ordinary),
    lost: oneOf(lost.length > 0 ? lost : ordinary),
    retired: oneOf(codes((type) => type.retired === true))(0),
    notManual: oneOf(codes((type) => !type.manual))(0),
    method: oneOf(Object.keys(policy.paymentMethods)),
    waiveReason: oneOf(Object.keys(policy.waiveReasons)),
    creditReason: oneOf(Object.keys(policy.creditReasons)),
  };
}

function oneOf(codes: readonly string[]): (pick: number) => string {
  return (pick) => codes[pick % (codes.length || 1)] ?? MISSING;
}

/** The fields that every command of a story has. */
type Base = Pick<Command, 'id' | 'at' | 'by' | 'comment' | 'staffNote'>;

/** What the numbers of a move select in an account: rows, amounts, codes, and the fields that all commands have. */
export type Choices = ReturnType<typeof choicesOf>;

/** Returns the choices of a move on an account that it can act on. */
export function choicesOf(move: Move, id: string, account: PatronAccount, policy: FeePolicy) {
  const { flag, other } = move;
  const codes = codesOf(policy);
  const digits = digitsOf(policy.currency);
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
    move,
    account,
    codes,
    base,
    amount,
    part,
    shortfall,
    money,
    chosen,
    fee,
    feeId,
    creditId,
    two,
    payable,
    open,
  };
}
