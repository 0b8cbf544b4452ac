import { mailHeading, mailTable } from './mailFrame.js';
import { type Markup, markup } from './markup.js';
import type { PlanProgress } from './paymentPlan.js';
import type { ReaderFormat } from './readerFormat.js';
import { listedText } from './shownText.js';

/** The words for payment plans in reports and statements. */
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

/** Returns the lines of each plan for plain text: a heading, and one line for each instalment that is not paid. */
export function planLines(
  plans: readonly PlanProgress[],
  { words, amount, day }: ReaderFormat & { readonly words: PlanWords },
): readonly (readonly string[])[] {
  return plans.map((plan) => [
    words.paymentPlan,
    ...openInstalments(plan).map((instalment) =>
      listedText([
        `${words.due} ${day(instalment.dueOn)}`,
        `${words.instalment} ${amount(instalment.amount)}`,
        `${words.stillToPay} ${amount(instalment.open)}`,
      ]),
    ),
  ]);
}

/** Returns each plan as a heading and a table of the instalments that are not paid. */
export function plansMarkup(
  plans: readonly PlanProgress[],
  {
    words,
    amount,
    day,
  }: ReaderFormat & { readonly words: PlanWords & { readonly direction: 'ltr' | 'rtl' } },
): readonly Markup[] {
  return plans.flatMap((plan) => [
    mailHeading(2, words.paymentPlan),
    mailTable(
      words.direction,
      [words.due, words.instalment, words.stillToPay],
      openInstalments(plan).map((instalment) => ({
        head: markup`${day(instalment.dueOn)}`,
        cells: [amount(instalment.amount), amount(instalment.open)],
      })),
    ),
  ]);
}

function openInstalments({ instalments }: PlanProgress) {
  return instalments.filter(({ open }) => /[1-9]/.test(open));
}
