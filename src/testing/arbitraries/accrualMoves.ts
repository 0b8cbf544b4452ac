import { accrualEndCauses, isAccruing } from '../../account/accrual.js';
import type { AccrueFine } from '../../account/commands/feeCommands.js';
import type { Fee } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { Move } from './moves.js';
import { type Codes, MISSING } from './policyCodes.js';

/** The fields that all commands of a story have. */
type Base = Pick<AccrueFine, 'id' | 'at' | 'by' | 'comment' | 'staffNote'>;

/**
 * Returns the report of an overdue job or a return about a fine: new, increased, decreased, unchanged or ended.
 * Sometimes it is about a fee that does not grow, about another loan or type, or late.
 */
export function accrualMove(
  { kind, pick, other, amount, flag, sensible }: Move,
  base: Base,
  account: PatronAccount,
  codes: Codes,
  money: (minor: number) => string,
): AccrueFine {
  const fine = (fits: (fee: Fee) => boolean) => {
    const fitting = sensible ? account.fees.filter(fits) : account.fees;
    return fitting[pick % (fitting.length || 1)];
  };
  if (kind === 'accrue') {
    return {
      ...base,
      type: 'AccrueFine',
      feeId: `${base.id}-fine`.slice(0, 200),
      feeType: other === 30 ? codes.lost(pick) : other === 29 ? codes.retired : codes.ordinary(other % 2),
      total: other === 28 ? money(0) : money(amount),
      ...(other % 11 === 10 ? {} : { owner: 'MAIN' }),
      loanId: `loan-${other % 3}`,
      ...(flag && other % 4 === 0 ? { ends: 'returned' } : {}),
    };
  }
  const grows = other % 10 === 9 ? ({ accrual }: Fee) => accrual !== null : isAccruing;
  const fee = fine(grows);
  const accrued = fee?.accrual?.accrued ?? 0;
  const reportedAt = fee?.accrual?.reportedAt ?? base.at;
  const [up, down] = [accrued + amount, Math.max(0, accrued - amount)];
  const totals = [up, down, up, accrued, amount, up, 0];
  const again = {
    ...base,
    type: 'AccrueFine',
    // A job runs after its previous report; some reports are late.
    at: sensible && other % 6 !== 5 && Date.parse(reportedAt) > Date.parse(base.at) ? reportedAt : base.at,
    feeId: fee?.feeId ?? MISSING,
    feeType: other === 27 ? codes.retired : (fee?.feeType ?? codes.ordinary(0)),
    ...(other === 26 ? { loanId: 'loan of somebody else' } : {}),
    total: money(totals[(other + (flag ? 1 : 0)) % totals.length] as number),
  } as const;
  if (kind === 'accrueAgain') return again;
  const { total, ...asItStands } = again;
  const ends = accrualEndCauses[other % accrualEndCauses.length] ?? 'other';
  if (flag) return { ...asItStands, ends };
  // Most fines that end with a different total decrease: the item was returned before the last run.
  const atLast = [down, 0, up];
  return { ...again, ends, total: money(atLast[other % atLast.length] as number) };
}
