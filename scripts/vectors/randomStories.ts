import fc from 'fast-check';
import type { FeePolicy } from '../../src/index.js';
import { arbitraries, type Step, type Story } from '../../src/testing/index.js';
import { closingRules } from './closingRules.js';
import type { StoryPlan } from './story.js';

/** How many random stories are tried, and how often each feature must occur. */
const TRIED = 6_000;
const WANTED = 2;

/**
 * Returns random stories, always the same ones, that together have every feature that occurs several times: a command
 * with its events or its rejection, closing rules, the currency and the order of payments.
 *
 * @param name - returns the name of a policy
 */
export function randomStories(
  name: (policy: FeePolicy) => string,
): readonly (StoryPlan & { readonly group: string })[] {
  const { stories, policies } = arbitraries(fc);
  const samples = [
    ...fc.sample(stories({ maxCommands: 14, ids: 'plain' }), { seed: 7, numRuns: TRIED }),
    ...fc.sample(
      policies().chain((policy) => stories({ maxCommands: 10, ids: 'plain', policies: [policy] })),
      { seed: 8, numRuns: TRIED / 30 },
    ),
    ...fc.sample(stories({ maxCommands: 8, ids: 'hostile' }), { seed: 9, numRuns: TRIED / 10 }),
  ];
  const seen = new Map<string, number>();
  const isWanted = (features: readonly string[]) =>
    features.some((feature) => (seen.get(feature) ?? 0) < WANTED);
  return samples.flatMap((story, index) => {
    const features = story.steps.map((step) => featuresOf(step));
    const last = features.map(isWanted).lastIndexOf(true);
    if (last < 0) return [];
    const kept = features.slice(0, last + 1);
    for (const feature of new Set(kept.flat())) seen.set(feature, (seen.get(feature) ?? 0) + 1);
    const policy = name(story.policy);
    const steps = story.steps.slice(0, last + 1).map(({ command, policy: own }) => ({
      command,
      ...(own !== story.policy && { policy: name(own) }),
    }));
    return [{ id: `r${index}`, policy, steps, group: groupOf(story) }];
  });
}

function featuresOf({ command, decision, before, policy }: Step): readonly string[] {
  const outcome = decision.accepted
    ? [...new Set(decision.events.map(({ type }) => type))].join('+') || 'nothing'
    : decision.rejection.type;
  const feature = `${command.type}: ${outcome}`;
  const isPayment = command.type === 'ReceivePayment' || command.type === 'ApplyCredit';
  return [
    feature,
    ...closingRules(command, decision, before).map((rule) => `closing rule ${rule} of ${command.type}`),
    ...(isPayment && decision.events.length > 0 ? [`${policy.paymentOrder} ${policy.currency}`] : []),
  ];
}

/** Returns the subject that a story is mostly about. */
function groupOf({ steps }: Story): string {
  const done = steps.filter(({ decision }) => decision.events.length > 0).map(({ command }) => command);
  const has = (...types: string[]) => done.some(({ type }) => types.includes(type));
  const inParts = done.some((command) => 'externalTransactionTotal' in command || 'part' in command);
  if (inParts) return 'payments in parts';
  if (has('AgreePaymentPlan')) return 'payment plans';
  if (has('AccrueFine')) return 'growing fines';
  if (has('ReturnLostItem')) return 'lost items';
  if (has('TransferFees')) return 'transfers';
  if (has('IssueCredit', 'ApplyCredit', 'RefundCredit')) return 'credits';
  return 'fees and payments';
}
