import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/index.js';
import { journal, type LedgerAccount } from '../../src/jobs/reports/index.js';
import {
  balancesOf,
  type ReferenceModel,
  referenceModelOf,
  total,
} from '../../src/testing/laws/referenceModel.js';
import { checkLaw } from '../support/lawTests.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../support/stories.js';

const netKinds: readonly string[] = ['revenue', 'waivers', 'writeOffs', 'returns', 'forfeited'];

/**
 * The sums of the postings by kind of account. The tax of a fee counts for the account before it, which is without tax;
 * if that was 0 and is left out, for `tax alone`.
 */
function posted(events: readonly AccountEvent[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { postings } of journal(events)) {
    for (const [index, { account, amountMinor, rowId }] of postings.entries()) {
      const before = postings[index - 1];
      const isBeside = before?.rowId === rowId && netKinds.includes(before?.account[0] ?? '');
      const taxOf = isBeside ? (before?.account[0] as string) : 'tax alone';
      const kind = account[0] === 'vat' ? taxOf : account[0];
      sums.set(kind, (sums.get(kind) ?? 0n) + BigInt(amountMinor));
    }
  }
  return sums;
}

/** The same accounts by the reference model, which do not use postings. */
function figuresOf(
  { fees, credits, cash }: ReferenceModel,
  writtenOff: bigint,
  forfeitedOf: ReadonlyMap<string, bigint>,
) {
  const sum = (amounts: readonly (bigint | undefined)[]) => total(amounts.map((amount) => amount ?? 0n));
  const isKept = (cause: string) => cause === 'overpayment' || cause === 'settlement';
  // What is forfeited was given all the same: the library keeps the money, and the reason stays.
  const forfeited = ({ creditId, purpose }: ReferenceModel['credits'][number]) =>
    purpose === 'refundable' ? (forfeitedOf.get(creditId) ?? 0n) : 0n;
  const netOfCancelled = (...causes: readonly string[]) =>
    sum(
      credits
        .filter(({ cause }) => causes.includes(cause))
        .map((row) => row.amount - row.cancelled + forfeited(row)),
    );
  const pending = sum(fees.map((fee) => fee.transferPending)) - sum(credits.map((c) => c.transferPending));
  const netTransferred = sum(fees.map((fee) => fee.transferred)) - sum(credits.map((c) => c.transferred));
  const shortfalls =
    sum(fees.map((fee) => fee.givenBack)) -
    sum(
      credits
        .filter(({ purpose, feeId }) => purpose === 'refundable' && feeId !== null)
        .map((row) => row.amount - row.cancelled),
    );
  return {
    receivable: sum(fees.map((fee) => fee.remaining)),
    credits: -sum(credits.map((credit) => credit.remaining)),
    cash: cash.received - cash.handedBack - cash.refunded,
    transferred: pending,
    settled: netTransferred - pending,
    settlementSurplus: cash.settlementSurplus,
    waivers: sum(fees.map((fee) => fee.waived)) + netOfCancelled('waived') - writtenOff,
    writeOffs: writtenOff,
    returns: netOfCancelled('returned'),
    // In these sums, amounts without tax and their tax are together.
    vat: 0n,
    revenue: sum(fees.map((fee) => fee.cancelled - fee.original)) + netOfCancelled('cancelled') + shortfalls,
    goodwill: netOfCancelled('manual'),
    imported: netOfCancelled('imported'),
    forfeited: -sum(credits.map((row) => (isKept(row.cause) ? row.cancelled : forfeited(row)))),
    // Only tills, remittances, bank accounts and online payments post to these.
    safe: 0n,
    deposited: 0n,
    overShort: 0n,
    remitted: 0n,
    commission: 0n,
    bank: 0n,
    bankCharges: 0n,
    bankOther: 0n,
    serviceFees: 0n,
    paidOut: 0n,
    providerFees: 0n,
    onlineApart: 0n,
    // Only opening balances have it.
    retainedEarnings: 0n,
  } satisfies Record<LedgerAccount[0], bigint>;
}

/** The write-offs of a history that were not undone. */
function writtenOff(events: readonly AccountEvent[]): bigint {
  const netOfCancelled = new Map<string, bigint>();
  const minor = (amount: string) => BigInt(amount.replace('.', ''));
  for (const { type, data } of events) {
    if (
      (type === 'FeeWaived' || type === 'LostItemCreditIssued' || type === 'CreditIssued') &&
      data.writeOff
    ) {
      netOfCancelled.set('waiverId' in data ? data.waiverId : data.creditId, minor(data.amount));
    } else if (type === 'WaiverReversed') netOfCancelled.delete(data.waiverId);
    else if (type === 'CreditCancelled' && netOfCancelled.has(data.creditId)) {
      netOfCancelled.set(data.creditId, (netOfCancelled.get(data.creditId) as bigint) - minor(data.amount));
    }
  }
  return total([...netOfCancelled.values()]);
}

/** What was forfeited of each credit. */
function forfeitedIn(events: readonly AccountEvent[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { type, data } of events) {
    if (type === 'CreditCancelled' && data.forfeited)
      sums.set(data.creditId, (sums.get(data.creditId) ?? 0n) + BigInt(data.amount.replace('.', '')));
  }
  return sums;
}

checkLaw(8);

describe('law 8, checked independently: the journal', () => {
  it(
    'sums, in every state, to the balances and to the amounts of the events for each kind of account',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          const all = eventsOf(runMoves(story, policy));
          for (let count = 1; count <= all.length; count++) {
            const events = all.slice(0, count);
            const model = referenceModelOf(events);
            const figures = figuresOf(model, writtenOff(events), forfeitedIn(events));
            const found = posted(events);
            const alone = (found.get('tax alone') ?? 0n) !== 0n;
            const kinds = Object.keys(figures).filter((kind) => !(alone && netKinds.includes(kind)));
            const sums = (of: (kind: string) => bigint | undefined) =>
              Object.fromEntries(kinds.map((kind) => [kind, of(kind) ?? 0n]));
            expect(sums((kind) => found.get(kind))).toEqual(
              sums((kind) => figures[kind as LedgerAccount[0]]),
            );
            expect(total([...found.values()])).toBe(0n);
            const { active = 0n, disputed = 0n, transferred } = balancesOf(model);
            expect(figures.receivable + figures.credits).toBe(active + disputed);
            expect(figures.transferred).toBe(transferred);
          }
        }),
        seeded('law 8, kinds'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});
