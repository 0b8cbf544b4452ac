import { emptyAccount } from '../../account/patronAccount.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import {
  type Comparison,
  compareFigures,
  isFee,
  minorUnits,
  nameOfFee,
  type StepResult,
  theirFigures,
} from './compare.js';
import { deliver } from './deliver.js';
import type { FeeSystem, FeeSystemBalances } from './feeSystem.js';
import { requestFor } from './requestFor.js';
import type { NamedRequest } from './requests.js';
import { type Divergence, isAccepted, ourAnswer, shownBy, type Terms, thrownIn } from './runStory.js';
import type { StoryStep } from './story.js';

/** What a system accepted so far, in minor units. */
type Ledger = {
  readonly charged: Map<string, number>;
  readonly waived: Map<string, number>;
  readonly payments: Map<string, number>;
  refunded: number;
};

/** The figures that a system shows, by name: a number of minor units, or a text that is no amount. */
type Figures = ReadonlyMap<string, number | string>;

/** A figure, and the least and the most that the laws allow. */
type Bound = readonly [name: string, figure: number | string, least: number, most: number];

const sumOf = (amounts: Iterable<number>) => [...amounts].reduce((sum, amount) => sum + amount, 0);

/**
 * Runs a story on a system until its answers and figures break a law. Our account only shapes the requests: it follows
 * what the system accepts, as far as it can.
 */
export async function runLawfulStory(
  story: readonly StoryStep[],
  system: FeeSystem,
  terms: Terms,
): Promise<Divergence | undefined> {
  const digits = digitsOf(terms.policy.currency);
  const ledger: Ledger = { charged: new Map(), waived: new Map(), payments: new Map(), refunded: 0 };
  const steps: StepResult[] = [];
  let account = emptyAccount();
  let before: Figures = new Map();
  for (const [index, { plan, delivery }] of story.entries()) {
    const request = requestFor(plan, { ...terms, account, number: index + 1 });
    if (request === undefined) continue;
    const outcomes = await deliver(system, request, delivery);
    const accepted = outcomes.some(isAccepted);
    steps.push({ requests: [request], delivery, answers: [{ accepted }] });
    const failed = outcomes.find((outcome) => 'failure' in outcome);
    if (failed !== undefined) {
      const row = {
        label: request.request.id,
        cells: ['an answer', `failed: ${failed.failure}`],
        differs: true,
      };
      return { steps, comparison: { rows: [row], differs: true }, ...thrownIn([failed]) };
    }
    const amount = amountOf(request, ledger, digits);
    if (accepted) enter(request, amount, ledger);
    const shown = await shownBy(system, digits);
    if ('failure' in shown)
      return { steps, comparison: compareFigures(account, shown, digits), ...thrownIn([shown]) };
    const now = figuresOf(shown.balances, ledger, digits);
    const bounds = [
      ...boundsOfState(now, ledger),
      ...(accepted
        ? boundsOfChange(request, { amount, before, now, policy: terms.policy })
        : boundsOfRefusal(before, now)),
    ];
    const comparison = judged(bounds, digits);
    if (comparison.differs) return { steps, comparison };
    before = now;
    if (accepted) account = ourAnswer(account, request, terms.policy).account;
  }
  return undefined;
}

/** Returns the most that a request may move, in minor units. */
function amountOf({ name, request }: NamedRequest, { payments }: Ledger, digits: number): number {
  if ('amount' in request) return Number(minorUnits(request.amount, digits));
  if (name === 'reversePayment') return payments.get(request.paymentId) ?? 0;
  return name === 'returnLostItem' ? Infinity : 0;
}

function enter({ name, request }: NamedRequest, amount: number, ledger: Ledger): void {
  if (name === 'assess') ledger.charged.set(request.id, amount);
  if (name === 'pay') ledger.payments.set(request.id, amount);
  if (name === 'refund') ledger.refunded += amount;
  if (name === 'waive') ledger.waived.set(request.feeId, (ledger.waived.get(request.feeId) ?? 0) + amount);
}

function figuresOf(balances: FeeSystemBalances, { charged }: Ledger, digits: number): Figures {
  return new Map(
    theirFigures(balances, [...charged.keys()]).map(({ name, shown }) => {
      const minor = minorUnits(shown, digits);
      return [name, minor === undefined ? shown : Number(minor)];
    }),
  );
}

/**
 * What holds at any time: no fee owes more than was charged, no waiver exceeds it, and nothing is paid out that was not
 * paid.
 */
