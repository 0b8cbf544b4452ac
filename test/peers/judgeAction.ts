import { compare, compareTotals, formatMismatch, type Mismatch, unlessSame } from './compare.js';
import { type Found, reasonFor, type Stage } from './explained.js';
import { centsOf } from './folioAmount.js';
import { folioWorld } from './folioRules.js';
import { dollars, isWithinLimit } from './ourDesk.js';
import { ourWorld } from './ourWorld.js';
import type { Outcome, World } from './outcome.js';
import type { ActionScenario, Answer, Request } from './scenario.js';
import { spareOrders } from './spareOrders.js';
import { differs, failed, type Verdict, verdictOf } from './verdict.js';

/**
 * Plays a scenario of payments, waivers, transfers, refunds and cancellations in this library and by FOLIO's rules.
 *
 * A scenario must be right about FOLIO, for some order in which its hashing may distribute the spare cents of an even
 * split. This library may differ only for the reason of a rule, and must not have a defect of FOLIO's.
 */
export function judgeAction(scenario: ActionScenario): Verdict {
  const { given, then } = scenario;
  const byRules = spareOrders(scenario).map((order) => play(folioWorld(given.accounts, order), scenario));
  const wrong = byRules.map((outcomes) => compareAll(then, scenario, outcomes));
  const right = byRules.find((_, index) => wrong[index]?.length === 0);
  if (right === undefined)
    return failed(
      wrong[0]?.map(({ mismatch }) => `FOLIO's rules say otherwise: ${formatMismatch(mismatch)}`) ?? [],
    );
  const amounts = given.accounts.flatMap(({ amount, remaining, ledger }) => [
    amount,
    remaining,
    ...ledger.map((entry) => entry.amount),
  ]);
  if (!amounts.every(isWithinLimit))
    return differs(['An amount has at most 12 digits, those after the point included']);
  const ours = play(ourWorld(scenario), scenario);
  const explain = explainer(scenario, ours, right, byRules, wrong.flat());
  const history = explain(refusedHistory(scenario, ours));
  if (history.unexplained.length > 0) return failed(history.unexplained);
  return verdictOf(
    scenario,
    (expected) => ({
      mismatches: compareAnswers(expected, scenario, ours).map(({ mismatch }) => formatMismatch(mismatch)),
      reasons: history.reasons,
    }),
    () => {
      const { unexplained, reasons } = explain(compareAnswers(then, scenario, ours));
      const halfDone = scenario.when.steps.flatMap((request, step) =>
        notAllOf(request, ours[given.history.length + step] as Outcome),
      );
      const bad = [...unexplained, ...halfDone];
      return bad.length > 0 ? failed(bad) : differs([...new Set([...history.reasons, ...reasons])]);
    },
  );
}

/**
 * Explains the differences between this library and FOLIO.
 *
 * @param right - the results of FOLIO's rules, which agree with the scenario
 * @param inOrders - their results in each order of the spare cents
 * @param wrong - the differences between the scenario and FOLIO's rules, in any of the orders
 */
function explainer(
  { given, when, defect }: ActionScenario,
  ours: readonly Outcome[],
  right: readonly Outcome[],
  inOrders: readonly (readonly Outcome[])[],
  wrong: readonly Found[],
) {
  const requests = [...given.history, ...when.steps];
  const stages = requests.map(
    (request, at): Stage => ({
      request,
      earlier: requests.slice(0, at),
      given: given.accounts,
      ours: ours[at] as Outcome,
      folio: right[at] as Outcome,
      inOrders: inOrders.map((outcomes) => outcomes[at] as Outcome),
    }),
  );
  return (all: readonly Found[]) => {
    const reasons: string[] = [];
    const unexplained: string[] = [];
    for (const found of all) {
      const reason = reasonFor(found, stages, wrong) ?? (defect && `FOLIO: ${defect}`);
      if (reason === undefined) unexplained.push(formatMismatch(found.mismatch));
      else reasons.push(reason);
    }
    return { unexplained, reasons: [...new Set(reasons)] };
  };
}

/** An accepted request must be done to the last cent, even if it differs from FOLIO. */
function notAllOf({ op, amount = '' }: Request, outcome: Outcome): string[] {
  if (outcome.error !== undefined || op === 'cancel') return [];
  const asked = centsOf(amount);
  return asked === outcome.amount ? [] : [`${op} ${amount}: only ${dollars(outcome.amount ?? 0)} was done`];
}

function compareAll(expected: Answer, scenario: ActionScenario, outcomes: readonly Outcome[]): Found[] {
  return [...refusedHistory(scenario, outcomes), ...compareAnswers(expected, scenario, outcomes)];
}

function refusedHistory({ given }: ActionScenario, outcomes: readonly Outcome[]): Found[] {
  return given.history.flatMap((_, at) => {
    const path = `given.history[${at}]`;
    return unlessSame(path, 'accepted', outcomes[at]?.error ?? 'accepted').map((mismatch) => ({
      at,
      mismatch,
    }));
  });
}

function compareAnswers(
  { steps, ...overall }: Answer,
  { given, when }: ActionScenario,
  outcomes: readonly Outcome[],
): Found[] {
  const first = given.history.length;
  const upTo = (answer: Answer, step: number): Mismatch[] => {
    const sofar = outcomes.slice(first, first + step + 1);
    const named = [...new Set(when.steps.slice(0, step + 1).flatMap(({ accounts }) => accounts))];
    return [...compare(answer, sofar.at(-1) as Outcome), ...compareTotals(answer, sofar, named)];
  };
  const last = when.steps.length - 1;
  const lengths = steps === undefined ? [] : unlessSame('steps', steps.length, when.steps.length);
  return [
    ...[...lengths, ...upTo(overall, last)].map((mismatch) => ({ at: first + last, mismatch })),
    ...(steps ?? []).slice(0, when.steps.length).flatMap((answer, step) =>
      upTo(answer, step).map((mismatch) => ({
        at: first + step,
        mismatch: { ...mismatch, path: `steps[${step}].${mismatch.path}` },
      })),
    ),
  ];
}

/** The results of all requests; an amount in the history counts as the cents that FOLIO kept of it. */
function play(world: World, { given, when }: ActionScenario): Outcome[] {
  const history = given.history.map((request) =>
    request.amount === undefined ? request : { ...request, amount: dollars(centsOf(request.amount)) },
  );
  return [...history, ...when.steps].map((request) => world.perform(request));
}
