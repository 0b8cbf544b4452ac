import { blocks } from '../../src/views/index.js';
import { formatMismatch, unlessSame } from './compare.js';
import { centsOf } from './folioAmount.js';
import { dollars, mustAsk, openDesk } from './ourDesk.js';
import type { BlockScenario } from './scenario.js';
import { type Verdict, verdictOf } from './verdict.js';

/** Charges fees and checks whether they block. A fee on an item claimed returned is disputed. */
export function judgeBlock(scenario: BlockScenario): Verdict {
  const { given } = scenario;
  const blockLimit = { amount: dollars(centsOf(given.limit)) };
  const desk = openDesk({
    feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } },
    blockLimits: { PATRON: [blockLimit] },
  });
  const alone =
    given.balance === undefined ? [] : [{ balance: given.balance, loan: null, loanClaimedReturned: false }];
  for (const [index, { balance, loan, loanClaimedReturned }] of [...alone, ...(given.fees ?? [])].entries()) {
    if (centsOf(balance) === 0) continue;
    const amount = dollars(centsOf(balance));
    const feeId = `fee:${index}`;
    const ofLoan = loan ? { loanId: loan } : {};
    mustAsk(desk, { type: 'AssessFee', id: feeId, feeType: 'OVERDUEFINE', amount, owner: 'MAIN', ...ofLoan });
    if (loanClaimedReturned) mustAsk(desk, { type: 'DisputeFee', feeId });
  }
  const seen = blocks(desk.account(), desk.policy, { group: 'PATRON' });
  const [check] = seen.limits;
  const undisputed = check === undefined ? 0 : centsOf(check.owed) - centsOf(check.owedDisputed);
  return verdictOf(scenario, (expected) => {
    const { blocked, note: _note, ...others } = expected;
    // FOLIO's answer is compared with FOLIO's exclusions; the better one with the view of this library.
    const isBlocked = expected === scenario.then ? undisputed > centsOf(given.limit) : seen.blocked;
    const mismatches = [
      ...unlessSame('blocked', blocked, isBlocked),
      ...Object.entries(others).flatMap(([path, value]) => unlessSame(path, value, undefined)),
    ];
    return {
      mismatches: mismatches.map(formatMismatch),
      reasons: seen.blocked === isBlocked ? [] : [DISPUTED_COUNTS],
    };
  });
}

const DISPUTED_COUNTS =
  'A disputed fee counts until the dispute is resolved, else a patron could lift a block by disputing; the view says how much of it is disputed';
