import { compareShares, formatMismatch, type Mismatch, unlessSame } from './compare.js';
import { centsOf } from './folioAmount.js';
import { folioSplit } from './folioSplit.js';
import { dollars, feeIdOf, mustAsk, openDesk } from './ourDesk.js';
import type { SplitScenario } from './scenario.js';
import { differs, failed, type Verdict, verdictOf } from './verdict.js';

/** The split of an amount, in cents; without shares if it could not be split. */
type Split = { readonly shares?: readonly number[]; readonly error?: string; readonly httpStatus: number };

/** Pays an amount evenly over fees, and checks the shares. The scenario must agree with FOLIO. */
export function judgeSplit(scenario: SplitScenario): Verdict {
  const { then, defect } = scenario;
  const wrong = compare(then, splitThere(scenario));
  if (wrong.length > 0)
    return failed(wrong.map((mismatch) => `FOLIO's rules say otherwise: ${formatMismatch(mismatch)}`));
  const ours = splitHere(scenario);
  return verdictOf(
    scenario,
    (expected) => ({ mismatches: compare(expected, ours).map(formatMismatch), reasons: [] }),
    (held) => {
      if (then.error === undefined && then.httpStatus !== 500) return failed(held.mismatches);
      if (ours.error !== undefined) return differs(['More than all that is owed is refused, not split']);
      return differs([defect ? `FOLIO: ${defect}` : 'Every amount up to the sum can be split']);
    },
  );
}

function splitThere({ given, when }: SplitScenario): Split {
  const balances = given.accounts.map(({ actionable }) => centsOf(actionable));
  const shares = folioSplit(centsOf(when.amount), balances);
  if (shares === undefined) return { error: 'SPLIT_FAILED', httpStatus: 500 };
  return { shares: shares.map((share) => share ?? 0), httpStatus: 201 };
}

function splitHere({ given, when }: SplitScenario): Split {
  const desk = openDesk({ feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } } });
  const charged = given.accounts.filter(({ actionable }) => centsOf(actionable) > 0);
  for (const { ref, actionable } of charged) {
    const amount = dollars(centsOf(actionable));
    mustAsk(desk, { type: 'AssessFee', id: feeIdOf(ref), feeType: 'OVERDUEFINE', amount, owner: 'MAIN' });
  }
  const amount = dollars(centsOf(when.amount));
  const rejection = desk.ask({ type: 'ReceivePayment', amount, method: 'CASH', order: 'evenly' });
  if (rejection !== undefined) return { error: rejection.type, httpStatus: 422 };
  const allocations = desk.account().payments.at(-1)?.allocations ?? [];
  const shares = given.accounts.map(
    ({ ref }) => allocations.find(({ feeId }) => feeId === feeIdOf(ref))?.amount ?? 0,
  );
  return { shares, httpStatus: 201 };
}

function compare(expected: SplitScenario['then'], split: Split): Mismatch[] {
  const { sharesMultiset, note: _note, ...others } = expected;
  return [
    ...(sharesMultiset === undefined
      ? []
      : split.shares === undefined
        ? [{ path: 'sharesMultiset', expected: sharesMultiset.join(' '), actual: split.error }]
        : compareShares('sharesMultiset', sharesMultiset, split.shares)),
    ...Object.entries(others).flatMap(([path, value]) =>
      path === 'error' || path === 'httpStatus'
        ? unlessSame(path, value, split[path])
        : [{ path, expected: value, actual: 'a field that is not understood' }],
    ),
  ];
}
