import { compareShares, told, unlessSame } from './compare.js';
import { centsOf } from './folioAmount.js';
import { dollars, feeIdOf, mustAsk, openDesk } from './ourDesk.js';
import type { SplitScenario } from './scenario.js';
import { failed, passed, type Verdict } from './verdict.js';

/** Pays an amount evenly over fees, and looks at where it went. */
export function judgeSplit({ given, when, then }: SplitScenario): Verdict {
  const desk = openDesk({ feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } } });
  const charged = given.accounts.filter(({ actionable }) => centsOf(actionable) > 0);
  for (const { ref, actionable } of charged) {
    const amount = dollars(centsOf(actionable));
    mustAsk(desk, { type: 'AssessFee', id: feeIdOf(ref), feeType: 'OVERDUEFINE', amount, owner: 'MAIN' });
  }
  const amount = dollars(centsOf(when.amount));
  const rejection = desk.ask({ type: 'ReceivePayment', amount, method: 'CASH', order: 'evenly' });
  const allocations = desk.account().payments.at(-1)?.allocations ?? [];
  const shares = given.accounts.map(
    ({ ref }) => allocations.find(({ feeId }) => feeId === feeIdOf(ref))?.amount ?? 0,
  );
  const { sharesMultiset, note: _note, ...others } = then;
  const mismatches = [
    ...(rejection === undefined ? [] : [{ path: 'then', expected: 'shares', actual: rejection.type }]),
    ...(sharesMultiset === undefined ? [] : compareShares('sharesMultiset', sharesMultiset, shares)),
    ...Object.entries(others).flatMap(([path, value]) => unlessSame(path, value, undefined)),
  ];
  return mismatches.length === 0 ? passed : failed(mismatches.map(told));
}
