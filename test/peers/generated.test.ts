import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertVaried, tried } from '../support/seeded.js';
import { withOneThingWrong } from './changedScenarios.js';
import { folioWorld } from './folioRules.js';
import { dollars } from './ourDesk.js';
import type { Outcome } from './outcome.js';
import { readScenario } from './readScenarios.js';
import type { ActionScenario, Request } from './scenario.js';
import { expectation, outcomeOf } from './written.js';

/** The answer of FOLIO's rules, in the form of a scenario. */
function written({
  httpStatus,
  error,
  echoAmount,
  amount,
  allowed,
  wouldRemain,
  rows,
  lines,
  notices,
}: Outcome) {
  const accounts = [...rows].map(([ref, { remaining, status, paymentStatus }]) => ({
    ref,
    remaining: dollars(remaining),
    status,
    paymentStatus,
  }));
  const actions = lines.map((line) => ({
    ...line,
    amount: dollars(line.amount),
    balance: dollars(line.balance),
  }));
  return {
    httpStatus,
    ...(error === undefined ? {} : { error, echoAmount, newActions: 0 }),
    ...(amount === undefined ? {} : { amount: dollars(amount) }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(wouldRemain === undefined ? {} : { wouldRemain: dollars(wouldRemain) }),
    ...(error === undefined ? { accounts, actions, events: notices } : {}),
  };
}

const refs = ['a', 'b', 'c'];
const systems = ['Bursar', 'University'];
const cents = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(500, 502, 1000, 1502, 1799));

const row = (ref: string) =>
  fc.record({
    ref: fc.constant(ref),
    amount: cents,
    left: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.constantFrom(0, 0.5)),
    isSound: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
    loan: fc.option(fc.constantFrom('l1', 'l2'), { nil: undefined }),
  });

const request = (ops: readonly string[]) =>
  fc.record({
    op: fc.constantFrom(...ops),
    accounts: fc.subarray(refs, { minLength: 1 }),
    cents,
    odd: fc.oneof(
      { weight: 12, arbitrary: fc.constant(undefined) },
      fc.constantFrom('0', '-1.0', 'eleven', '1e1', '1.239', '0.005'),
    ),
    target: fc.constantFrom(...systems),
  });

const story = fc.record({
  rows: fc.tuple(...refs.map(row)).chain((rows) => fc.subarray(rows, { minLength: 1 })),
  history: fc.array(request(['pay', 'pay', 'transfer', 'transfer', 'waive', 'refund', 'cancel']), {
    maxLength: 5,
  }),
  steps: fc.array(
    request([
      'pay',
      'pay',
      'waive',
      'transfer',
      'refund',
      'refund',
      'refund',
      'cancel',
      'check-pay',
      'check-waive',
      'check-transfer',
      'check-refund',
    ]),
    { minLength: 1, maxLength: 4 },
  ),
  order: fc.record({
    refs: fc.shuffledSubarray(refs, { minLength: refs.length }),
    targets: fc.shuffledSubarray(systems, { minLength: systems.length }),
  }),
});

type Generated = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

/** A scenario that states the answers of FOLIO's rules to a story; its history has only what FOLIO accepts. */
function scenarioOf({ rows, history, steps, order }: Generated) {
  const accounts = rows.map(({ ref, amount, left, isSound, loan }) => {
    const remaining = Math.floor(amount * left);
    const status = (remaining === 0) === isSound ? 'Closed' : 'Open';
    const figures = {
      amount: dollars(amount),
      remaining: dollars(remaining),
      status,
      paymentStatus: 'Outstanding',
    };
    return { ref, ...figures, ...(loan === undefined ? {} : { loan }) };
  });
  const asked = (generated: Generated['steps'][number], names = generated.accounts) => ({
    op: generated.op,
    accounts: names,
    ...(names.length > 1 ? { bulk: true } : {}),
    ...(generated.op === 'cancel' ? {} : { amount: generated.odd ?? dollars(generated.cents) }),
    ...(generated.op.endsWith('transfer') ? { target: generated.target } : {}),
  });
  const known = (generated: Generated['steps'][number]) =>
    generated.accounts.filter((ref) => accounts.some((account) => account.ref === ref));
  const playable = history
    .filter((generated) => known(generated).length > 0)
    .map((generated) => asked({ ...generated, odd: undefined }, known(generated)));
  const when = { steps: steps.map((generated) => asked(generated)) };
  const draft = { id: 'generated', suite: 'derived', given: { accounts, history: playable }, when };
  const read = actionOf({ ...draft, [expectation]: { httpStatus: 201 } }) as ActionScenario;
  const world = folioWorld(read.given.accounts, order);
  const accepted = playable.filter(
    (_, index) => world.perform(read.given.history[index] as Request).error === undefined,
  );
  const answers = read.when.steps.map((each) => written(world.perform(each)));
  return { ...draft, given: { accounts, history: accepted }, [expectation]: { steps: answers } };
}

function actionOf(scenario: unknown): ActionScenario | undefined {
  const read = readScenario(scenario);
  return typeof read !== 'string' && read.kind === 'action' ? read.scenario : undefined;
}

describe("random scenarios that follow FOLIO's rules", () => {
  it('pass, or differ for a reason', async () => {
    const outcomes: Record<string, number> = {};
    await assertVaried(
      fc.property(story, (generated) => {
        const scenario = scenarioOf(generated);
        const { outcome, reasons } = outcomeOf(scenario);
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        expect(outcome, JSON.stringify({ reasons, scenario })).not.toBe('failed');
      }),
      tried(300),
      60,
      () => {
        expect(outcomes.passed).toBeGreaterThan(20);
        expect(outcomes.differs).toBeGreaterThan(5);
      },
    );
  });

  it('fail if one expectation is changed', () => {
    fc.assert(
      fc.property(story, fc.nat(), (generated, which) => {
        const changed = withOneThingWrong(scenarioOf(generated));
        const { what, scenario } = changed[which % changed.length] as (typeof changed)[number];
        expect({ what, scenario, ...outcomeOf(scenario) }).toMatchObject({ outcome: 'failed' });
      }),
      tried(300),
    );
  });
});