function boundsOfState(now: Figures, { charged, waived, payments, refunded }: Ledger): readonly Bound[] {
  const most = new Map([...charged].map(([feeId, amount]) => [nameOfFee(feeId), amount]));
  const paid = sumOf(payments.values());
  const total = sumOf([...most.keys()].map((name) => Number(now.get(name))));
  const totals: Readonly<Record<string, readonly [number, number]>> = {
    owed: [total, total],
    disputed: [0, total],
    refundable: [0, Math.max(0, paid - refunded)],
    external: [0, Infinity],
  };
  return [
    ...[...now].map(([name, figure]): Bound => [name, figure, ...(totals[name] ?? [0, most.get(name) ?? 0])]),
    ...[...waived].map(([feeId, sum]): Bound => [`waived on ${feeId}`, sum, 0, charged.get(feeId) ?? 0]),
    ['paid out', refunded, 0, paid],
  ];
}

/** A request that is refused changes nothing. */
function boundsOfRefusal(before: Figures, now: Figures): readonly Bound[] {
  return [...now]
    .filter(([name]) => isFee(name) || name === 'refundable')
    .map(([name, figure]): Bound => {
      const was = Number(before.get(name) ?? 0);
      return [name, figure, was, was];
    });
}

/** A request changes only the fees that it names, once and by no more than its amount. */
function boundsOfChange(
  { name: what, request }: NamedRequest,
  {
    amount,
    before,
    now,
    policy,
  }: {
    readonly amount: number;
    readonly before: Figures;
    readonly now: Figures;
    readonly policy: FeePolicy;
  },
): readonly Bound[] {
  const was = (name: string) => Number(before.get(name) ?? 0);
  const feeIds = 'feeIds' in request ? request.feeIds : 'feeId' in request ? [request.feeId] : [];
  const named = new Set(feeIds.map(nameOfFee));
  const rises = what === 'reversePayment' ? amount : 0;
  const fees = [...now]
    .filter(([name]) => isFee(name) && (what !== 'assess' || name !== nameOfFee(request.id)))
    .map(([name, figure]): Bound => {
      return [name, figure, was(name) - (named.has(name) ? amount : 0), was(name) + rises];
    });
  const kept = now.has('refundable') ? Number(now.get('refundable')) - was('refundable') : undefined;
  const moved = (figure: number, least: number): Bound => [`moved by ${request.id}`, figure, least, amount];
  // More than there is could only be refused: no figure that follows from it is lawful.
  const accepted = (most: number): Bound => [`accepted of ${request.id}`, amount, 0, most];
  if (what === 'pay') {
    // A payment goes to its fees, and what is left belongs to the patron: without a figure for that, one can see only
    // that it is little.
    const isShown = kept !== undefined || policy.overpayment === 'refuse';
    const room = kept === undefined && isShown ? sumOf([...named].map(was)) : Infinity;
    const fallen = sumOf(fees.map(([name, figure]) => was(name) - Number(figure)));
    return [...fees, amount > room ? accepted(room) : moved(fallen + (kept ?? 0), isShown ? amount : 0)];
  }
  if (what !== 'refund' || kept === undefined) return fees;
  const room = was('refundable');
  return [...fees, amount > room ? accepted(room) : moved(-kept, amount)];
}

/**
 * Compares figures with all their bounds. What must be zero and is zero is left out, as it only distracts the reader.
 */
function judged(bounds: readonly Bound[], digits: number): Comparison {
  const byName = new Map<string, Bound>();
  for (const [name, figure, least, most] of bounds) {
    const [, , other = least, another = most] = byName.get(name) ?? [];
    byName.set(name, [name, figure, Math.max(least, other), Math.min(most, another)]);
  }
  // What was computed from a text that is no amount says nothing.
  const known = [...byName.values()].filter((bound) => !bound.some(Number.isNaN));
  const rows = known.map(([label, figure, least, most]) => ({
    label,
    cells: [range(least, most, digits), typeof figure === 'string' ? figure : formatAmount(figure, digits)],
    differs: typeof figure === 'string' || figure < least || figure > most,
  }));
  const zero = formatAmount(0, digits);
  return {
    rows: rows.filter(({ differs, cells }) => differs || cells.some((cell) => cell !== zero)),
    differs: rows.some(({ differs }) => differs),
  };
}

function range(least: number, most: number, digits: number): string {
  if (least === most) return formatAmount(least, digits);
  if (most === Infinity) return `${formatAmount(least, digits)} or more`;
  return `${formatAmount(least, digits)} to ${formatAmount(most, digits)}`;
}
