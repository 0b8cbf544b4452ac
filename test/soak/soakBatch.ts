import fc from 'fast-check';
import { stories } from '../../src/testing/arbitraries/stories.js';
import { printedAs, type Story } from '../../src/testing/arbitraries/story.js';
import { described } from '../../src/testing/described.js';
import type { Clause, LawText, Subject } from '../../src/testing/laws/law.js';
import { lawTexts } from '../../src/testing/laws/laws.js';

/** The number of histories of a batch. */
export const BATCH_SIZE = 50;

/** The number of histories, commands and events so far. */
export type SoakCounts = {
  readonly histories: number;
  readonly commands: number;
  readonly refused: number;
  readonly events: number;
};

/** The result of a batch. */
export type SoakOutcome = { readonly counts: SoakCounts; readonly failure?: string };

/** A law, and one of its sentences. */
type Sentence = { readonly law: LawText; readonly clause: Clause };

const sentences: readonly Sentence[] = lawTexts.flatMap((law) =>
  // What is looked at in stores has stories of its own, which take a thousand times as long.
  law.clauses.filter((clause) => !('input' in clause && clause.isAsync)).map((clause) => ({ law, clause })),
);

/** One story for all sentences about stories, and the other input of each sentence. */
type Round = { readonly story: Story; readonly others: readonly unknown[] };

/** Runs some histories and checks all laws. The same seed and number give the same histories on any machine. */
export function soakBatch(subject: Subject, seed: number, batch: number, size = BATCH_SIZE): SoakOutcome {
  const played = { histories: 0, commands: 0, refused: 0, events: 0 };
  let broken = -1;
  const property = fc.property(rounds(sentences, subject), ({ story, others }) => {
    count(story, played);
    for (const [index, { clause }] of sentences.entries()) {
      broken = index;
      hold(clause, story, others[index], subject);
    }
    broken = -1;
  });
  const start = { seed: seedOf(seed, batch) };
  const result = fc.check(property, { ...start, numRuns: size, endOnFailure: true });
  if (!result.failed) return { counts: played };
  const failed = { ...start, path: String(result.counterexamplePath) };
  return { counts: played, failure: smallest(sentences, broken, subject, failed) };
}

function rounds(sentences: readonly Sentence[], subject: Subject): fc.Arbitrary<Round> {
  const others = sentences.map(({ clause }) => {
    const chosen = 'input' in clause ? clause.input : clause.beside;
    return chosen?.(fc, subject) ?? fc.constant(undefined);
  });
  return fc.tuple(stories(fc, subject), fc.tuple(...others)).map(([story, all]) => ({ story, others: all }));
}

function hold(clause: Clause, story: Story, other: unknown, subject: Subject): void {
  if ('input' in clause) void clause.holds(other as never, subject);
  else clause.holdsIn(story, subject, other as never);
}

function count({ steps, events }: Story, played: { -readonly [Name in keyof SoakCounts]: number }): void {
  played.histories += 1;
  played.commands += steps.length;
  played.refused += steps.filter(({ decision }) => !decision.accepted).length;
  played.events += events.length;
}

/** Shrinks a round that violates one sentence, and returns its description; other sentences are ignored. */
function smallest(
  sentences: readonly Sentence[],
  broken: number,
  subject: Subject,
  start: { readonly seed: number; readonly path: string },
): string {
  const { law, clause } = sentences[broken] as Sentence;
  const printable = rounds(sentences, subject).map((round) => {
    const other = round.others[broken];
    const seen = 'input' in clause ? [other] : [round.story, ...(clause.beside === undefined ? [] : [other])];
    return printedAs(round, () => seen.map((one) => fc.stringify(one).trim()).join('\nand beside it '));
  });
  const property = fc.property(printable, ({ story, others }) =>
    hold(clause, story, others[broken], subject),
  );
  const { counterexample, errorInstance } = fc.check(property, start);
  return [
    `Law ${law.number} (${law.name}) does not hold: ${clause.sentence}`,
    fc.stringify(counterexample?.[0]).trim(),
    described(errorInstance),
  ].join('\n\n');
}

/** Returns the seed of a batch. */
function seedOf(seed: number, batch: number): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ batch;
  for (const factor of [0x85ebca6b, 0xc2b2ae35]) {
    mixed = Math.imul(mixed ^ (mixed >>> 15), factor);
  }
  return (mixed ^ (mixed >>> 16)) | 0;
}
