import { described } from '../described.js';
import { faultInAnswer } from './checkedReply.js';
import type { FeeSystem, FeeSystemAnswer } from './feeSystem.js';
import type { NamedRequest } from './requests.js';
import type { Delivery } from './story.js';

/** The outcome of a request: an answer, or a failure if the system neither accepted nor refused. */
export type Outcome = { readonly answer: FeeSystemAnswer } | Failure;

/** Why there is no answer, and the error thrown, if any. */
export type Failure = { readonly failure: string; readonly thrown?: unknown };

/** Sends a request once or twice. Returns one outcome for each time. */
export async function deliver(
  system: FeeSystem,
  asked: NamedRequest,
  delivery: Delivery,
): Promise<readonly Outcome[]> {
  if (delivery === 'twiceAtOnce') return deliverAtOnce(system, [asked, asked]);
  const first = await outcomeOf(system, asked);
  return delivery === 'once' ? [first] : [first, await outcomeOf(system, asked)];
}

/** Sends requests at the same time. */
export function deliverAtOnce(
  system: FeeSystem,
  asked: readonly NamedRequest[],
): Promise<readonly Outcome[]> {
  return Promise.all(asked.map((one) => outcomeOf(system, one)));
}

async function outcomeOf(system: FeeSystem, { name, request }: NamedRequest): Promise<Outcome> {
  try {
    const take = system[name] as ((request: unknown) => Promise<FeeSystemAnswer>) | undefined;
    if (take === undefined) {
      const always = name === 'assess' || name === 'pay';
      const advice = always ? 'every system needs it' : 'leave out the capability that needs it';
      return { failure: `it has no function ${name}; ${advice}` };
    }
    // A copy, so that a system which changes its request does not affect ours.
    const answer = await take.call(system, structuredClone(request));
    const failure = faultInAnswer(answer);
    if (failure !== undefined) return { failure };
    const { accepted, reason, notOffered } = answer;
    return {
      answer: {
        accepted,
        ...(reason === undefined ? {} : { reason }),
        ...(notOffered === true && !accepted ? { notOffered } : {}),
      },
    };
  } catch (error) {
    return { failure: described(error), thrown: error };
  }
}

/** Returns whether a system has no such request, so that the step is left out. */
export function isNotOffered(outcome: Outcome): boolean {
  return 'answer' in outcome && outcome.answer.notOffered === true;
}
