import { type Fee, owed } from '../../src/index.js';
import { feesOfLoan } from '../../src/views/index.js';
import { compareRow, type Mismatch, told, unlessSame, unlessSameAmount } from './compare.js';
import { centsOf } from './folioAmount.js';
import { type Desk, dollars, feeIdOf, feeOf, mustAsk, openDesk } from './ourDesk.js';
import { refundWishes } from './ourRefund.js';
import type { Row } from './outcome.js';
import type { LostScenario } from './scenario.js';
import { differs, failed, passed, type Verdict } from './verdict.js';
import { withinWindow } from './withinWindow.js';

const ITEM = 'lost-item-fee';
const PROCESSING = 'lost-processing-fee';
const LOAN = 'loan';

/**
 * Plays what happens to a lost item. What is the circulation system's part is done here as FOLIO's does it: it decides
 * whether an item came back in time, charges an overdue fine, and keeps records of costs that are not known yet.
 */
export function judgeLost(scenario: LostScenario): Verdict {
  const desk = openDeskFor(scenario);
  const refs = chargeAtFirst(desk, scenario);
  for (const entry of scenario.given.history) playHistory(desk, entry);
  for (const ref of scenario.given.paid ?? []) payInFull(desk, ref);
  const owedBefore = owedNow(desk);
  const inTime = withinWindow(scenario.when.after, scenario.given.policy?.refundWindow ?? undefined);
  if (scenario.when.op === 'return-or-renew-lost-item' && inTime) takeBack(desk, refs);
  if (scenario.when.op === 'declare-lost') declareLost(desk, scenario, refs);
  const chargesFine = scenario.given.policy?.overdueOnReturn === true && inTime;
  if (chargesFine) charge(desk, 'overdue-fine', '1.00', 'OVERDUEFINE');
  return judge(scenario, desk, owedBefore, inTime);
}

function openDeskFor({ given }: LostScenario): Desk {
  const refundPercent = given.policy?.refundProcessingFee === false ? 0 : 100;
  return openDesk({
    feeTypes: {
      ITEM: { label: 'Lost item', lostItem: true, refundPercent: 100 },
      PROCESSING: { label: 'Lost item processing', lostItem: true, refundPercent },
      OVERDUEFINE: { label: 'Overdue fine' },
    },
  });
}

function charge(desk: Desk, ref: string, amount: string, feeType: string): void {
  const id = feeIdOf(ref);
  mustAsk(desk, {
    type: 'AssessFee',
    id,
    feeType,
    amount: dollars(centsOf(amount)),
    owner: 'MAIN',
    loanId: LOAN,
  });
}

function typeOf(ref: string): string {
  if (ref.startsWith(ITEM)) return 'ITEM';
  return ref.startsWith(PROCESSING) ? 'PROCESSING' : 'OVERDUEFINE';
}

/** Charges what the policy asks, or the named fees at any price. An item that is yet to be declared lost costs nothing. */
function chargeAtFirst(desk: Desk, { given, when }: LostScenario): string[] {
  if (given.fees !== undefined) {
    for (const ref of given.fees) charge(desk, ref, '10.00', typeOf(ref));
    return [...given.fees];
  }
  const isLost =
    when.op !== 'declare-lost' ||
    given.history.some(({ op }) => op === 'age-to-lost' || op === 'declare-lost');
  if (!isLost) return [];
  const { itemFee, processingFee, processingFeeAged, chargeType } = given.policy ?? {};
  const prices = [
    [ITEM, chargeType === 'actual cost' ? undefined : itemFee],
    [PROCESSING, processingFeeAged ?? processingFee],
  ] as const;
  return prices.flatMap(([ref, price]) => {
    if (price === undefined || price === null || centsOf(price) === 0) return [];
    charge(desk, ref, price, typeOf(ref));
    return [ref];
  });
}

function playHistory(desk: Desk, { op, amount, on = ITEM }: LostScenario['given']['history'][number]): void {
  const feeId = feeIdOf(on);
  if (op === 'cancel') mustAsk(desk, { type: 'CancelFee', feeId });
  if (amount === undefined) return;
  const part = { feeId, amount: dollars(centsOf(amount)) };
  if (op === 'pay')
    mustAsk(desk, { type: 'ReceivePayment', amount: part.amount, method: 'CASH', feeIds: [feeId] });
  if (op === 'waive') mustAsk(desk, { type: 'WaiveFees', fees: [part], reason: 'OTHER' });
  if (op === 'transfer') mustAsk(desk, { type: 'TransferFees', fees: [part], destination: 'BURSAR' });
  if (op === 'refund') mustAsk(desk, ...refundWishes(desk.account(), [on], part.amount));
}

function payInFull(desk: Desk, ref: string): void {
  const fee = feeOf(desk.account(), ref);
  if (fee === undefined) throw new Error(`given.paid: ${ref} is no fee of the loan`);
  mustAsk(desk, { type: 'ReceivePayment', amount: dollars(owed(fee)), method: 'CASH', feeIds: [fee.feeId] });
}

