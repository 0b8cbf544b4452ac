import type { Arbitrary, FastCheck } from '../../../src/testing/fastCheck.js';
import type { ForeignFigure, ForeignHistory, ForeignTableRow } from './foreignRows.js';

/** A fee or credit, and how much of it is left: some time before, and now. In minor units. */
type Draft = {
  readonly isFee: boolean;
  readonly amount: number;
  readonly shares: readonly number[];
  readonly patron: number;
  readonly isNew: boolean;
  readonly details: ForeignTableRow;
};

/** Generates rows of open fees and credits, as `openingBalances` reads them; what is left falls with time. */
export function openingRows(fc: FastCheck): Arbitrary<ForeignHistory> {
  const drafts = fc.array(
    fc.record({
      isFee: fc.boolean(),
      amount: fc.integer({ min: 1, max: 100_000 }),
      shares: fc.tuple(fc.constantFrom(0, 1, 400, 999, 1_000), fc.constantFrom(0, 500, 1_000)),
      patron: fc.nat({ max: 3 }),
      isNew: fc.boolean(),
      details: fc.record(
        {
          title: fc.constantFrom('Emma', '風の谷のナウシカ', ''),
          comment: fc.constant('Lost'),
          loanId: fc.constant('4711'),
          unknown: fc.constant('ignored'),
        },
        { requiredKeys: [] },
      ),
    }),
    { maxLength: 8, size: 'max' },
  );
  return drafts.map((all) => {
    const before = (draft: Draft) => Math.floor((draft.amount * (draft.shares[0] ?? 0)) / 1_000);
    // A credit stays as it is: no row says how it was used.
    const now = (draft: Draft) =>
      draft.isFee ? Math.floor((before(draft) * (draft.shares[1] ?? 0)) / 1_000) : before(draft);
    const rows = all.map((draft, index) => rowOf(draft, index, now(draft)));
    const earlier = all.flatMap((draft, index) => (draft.isNew ? [] : [rowOf(draft, index, before(draft))]));
    const figures = all.map((draft, index): ForeignFigure => {
      const [owed, credit] = draft.isFee ? [now(draft), 0] : [0, now(draft)];
      return { patronId: patronOf(draft), balanceId: `import/${index}`, owed, credit };
    });
    return { tables: { rows }, earlier: { rows: earlier }, figures };
  });
}

const patronOf = ({ patron }: Draft) => `u${patron}`;

function rowOf(draft: Draft, index: number, remaining: number): ForeignTableRow {
  const { isFee, amount, details } = draft;
  const kind = isFee ? { kind: 'fee', feeType: 'OTHER' } : { kind: 'credit' };
  const money = (minor: number) => (minor / 100).toFixed(2);
  const left = remaining === amount ? {} : { remaining: money(remaining) };
  const own = { patronId: patronOf(draft), id: String(index), owner: 'MAIN', at: '2026-03-02' };
  return { ...own, ...kind, amount: money(amount), ...left, ...details };
}
