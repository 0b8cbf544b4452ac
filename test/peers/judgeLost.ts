import { type Fee, owed } from '../../src/index.js';
import { feesOfLoan } from '../../src/views/index.js';
import { compareRow, formatMismatch, type Mismatch, unlessSame, unlessSameAmount } from './compare.js';
import { PAID_IN_FULL } from './differences.js';
import { LOAN, type Lost, lostFees, owedNow, playLost } from './lostItem.js';
import type { LostScenario } from './lostScenario.js';
import type { Row } from './outcome.js';
import { type Held, type Verdict, verdictOf } from './verdict.js';

type Expected = LostScenario['then'];

/** Plays the events of a lost item, and checks its fees and its loan. */
export function judgeLost(scenario: LostScenario): Verdict {
  const lost = playLost(scenario);
  return verdictOf(scenario, (expected) => hold(expected, scenario, lost));
}

const byCirculation = {
  overdueFineCreated:
    'Whether an overdue fine is due is for the circulation system to say; the account only records it',
  actualCostRecord: 'A cost that is not known yet is kept by the circulation system, and is no fee',
  itemStatus: 'What an item is called until it is lost and paid is for the circulation system to say',
  loanClosed: 'Whether a return or a renewal closes a loan is for the circulation system to say',
} as const;

/** Compares `then` with FOLIO, reporting where this library differs, and `betterThen` with this library. */
function hold(expected: Expected, { given, when, then }: LostScenario, lost: Lost): Held {
  const isOfFolio = expected === then;
  const { desk, owedBefore, creditsBefore, fined, actualCostRecord } = lost;
  const fees = lostFees(desk);
  const open = fees.filter((fee) => owed(fee) > 0);
  const { lostAndSettled, lostAndPaid } = feesOfLoan(desk.account(), desk.policy, { loanId: LOAN });
  const isKnown = actualCostRecord !== 'Open';
  // FOLIO closes every loan without an open lost-item fee, even if it never had one.
  const isClosedThere = open.length === 0 && isKnown;
  const reasons = new Set<string>();
  const unlessSameAsThere = (key: string, value: unknown, ours: unknown, theirs: unknown) => {
    if (isOfFolio && ours !== theirs) reasons.add(NOTHING_PAID);
    return unlessSame(key, value, isOfFolio ? theirs : ours);
  };
  const mismatches = Object.entries(expected).flatMap(([key, value]): Mismatch[] => {
    if (value === undefined || key === 'note') return [];
    switch (key) {
      case 'accounts':
        return compareRows(expected.accounts ?? [], lost, isOfFolio, reasons);
      case 'refunded':
        return unlessSameAmount(key, value as string, givenBack(lost, creditsBefore));
      case 'owed':
        return unlessSameAmount(key, value as string, owedNow(desk));
      case 'owedBefore':
        return unlessSameAmount(key, value as string, owedBefore);
      case 'accountCount':
        return unlessSame(key, value, fees.length);
      case 'openCount':
      case 'lostFees':
        return unlessSame(key, value, open.length);
      case 'loanClosed':
        if (when.op === 'return-or-renew-lost-item') {
          reasons.add(byCirculation[key]);
          return [];
        }
        return unlessSameAsThere(key, value, lostAndSettled && isKnown, isClosedThere);
      case 'overdueFineCreated':
        reasons.add(byCirculation[key]);
        return unlessSame(key, value, fined);
      case 'actualCostRecord':
        reasons.add(byCirculation[key]);
        return unlessSame(key, value, actualCostRecord);
      case 'itemStatus': {
        const isPaid = lostAndPaid && isKnown;
        const said = (isLostAndPaid: boolean) => (isLostAndPaid ? 'Lost and paid' : undefined);
        if (value === said(true) || isClosedThere)
          return unlessSameAsThere(key, value, said(isPaid), said(isClosedThere));
        reasons.add(byCirculation[key]);
        const stillLost = statusesOf(when.op, given.history);
        return stillLost.includes(value as string) ? [] : unlessSame(key, value, stillLost.join(' or '));
      }
      default:
        return [{ path: key, expected: value, actual: 'a field that is not understood' }];
    }
  });
  if (actualCostRecord !== undefined) reasons.add(byCirculation.actualCostRecord);
  return { mismatches: mismatches.map(formatMismatch), reasons: [...reasons] };
}

