import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folioWorld } from './folioRules.js';
import { dollars } from './ourDesk.js';
import type { Outcome } from './outcome.js';
import { readScenario } from './readScenarios.js';
import { judge } from './runFiles.js';
import type { ActionScenario } from './scenario.js';

/** The answer of FOLIO's rules, as a scenario writes it. */
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
    target: fc.constantFrom('Bursar', 'University'),
  });

const story = fc.record({
  rows: fc.tuple(...refs.map(row)).chain((rows) => fc.subarray(rows, { minLength: 1 })),
  history: fc.array(request(['pay', 'pay', 'transfer', 'transfer', 'waive', 'refund', 'cancel']), {
    maxLength: 5,
  }),
  step: request([
    'pay',
    'waive',
    'transfer',
    'refund',
    'refund',
    'refund',
    'refund',
    'cancel',
    'check-pay',
    'check-waive',
    'check-transfer',
    'check-refund',
  ]),
});

type Told = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

/** A scenario that says of a story what FOLIO's rules say; only what FOLIO accepts is in its history. */
function scenarioOf({ rows, history, step }: Told) {
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
  const asked = (told: Told['step'], names = told.accounts) => ({
    op: told.op,
    accounts: names,
    ...(names.length > 1 ? { bulk: true } : {}),
    ...(told.op === 'cancel' ? {} : { amount: told.odd ?? dollars(told.cents) }),
    ...(told.op.endsWith('transfer') ? { target: told.target } : {}),
  });
  const known = (told: Told['step']) =>
    told.accounts.filter((ref) => accounts.some((account) => account.ref === ref));
  // A row that contradicts itself has no history that both could have; a refund or a cancellation may part their ways.
  const playable = rows.every(({ isSound }) => isSound) ? history : [];
  const parting = playable.findIndex(({ op }) => op === 'refund' || op === 'cancel');
  const plain = playable
    .slice(0, parting < 0 ? undefined : parting + 1)
    .filter((told) => known(told).length > 0)
    .map((told) => asked({ ...told, odd: undefined }, known(told)));
  const given = { accounts, history: [] as unknown[] };
  const draft = { id: 'generated', suite: 'derived', given, when: asked(step), [expectation]: {} };
  const world = folioWorld((actionOf(draft) as ActionScenario).given.accounts);
  const accepted = plain.filter(
    (each) => world.perform(actionOf({ ...draft, when: each })?.when.steps[0] as never).error === undefined,
  );
  const outcome = world.perform(actionOf(draft)?.when.steps[0] as never);
  return { ...draft, given: { accounts, history: accepted }, [expectation]: written(outcome) };
}

const expectation = 'then';

function actionOf(scenario: unknown): ActionScenario | undefined {
  const read = readScenario(scenario);
  return typeof read !== 'string' && read.kind === 'action' ? read.scenario : undefined;
}

describe("whatever FOLIO's rules say", () => {
  it('is so here, or differs for a reason', () => {
    const outcomes: Record<string, number> = {};
    fc.assert(
      fc.property(story, (told) => {
        const scenario = scenarioOf(told);
        const read = readScenario(scenario);
        const { outcome, reasons } =
          typeof read === 'string' ? { outcome: 'unread', reasons: [read] } : judge(read);
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        expect({ outcome, reasons, scenario }).not.toMatchObject({
          outcome: expect.stringMatching(/failed|unread/),
        });
      }),
      { numRuns: 300 },
    );
    expect(outcomes.passed).toBeGreaterThan(100);
    expect(outcomes.differs).toBeGreaterThan(10);
  });
});
