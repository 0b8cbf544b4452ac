import { unused } from '../../account/credit.js';
import { owed } from '../../account/fee.js';
import { balancesInMinorUnits, type PatronAccount } from '../../account/patronAccount.js';
import { formatAmount } from '../../money/money.js';
import type { Row } from '../scenario/sideBySide.js';
import type { Outcome } from './deliver.js';
import type { FeeSystemAnswer, FeeSystemBalances } from './feeSystem.js';
import type { NamedRequest } from './requests.js';
import type { Delivery } from './story.js';

/** The result of one step of a story. */
export type StepResult = {
  /** One request, or two that arrived at the same time. */
  readonly requests: readonly NamedRequest[];
  /**
   * How the request was delivered: `late` is a second delivery at the end of the story. Two requests are delivered once
   * each.
   */
  readonly delivery: Delivery | 'late';
  /** The answers of our account, one for each request. */
  readonly answers: readonly FeeSystemAnswer[];
};

/** Both sides of a step, row by row. */
export type Comparison = { readonly rows: readonly Row[]; readonly differs: boolean };

/**
 * Compares answers: they agree if both accept or both refuse; reasons are not compared. The second answer to a repeated
 * request may be either, but there must be one: the figures show whether it was executed twice.
 */
export function compareAnswers(played: StepResult, outcomes: readonly Outcome[]): Comparison {
  const { requests, delivery, answers } = played;
  const failed = outcomes.map((outcome) => 'failure' in outcome);
  const agrees = (ours: FeeSystemAnswer, theirs: Outcome | undefined) =>
    theirs !== undefined && 'answer' in theirs && theirs.answer.accepted === ours.accepted;
  const rows = outcomes.map((outcome, index) => {
    const repeated = delivery === 'late' || (requests.length === 1 && index > 0);
    const ours = answers[repeated ? 0 : index] as FeeSystemAnswer;
    const label = `${requests[repeated ? 0 : index]?.request.id}${repeated ? ' again' : ''}`;
    const onlyOneCounts = delivery === 'twiceAtOnce' && !outcomes.some((other) => agrees(ours, other));
    const wrong = delivery === 'twiceAtOnce' ? onlyOneCounts : !repeated && !agrees(ours, outcome);
    return {
      label,
      cells: [repeated ? 'nothing new' : shownAnswer(ours), shownOutcome(outcome)],
      differs: failed[index] === true || wrong,
    };
  });
  return comparison(rows);
}

/** Compares the figures of our account with those of a system. Figures that the system omits are not compared. */
export function compareFigures(
  account: PatronAccount,
  shown: { readonly balances: FeeSystemBalances } | { readonly failure: string },
  digits: number,
): Comparison {
  if ('failure' in shown)
    return comparison([{ label: 'balances', cells: ['shown', `failed: ${shown.failure}`], differs: true }]);
  const ours = ourFigures(account, digits);
  const feeIds = account.fees.map(({ feeId }) => feeId);
  const theirs = new Map(theirFigures(shown.balances, feeIds).map((figure) => [figure.name, figure.shown]));
  const rows = ours
    .filter(({ name }) => theirs.has(name))
    .map(({ name, shown: amount }) => {
      const other = theirs.get(name) as string;
      return { label: name, cells: [amount, other], differs: !sameAmount(amount, other, digits) };
    });
  const known = new Set(ours.map(({ name }) => name));
  const unknownFees = [...theirs]
    .filter(([name, amount]) => !known.has(name) && !sameAmount('0', amount, digits))
    .map(([name, amount]) => ({ label: name, cells: ['no such fee', amount], differs: true }));
  // Figures that are zero on both sides only distract the reader.
  const relevant = rows.filter(
    ({ cells, differs }) => differs || !sameAmount('0', cells[0] as string, digits),
  );
  return comparison([...relevant, ...unknownFees]);
}

function comparison(rows: readonly Row[]): Comparison {
  return { rows, differs: rows.some(({ differs }) => differs) };
}

function shownAnswer({ accepted, reason }: FeeSystemAnswer): string {
  if (accepted) return 'accepted';
  return reason === undefined ? 'refused' : `refused: ${reason}`;
}

function shownOutcome(outcome: Outcome): string {
  return 'failure' in outcome ? `failed: ${outcome.failure}` : shownAnswer(outcome.answer);
}

/** A named figure: a decimal string, or the text that a system shows instead. */
export type Figure = { readonly name: string; readonly shown: string };

/** Returns the figures of our account: owed for each fee, then the totals. */
export function ourFigures(account: PatronAccount, digits: number): readonly Figure[] {
  const figure = (name: string, minor: number) => ({ name, shown: formatAmount(minor, digits) });
  const credits = (purpose: 'refundable' | 'external') =>
    account.credits
      .filter((credit) => credit.purpose === purpose)
      .reduce((sum, credit) => sum + unused(credit), 0);
  const all = balancesInMinorUnits(account);
  const disputed = account.fees.filter((fee) => fee.disputed).reduce((sum, fee) => sum + owed(fee), 0);
  return [
    ...account.fees.map((fee) => figure(nameOfFee(fee.feeId), owed(fee))),
    figure('owed', all.owed),
    figure('disputed', disputed),
    figure('refundable', credits('refundable')),
    figure('external', credits('external')),
  ];
}

/** Returns the figures of a system under the same names. Omitted figures are left out and not compared. */
export function theirFigures(balances: FeeSystemBalances, feeIds: readonly string[]): readonly Figure[] {
  const shownFor = new Map<string, string[]>(feeIds.map((feeId) => [feeId, []]));
  for (const { feeId, owed } of balances.fees)
    shownFor.set(feeId, [...(shownFor.get(feeId) ?? []), String(owed)]);
  const { owed, disputed, refundable, external } = balances;
  return [
    ...[...shownFor].map(([feeId, shown]) => ({ name: nameOfFee(feeId), shown: shown.join(' and ') || '0' })),
    ...Object.entries({ owed, disputed, refundable, external })
      .filter(([, shown]) => shown !== undefined)
      .map(([name, shown]) => ({ name, shown: String(shown) })),
  ];
}

/** Returns whether two figures are the same amount, with or without trailing decimals. */
export function sameAmount(ours: string, theirs: string, digits: number): boolean {
  const minor = minorUnits(theirs, digits);
  return minor !== undefined && minor === minorUnits(ours, digits);
}

/** Reads a figure of a system; undefined if it is no amount of the currency. */
export function minorUnits(text: string, digits: number): bigint | undefined {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  const decimals = match?.[3] ?? '';
  if (match === null || decimals.length > digits) return undefined;
  const minor = BigInt(`${match[2]}${decimals.padEnd(digits, '0')}`);
  return match[1] === '-' ? -minor : minor;
}

const OF_FEE = 'owed on ';

/** Returns the name of what is owed on a fee. */
export function nameOfFee(feeId: string): string {
  return OF_FEE + feeId;
}

/** Returns whether a figure is what is owed on a fee. */
export function isFee(name: string): boolean {
  return name.startsWith(OF_FEE);
}