const NOTHING_PAID = 'An item is "lost and paid" only if money came in for it and stayed';

/** FOLIO's status of an item with an open lost-item fee. */
function statusesOf(op: string, history: LostScenario['given']['history']): string[] {
  const DECLARED = 'Declared lost';
  const AGED = 'Aged to lost';
  if (op === 'return-or-renew-lost-item') return [];
  if (op === 'declare-lost' || history.some((entry) => entry.op === 'declare-lost')) return [DECLARED];
  return history.some((entry) => entry.op === 'age-to-lost') ? [AGED] : [DECLARED, AGED];
}

/** The amount that came back for a returned item, or for fees cancelled when the item was declared lost. */
function givenBack({ desk }: Lost, creditsBefore: number): number {
  return desk
    .account()
    .credits.slice(creditsBefore)
    .filter(({ purpose, cause }) => purpose !== 'setOff' && (cause === 'returned' || cause === 'cancelled'))
    .reduce((total, { amount }) => total + amount, 0);
}

function compareRows(
  expected: NonNullable<Expected['accounts']>,
  lost: Lost,
  isOfFolio: boolean,
  reasons: Set<string>,
): Mismatch[] {
  const rowsOf = (isThere: boolean) =>
    new Map(lostFees(lost.desk).map((fee) => [refOf(fee), rowOf(fee, lost, isThere)]));
  const rows = rowsOf(isOfFolio);
  const ours = rowsOf(false);
  return expected.flatMap((row) => {
    const isLabelled = row.paymentStatus !== undefined;
    if (isLabelled && rows.get(row.ref)?.paymentStatus !== ours.get(row.ref)?.paymentStatus)
      reasons.add(PAID_IN_FULL);
    return compareRow({ ...row, ...likeHere(row) }, { rows });
  });
}

function refOf({ feeId }: Fee): string {
  return feeId.replace('fee:', '');
}

const TAKEN_BACK = '<Cancelled item returned|renewed>';

/** A return and a renewal are played the same way. */
function likeHere({ paymentStatus }: { readonly paymentStatus?: string | undefined }) {
  return /^Cancelled item (returned|renewed)$/.test(paymentStatus ?? '') ? { paymentStatus: TAKEN_BACK } : {};
}

/** A row in FOLIO's form: a waiver leaves a lost-item fee unchanged, but reduces what is owed. */
function rowOf(fee: Fee, lost: Lost, isThere: boolean): Row {
  const left = owed(fee);
  const paymentStatus = labelOf(fee, left, lost, isThere);
  return { remaining: left, status: left > 0 ? 'Open' : 'Closed', paymentStatus };
}

function labelOf(fee: Fee, left: number, { desk, lastDone, creditsBefore }: Lost, isThere: boolean): string {
  const isBack = ({ feeId, cause }: { readonly feeId: string | null; readonly cause: string }) =>
    feeId === fee.feeId && cause === 'returned';
  if (left === 0 && desk.account().credits.slice(creditsBefore).some(isBack)) return TAKEN_BACK;
  const parts = { pay: fee.paid, waive: fee.waived + fee.reserved, transfer: fee.transferred };
  const words = { pay: 'Paid', waive: 'Waived', transfer: 'Transferred' };
  const last = lastDone.get(refOf(fee)) ?? '';
  switch (last) {
    case 'pay':
    case 'waive':
    case 'transfer':
      return `${words[last]} ${left === 0 && (isThere || parts[last] === fee.original) ? 'fully' : 'partially'}`;
    case 'refund':
      return `Refunded ${fee.paid + fee.transferred === 0 ? 'fully' : 'partially'}`;
    case 'cancel':
      return 'Cancelled as error';
    case 'declare-lost':
      return 'Cancelled item declared lost';
    default:
      return 'Outstanding';
  }
}
