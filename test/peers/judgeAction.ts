import { compare, compareTotals, type Found, told, unlessSame } from './compare.js';
import { differenceFor, isSound, isSpareCent, type Step } from './differences.js';
import { centsOf } from './folioAmount.js';
import { folioWorld } from './folioRules.js';
import { dollars } from './ourDesk.js';
import { ourWorld } from './ourWorld.js';
import type { Outcome, World } from './outcome.js';
import type { ActionScenario, Answer, Request } from './scenario.js';
import { differs, failed, passed, type Verdict } from './verdict.js';

/**
 * Plays a scenario of payments, waivers, transfers, refunds and cancellations here and by FOLIO's rules.
 *
 * What FOLIO does and what this library does may differ only where a rule says why, and only if the scenario is right
 * about FOLIO; so it has to be about rows that no account here could have. A defect of FOLIO's must not be found here.
 */
export function judgeAction(scenario: ActionScenario): Verdict {
  const ours = play(ourWorld(scenario), scenario, 'here');
  const mismatches = compareAll(scenario.then, ours);
  if (mismatches.length === 0 && scenario.defect === undefined && scenario.given.accounts.every(isSound))
    return passed;
  const folio = play(folioWorld(scenario.given.accounts), scenario, "by FOLIO's rules");
  const wrong = compareAll(scenario.then, folio);
  if (wrong.length > 0 && !isSpareCent(wrong, scenario.when.steps)) {
    const rules = wrong.map(({ mismatch }) => `FOLIO's rules say otherwise: ${told(mismatch)}`);
    return failed([...mismatches.map(({ mismatch }) => told(mismatch)), ...rules]);
  }
  if (mismatches.length === 0 && scenario.defect === undefined) return passed;
  if (scenario.betterThen !== undefined) {
    const worse = compareAll(scenario.betterThen, ours).map(({ mismatch }) => told(mismatch));
    return worse.length > 0 ? failed(worse) : differs([`FOLIO: ${scenario.defect ?? 'does it worse'}`]);
  }
  if (mismatches.length === 0) return failed([`the same defect is here: ${scenario.defect}`]);
  return explain(scenario, mismatches, ours, folio);
}

function explain(
  scenario: ActionScenario,
  mismatches: readonly Found[],
  ours: readonly Outcome[],
  folio: readonly Outcome[],
): Verdict {
  const requests = [...scenario.given.history, ...scenario.when.steps];
  const reasons = new Set<string>();
  const unexplained: string[] = [];
  for (const { step, mismatch } of mismatches) {
    const context: Step = {
      request: scenario.when.steps[step] as Request,
      earlier: requests.slice(0, scenario.given.history.length + step),
      given: scenario.given.accounts,
      ours: ours[step] as Outcome,
      folio: folio[step] as Outcome,
    };
    const reason = isSpareCent(mismatches, scenario.when.steps)
      ? 'Which of several fees gets the cent that is left over is chance in FOLIO; here it is the oldest that has room'
      : (differenceFor(mismatch, context) ?? (scenario.defect && `FOLIO: ${scenario.defect}`));
    if (reason === undefined) unexplained.push(told(mismatch));
    else reasons.add(reason);
  }
  const halfDone = scenario.when.steps.flatMap((request, step) => notAllOf(request, ours[step] as Outcome));
  const bad = [...unexplained, ...halfDone];
  return bad.length > 0 ? failed(bad) : differs([...reasons]);
}

/** However it differs: what is accepted is done to the last cent. */
function notAllOf({ op, amount = '' }: Request, outcome: Outcome): string[] {
  if (outcome.error !== undefined || op === 'cancel') return [];
  const asked = centsOf(amount);
  return asked === outcome.amount ? [] : [`${op} ${amount}: only ${dollars(outcome.amount ?? 0)} was done`];
}

function compareAll(expected: Answer, outcomes: readonly Outcome[]): Found[] {
  const last = outcomes.length - 1;
  const { steps, ...overall } = expected;
  const lengths = steps === undefined ? [] : unlessSame('steps', steps.length, outcomes.length);
  return [
    ...lengths.map((mismatch) => ({ step: last, mismatch })),
    ...(steps ?? []).flatMap((answer, step) => {
      const outcome = outcomes[step];
      const mismatches = outcome === undefined ? [] : compare(answer, outcome);
      return mismatches.map((mismatch) => ({
        step,
        mismatch: { ...mismatch, path: `steps[${step}].${mismatch.path}` },
      }));
    }),
    ...compare(overall, outcomes[last] as Outcome).map((mismatch) => ({ step: last, mismatch })),
    ...compareTotals(overall, outcomes).map((mismatch) => ({ step: last, mismatch })),
  ];
}

/** What the steps come to, after the history; what the history moved counts as the cents that FOLIO kept of it. */
function play(world: World, { given, when }: ActionScenario, where: string): Outcome[] {
  for (const [index, request] of given.history.entries()) {
    const amount = request.amount === undefined ? {} : { amount: dollars(centsOf(request.amount)) };
    const { error } = world.perform({ ...request, ...amount });
    if (error !== undefined) throw new Error(`given.history[${index}] is refused ${where}: ${error}`);
  }
  return when.steps.map((step) => world.perform(step));
}
