import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { clipped, sideBySide } from '../scenario/sideBySide.js';
import type { StepResult } from './compare.js';
import type { NamedRequest } from './requests.js';
import type { Divergence } from './runStory.js';
import type { RequestPlan, StoryStep } from './story.js';

/** The shortest story found on which the systems differ, or the error thrown outside of requests. */
export type Found = { readonly seed: number; readonly divergence?: Divergence; readonly error?: unknown };

/** Runs random stories until the systems differ on one, then searches for the shortest such story. */
export async function shortestDivergence(
  fc: FastCheck,
  story: Arbitrary<readonly StoryStep[]>,
  play: (story: readonly StoryStep[]) => Promise<Divergence | undefined>,
  { runs, seed }: { readonly runs: number; readonly seed: number | undefined },
): Promise<Found | undefined> {
  // Kept here because a system with a race may not fail again.
  let last: Omit<Found, 'seed'> & { readonly steps: readonly StoryStep[] } = { steps: [] };
  const property = fc.asyncProperty(story, async (steps) => {
    try {
      const divergence = await play(steps);
      if (divergence !== undefined) last = { divergence, steps };
      return divergence === undefined;
    } catch (error) {
      last = { error, steps };
      return false;
    }
  });
  const details = await fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  if (!details.failed) return undefined;
  if (last.divergence === undefined) return { ...last, seed: details.seed };
  const again = (steps: readonly StoryStep[]) => play(steps).catch(() => undefined);
  return { divergence: (await shrink(last.steps, again)) ?? last.divergence, seed: details.seed };
}

/** The limit on tries, because a story may take long on a real system. */
const TRIES_MAX = 500;

/**
 * Makes a story shorter and its amounts rounder while the systems still differ on it. It removes what random shrinking
 * leaves, such as a first fee that no later step uses.
 *
 * @returns the last divergence found; undefined if the systems do not differ on the story again
 */
export async function shrink(
  story: readonly StoryStep[],
  play: (story: readonly StoryStep[]) => Promise<Divergence | undefined>,
): Promise<Divergence | undefined> {
  let divergence = await play(story);
  if (divergence === undefined) return undefined;
  let current = story;
  let tries = 0;
  let simpler = simplerStories(current);
  for (let next = simpler.next(); !next.done && tries < TRIES_MAX; next = simpler.next()) {
    tries += 1;
    const found = await play(next.value);
    if (found === undefined || found.steps.length > divergence.steps.length) continue;
    divergence = found;
    current = next.value;
    simpler = simplerStories(current);
  }
  return divergence;
}

/** Yields stories that are simpler in one place, the largest simplifications first. */
function* simplerStories(story: readonly StoryStep[]): Generator<readonly StoryStep[]> {
  for (const index of story.keys()) yield* without(story, [index], [0, -1, 1]);
  // Two steps may depend only on each other: a dispute and its end, a fee and its payment.
  for (const one of story.keys())
    for (const other of story.keys()) if (one < other) yield* without(story, [one, other], [0, -1, -2]);
  for (const [index, step] of story.entries())
    for (const simpler of simplerSteps(step))
      yield story.map((other, at) => (at === index ? simpler : other));
}

/** Yields a story without some steps. Removing a fee shifts the later targets to its neighbour. */
function* without(
  story: readonly StoryStep[],
  indices: readonly number[],
  shifts: readonly number[],
): Generator<readonly StoryStep[]> {
  for (const shift of shifts)
    yield story.flatMap((step, index) => {
      if (indices.includes(index)) return [];
      return index < (indices[0] as number) ? [step] : [withShiftedTargets(step, shift)];
    });
}

function withShiftedTargets(step: StoryStep, shift: number): StoryStep {
  const moved = (plan: RequestPlan) => ({ ...plan, pick: Math.max(0, plan.pick + shift) });
  return { ...step, plan: moved(step.plan), rival: step.rival && moved(step.rival) };
}

function* simplerSteps(step: StoryStep): Generator<StoryStep> {
  const { plan, rival, delivery } = step;
  if (rival !== null)
    yield* [
      { ...step, rival: null },
      { ...step, plan: rival, rival: null },
    ];
  if (delivery !== 'once') yield { ...step, delivery: 'once' };
  if (plan.span > 1) yield { ...step, plan: { ...plan, span: plan.span - 1 } };
  yield* roundedPlans(plan).map((round) => ({ ...step, plan: round }));
}

/** Rounds amounts: a fee of 10.00 with a payment of 4.00 is easier to follow than one of 0.03. */
function roundedPlans(plan: RequestPlan): readonly RequestPlan[] {
  const minor = plan.name === 'assess' ? 1000 : 400;
  const round: RequestPlan = { ...plan, size: 'asIs', minor };
  if (plan.size === 'asIs' && plan.minor === minor) return [];
  return plan.size === 'all' || plan.name === 'assess' ? [round] : [round, { ...plan, size: 'all' }];
}

/** Formats a divergence as text: the steps, one a line, then both sides of the last one. */
export function formatDivergence({ steps, comparison, orders }: Divergence, rule = 'ours'): string {
  const lines = steps.map(
    (step, index) => `${index + 1}. ${formatStep(step, rule === 'ours' ? ' (we refuse)' : ' (refused)')}`,
  );
  const tables = (orders ?? [{ first: '', comparison }]).map(({ first, comparison: { rows } }) =>
    sideBySide(
      first && `with ${first} first`,
      [rule, 'yours'],
      rows.map((row) => ({ ...row, cells: clipped(row.cells) })),
    ),
  );
  return [...lines, '', tables.join('\n\n')].join('\n');
}

function formatStep({ requests, delivery, answers }: StepResult, refusal: string): string {
  if (delivery === 'late') return `${requests[0]?.request.id} is delivered once more`;
  const text = requests.map(formatRequest).join(', and at the same time ');
  const repeated = {
    once: '',
    twice: ', and this is delivered twice',
    twiceAtOnce: ', and this is delivered twice at once',
  };
  const refused = answers.every(({ accepted }) => !accepted) ? refusal : '';
  return `${text}${repeated[delivery]}${refused}`;
}

function formatRequest({ name, request }: NamedRequest): string {
  const { id } = request;
  switch (name) {
    case 'assess': {
      const percent = `, ${request.refundPercent} % of it back when it returns`;
      const what = request.lostItem ? `${request.feeType}, for a lost item${percent}` : request.feeType;
      return `${id}: a fee of ${request.amount} (${what})`;
    }
    case 'pay':
      return `${id}: ${request.amount} is paid for ${request.feeIds.join(', ')}`;
    case 'waive':
      return `${id}: ${request.amount} of ${request.feeId} is waived`;
    case 'dispute':
      return `${id}: ${request.feeId} is disputed`;
    case 'restore':
      return `${id}: ${request.feeId} is restored`;
    case 'transfer':
      return `${id}: ${request.amount} of ${request.feeId} is transferred`;
    case 'returnLostItem':
      return `${id}: the lost item of ${request.feeId} comes back`;
    case 'cancel':
      return `${id}: ${request.amount} of ${request.feeId} is cancelled as charged in error`;
    case 'refund':
      return `${id}: ${request.amount} is refunded`;
    case 'reversePayment':
      return `${id}: the payment ${request.paymentId} is reversed`;
  }
}