function takeBack(desk: Desk, refs: readonly string[]): void {
  const feeIds = refs.filter((ref) => typeOf(ref) !== 'OVERDUEFINE').map(feeIdOf);
  if (feeIds.length > 0) mustAsk(desk, { type: 'ReturnLostItem', feeIds });
}

/** Takes back what was charged when the item aged to lost, and charges what a declared loss costs. */
function declareLost(desk: Desk, { given }: LostScenario, refs: readonly string[]): void {
  for (const ref of refs) mustAsk(desk, { type: 'CancelFee', feeId: feeIdOf(ref) });
  const { itemFee, processingFee, processingFeeDeclared, chargeType } = given.policy ?? {};
  const again = refs.length === 0 ? '' : ' (declared lost)';
  const item = chargeType === 'actual cost' ? undefined : itemFee;
  const processing = processingFeeDeclared === undefined ? processingFee : processingFeeDeclared;
  if (item && centsOf(item) > 0) charge(desk, `${ITEM}${again}`, item, 'ITEM');
  if (processing && centsOf(processing) > 0) charge(desk, `${PROCESSING}${again}`, processing, 'PROCESSING');
}

function lostFees(desk: Desk): Fee[] {
  return desk.account().fees.filter(({ lostItem }) => lostItem);
}

function owedNow(desk: Desk): number {
  return lostFees(desk).reduce((total, fee) => total + owed(fee), 0);
}

const takenBack = '<Cancelled item returned|renewed>';

/** A row as FOLIO would have it: a waiver leaves a lost-item fee as it is, but takes off what is owed. */
function rowOf(desk: Desk, fee: Fee): Row {
  const left = owed(fee);
  const status = left > 0 ? 'Open' : 'Closed';
  const gaveBack = desk
    .account()
    .credits.some(({ feeId, cause }) => feeId === fee.feeId && cause === 'returned');
  if (gaveBack && left === 0) return { remaining: left, status, paymentStatus: takenBack };
  const kinds = [
    ['Paid', fee.paid],
    ['Waived', fee.waived + fee.reserved],
    ['Transferred', fee.transferred],
  ] as const;
  const [kind] = kinds.find(([, amount]) => amount > 0) ?? [];
  const paymentStatus = kind === undefined ? 'Outstanding' : `${kind} ${left === 0 ? 'fully' : 'partially'}`;
  return { remaining: left, status, paymentStatus };
}

const notOurs: Readonly<Record<string, string>> = {
  overdueFineCreated:
    'Whether an overdue fine is due is for the circulation system to say; the account only records it',
  actualCostRecord: 'A cost that is not known yet is kept by the circulation system, and is no fee',
};

function judge({ given, then }: LostScenario, desk: Desk, owedBefore: number, inTime: boolean): Verdict {
  const account = desk.account();
  const fees = lostFees(desk);
  const rows = new Map(fees.map((fee) => [fee.feeId.replace('fee:', ''), rowOf(desk, fee)]));
  const credits = account.credits.filter(
    ({ purpose, cause }) => cause === 'returned' && purpose !== 'setOff',
  );
  const { lostAndSettled, lostAndPaid } = feesOfLoan(account, LOAN);
  const reasons = new Set<string>();
  const mismatches = Object.entries(then).flatMap(([key, value]): Mismatch[] => {
    if (value === undefined || key === 'note') return [];
    const reason = notOurs[key];
    if (reason !== undefined) reasons.add(reason);
    switch (key) {
      case 'accounts':
        return (then.accounts ?? []).flatMap((row) => compareRow(row, { rows }));
      case 'refunded':
        return unlessSameAmount(
          key,
          value as string,
          credits.reduce((total, { amount }) => total + amount, 0),
        );
      case 'owed':
        return unlessSameAmount(key, value as string, owedNow(desk));
      case 'owedBefore':
        return unlessSameAmount(key, value as string, owedBefore);
      case 'accountCount':
        return unlessSame(key, value, fees.length);
      case 'openCount':
      case 'lostFees':
        return unlessSame(key, value, fees.filter((fee) => owed(fee) > 0).length);
      case 'loanClosed':
        return unlessSame(key, value, lostAndSettled && given.actualCostRecord !== 'Open');
      case 'overdueFineCreated':
        return unlessSame(key, value, feeOf(account, 'overdue-fine') !== undefined);
      case 'actualCostRecord':
        return unlessSame(key, value, inTime ? 'Cancelled' : 'Open');
      case 'itemStatus': {
        const status = lostAndPaid ? 'Lost and paid' : undefined;
        // FOLIO says so of every loan of which all lost-item fees are closed.
        const folio = fees.every((fee) => owed(fee) === 0) ? 'Lost and paid' : undefined;
        if (value === status) return [];
        if (value !== folio) return unlessSame(key, value, status);
        reasons.add('An item is "lost and paid" only if money came in for it and stayed');
        return [];
      }
      default:
        return [{ path: key, expected: value, actual: 'a field that is not understood' }];
    }
  });
  if (given.policy?.chargeType === 'actual cost' || given.actualCostRecord !== undefined)
    reasons.add(notOurs.actualCostRecord as string);
  if (mismatches.length > 0) return failed(mismatches.map(told));
  return reasons.size > 0 ? differs([...reasons]) : passed;
}
