import type { Part } from './letter.js';
import type { PlanProgress } from './paymentPlan.js';
import type { ReaderFormat } from './readerFormat.js';

/** The words for payment plans in letters. */
export type PlanWords = {
  /** Above the instalments of a plan. */
  readonly paymentPlan: string;
  /** Above the days on which instalments are due. */
  readonly due: string;
  /** Above the amounts of the instalments. */
  readonly instalment: string;
  /** Above what is still to be paid of each instalment. */
  readonly stillToPay: string;
};

/** Returns a heading and a table of instalments; nothing without instalments. */
export function instalmentParts(
  instalments: PlanProgress['instalments'],
  words: PlanWords,
  { amount, day }: ReaderFormat,
): readonly Part[] {
  if (instalments.length === 0) return [];
  return [
    { kind: 'heading', level: 2, text: words.paymentPlan },
    {
      kind: 'table',
      columns: [words.due, words.instalment, words.stillToPay],
      rows: instalments.map((one) => ({
        head: day(one.dueOn),
        cells: [amount(one.amount), amount(one.open)],
      })),
    },
  ];
}

/** Returns the parts of each plan: its instalments that are not paid. */
export function planParts(
  plans: readonly PlanProgress[],
  words: PlanWords,
  format: ReaderFormat,
): readonly Part[] {
  return plans.flatMap(({ instalments }) =>
    instalmentParts(
      instalments.filter(({ open }) => /[1-9]/.test(open)),
      words,
      format,
    ),
  );
}
