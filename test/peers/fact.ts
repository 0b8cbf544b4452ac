import { balancesInMinorUnits, findCredit, findFee, owed, unused } from '../../src/index.js';
import { type Desk, dollars, mustAsk, openDesk } from './ourDesk.js';

type Debit = {
  readonly id: string;
  readonly amount: number;
  readonly outstanding: number;
  readonly type: string;
};
type Credit = { readonly id: string; readonly amount: number; readonly available: number };

/** A fact of Koha's or Evergreen's tests, as in its file. Amounts are in cents. */
export type Fact = {
  readonly id: string;
  readonly system: string;
  readonly source: string;
  readonly given: {
    readonly debits?: readonly Debit[];
    readonly credits?: readonly Credit[];
    readonly billings?: readonly {
      readonly type: string;
      readonly amount: number;
      readonly count?: number;
    }[];
    readonly [field: string]: unknown;
  };
  readonly when: { readonly op: string; readonly [field: string]: unknown };
  readonly then: Readonly<Record<string, unknown>>;
};

/**
 * The result of this library for a fact: the fields of its `then`, computed without reading `then`.
 */
export type Play = (fact: Fact) => Readonly<Record<string, unknown>>;

/** A fact that is played, and the fields of its `then` that exist only in the other system. */
export type Played = { readonly play: Play; readonly unsaid?: readonly string[] };

/** Opens an account with the debits as fees and the credits as imported money. */
export function openFact(
  { given }: Pick<Fact, 'given'>,
  unpaidOnReturn: 'percent' | 'all' = 'percent',
): Desk {
  const processingPercent = given.processingReturn === '0' ? 0 : 100;
  const lostPercent = given.prohibitNegativeOnLost === true ? 0 : 100;
  const desk = openDesk({
    feeTypes: {
      ...Object.fromEntries(['OVERDUE', 'ACCOUNT', 'MANUAL'].map((type) => [type, { label: type }])),
      LOST: { label: 'Lost item', lostItem: true, refundPercent: lostPercent },
      PROCESSING: { label: 'Processing', lostItem: true, refundPercent: processingPercent },
    },
    overpayment: 'credit',
    unpaidOnReturn,
  });
  for (const debit of given.debits ?? []) charge(desk, debit);
  for (const { id, amount, available } of given.credits ?? []) {
    mustAsk(desk, {
      type: 'IssueCredit',
      id,
      amount: dollars(amount),
      cause: 'imported',
      purpose: 'refundable',
    });
    if (available === amount) continue;
    charge(desk, {
      id: `used of ${id}`,
      amount: amount - available,
      outstanding: amount - available,
      type: 'ACCOUNT',
    });
    mustAsk(desk, { type: 'ApplyCredit', creditId: id, feeIds: [`used of ${id}`] });
  }
  return desk;
}

/** Charges a fee; the part that is not outstanding was paid. */
function charge(desk: Desk, { id, amount, outstanding, type }: Debit): void {
  mustAsk(desk, {
    type: 'AssessFee',
    id,
    feeType: type,
    amount: dollars(amount),
    owner: 'MAIN',
    loanId: 'loan',
  });
  if (outstanding < amount) pay(desk, amount - outstanding, [id]);
}

/** Takes cash, for some fees or for all. */
export function pay(desk: Desk, cents: number, feeIds?: readonly string[], id?: string): void {
  const named = { ...(feeIds === undefined ? {} : { feeIds }), ...(id === undefined ? {} : { id }) };
  mustAsk(desk, { type: 'ReceivePayment', amount: dollars(cents), method: 'CASH', ...named });
}

/** Waives an amount of a fee. */
export function waive(desk: Desk, cents: number, feeId: string, id?: string): void {
  const named = id === undefined ? {} : { id };
  mustAsk(desk, { type: 'WaiveFees', fees: [{ feeId, amount: dollars(cents) }], reason: 'OTHER', ...named });
}

/** The numbers in an operation's text, in order. */
export function numbersIn(text: string): number[] {
  return (text.match(/(?<![\w-])-?\d+(?!\w)/g) ?? []).map(Number);
}

/** The ids in the first list of an operation's text. */
export function idsIn(text: string): string[] {
  return (/\[([^\]]*)\]/.exec(text)?.[1] ?? '').split(',').map((id) => id.trim());
}

/** What is owed on fees, by id, in cents. */
export function owedOn(desk: Desk, ...ids: readonly string[]): Record<string, number> {
  const amountOf = (id: string) => {
    const fee = findFee(desk.account(), id);
    return fee === undefined ? Number.NaN : owed(fee);
  };
  return Object.fromEntries(ids.map((id) => [id, amountOf(id)]));
}

/** What is unused of credits, by id, in cents. */
export function unusedOf(desk: Desk, ...ids: readonly string[]): Record<string, number> {
  const amountOf = (id: string) => {
    const credit = findCredit(desk.account(), id);
    return credit === undefined ? Number.NaN : unused(credit);
  };
  return Object.fromEntries(ids.map((id) => [id, amountOf(id)]));
}

/** The active balance, in cents. */
export function balanceOf(desk: Desk): number {
  return balancesInMinorUnits(desk.account()).active;
}

/** What is owed on all fees, and the unused credits as a negative number, as in the other systems. */
export function totals(desk: Desk): { readonly debits: number; readonly credits: number } {
  const credits = desk.account().credits.reduce((total, credit) => total + unused(credit), 0);
  return { debits: balancesInMinorUnits(desk.account()).owed, credits: credits === 0 ? 0 : -credits };
}
