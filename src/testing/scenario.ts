import { AssertionError } from 'node:assert';
import type { Command } from '../account/commands/command.js';
import { decide } from '../account/decide.js';
import type { Decision } from '../account/decision.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import { fold } from '../account/fold.js';
import type { PatronAccount } from '../account/patronAccount.js';
import type { RejectionOf, RejectionType } from '../account/rejections/rejection.js';
import { PatronFeesError } from '../errors.js';
import { mismatchText } from '../input/faults.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../policy/feePolicy.js';
import { eventTable, refusalLine } from './scenario/eventTable.js';
import { fieldTable, namedDifferences } from './scenario/fieldDifferences.js';

/**
 * The input of a scenario: a command, a list of commands decided as a whole, or a function of the account that returns
 * one of these.
 */
export type Asked = Command | readonly Command[] | ((account: PatronAccount) => Command | readonly Command[]);

/** A view as used in a scenario: any function of the account and optionally the policy. */
export type ScenarioView<View> = (account: PatronAccount, policy: FeePolicy) => View;

/** The expected part of a view, field by field. A list must be given with all its entries. */
export type Expected<Value> = Value extends readonly (infer Entry)[]
  ? readonly Expected<Entry>[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: Expected<Value[Key]> }
    : Value;

/** Further expectations besides the answer; they can be chained. */
export type ScenarioChecks = {
  /**
   * Expects that the same input, sent once more, adds nothing: no events if it was accepted, the same refusal if it was
   * refused. A function is called once more, with the current account.
   *
   * @throws AssertionError with the second result
   */
  readonly twice: () => ScenarioChecks;
  /**
   * Expects what a view returns for the account afterwards. Only the given fields are compared.
   *
   * @param view - a view; wrap a view with further parameters in a function of account and policy
   * @param expected - the expected result, or some of its fields
   * @throws AssertionError with every field that differs
   */
  readonly thenView: <View>(view: ScenarioView<View>, expected: Expected<View>) => ScenarioChecks;
};

/** The expectations of a scenario: first the answer, then further ones. */
export type ScenarioOutcome = {
  /**
   * Expects exactly these events, in this order. Their data must be equal; the order of fields does not matter.
   * Metadata is compared only if the expected event has any, and then only the given fields.
   *
   * @param events - the expected events
   * @throws AssertionError with expected and actual events side by side, the first difference marked
   */
  readonly then: (events: readonly AccountEvent[]) => ScenarioChecks;
  /**
   * Expects a refusal.
   *
   * @param type - the type of the rejection
   * @param fields - the expected fields of the rejection; other fields may have any value
   * @throws AssertionError with the events if it was accepted, or with the actual refusal
   */
  readonly thenRejects: <Type extends RejectionType>(
    type: Type,
    fields?: Expected<Omit<RejectionOf<Type>, 'type'>>,
  ) => ScenarioChecks;
  /**
   * Expects that the command is accepted and adds nothing, because it was done before.
   *
   * @throws AssertionError with the events or the refusal
   */
  readonly thenNothing: () => ScenarioChecks;
  /** See {@link ScenarioChecks.twice}; the answer to the first time can be expected afterwards. */
  readonly twice: () => ScenarioOutcome;
  /** See {@link ScenarioChecks.thenView}. */
  readonly thenView: ScenarioChecks['thenView'];
};

/** The start of a scenario: the account before the command. */
export type ScenarioStart = {
  /**
   * Sends the input. A list is decided as a whole: all of it or none.
   *
   * @param asked - a command, a list of commands, or a function of the account that returns one of these
   * @returns the expectations
   */
  readonly when: (asked: Asked) => ScenarioOutcome;
};

/** Tests what a policy does: given these events, when this command is sent, then that happens. */
export type Scenario = {
  /**
   * Starts with the account that results from these events.
   *
   * @param events - the events so far; none if left out
   * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if they are not a valid history
   */
  readonly given: (events?: readonly AccountEvent[]) => ScenarioStart;
};

/**
 * Creates scenarios for a policy: given events, when a command is sent, then events, a refusal, nothing, or a view.
 * Needs no test runner: a failed expectation throws Node's `AssertionError`, whose message shows both sides.
 *
 * A scenario is not a promise, although it has a method `then`: do not await it or return it from a test.
 *
 * @param policy - the policy; US dollars and Alma's code tables if left out
 * @returns the start of a scenario
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY` if the policy is invalid
 *
 * @example A part of a fee is paid
 * ```ts
 * import type { FeeAssessed, ReceivePayment } from 'patron-fees';
 * import { scenario } from 'patron-fees/testing';
 * import { summary } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const currency = 'USD';
 * const fee: FeeAssessed = {
 *   type: 'FeeAssessed',
 *   data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency, owner: 'MAIN', at },
 * };
 * const payment: ReceivePayment = { type: 'ReceivePayment', id: 'p1', amount: '22.23', method: 'CASH', at };
 * const allocations = [{ feeId: 'f1', amount: '22.23' }];
 *
 * const { given } = scenario();
 * given([fee])
 *   .when(payment)
 *   .then([
 *     { type: 'PaymentReceived', data: { paymentId: 'p1', amount: '22.23', currency, method: 'CASH', allocations, at } },
 *   ])
 *   .twice()
 *   .thenView(summary, { active: '2.77' });
 * given([fee]).when({ ...payment, amount: '30.00' }).thenRejects('PaymentExceedsOwed', { owed: '25.00' });
 * ```
 */
export function scenario(policy: FeePolicy = definePolicy({ currency: 'USD' })): Scenario {
  const rules = definedPolicy(policy);
  return {
    given: (events = []) => {
      const before = fold(events, undefined, { stream: 'given' });
      return { when: (asked) => outcomeOf(asked, before, rules) };
    },
  };
}

function outcomeOf(asked: Asked, before: PatronAccount, policy: FeePolicy): ScenarioOutcome {
  const answerTo = (account: PatronAccount) =>
    decide(typeof asked === 'function' ? asked(account) : asked, account, policy);
  const decision = answerTo(before);
  // Accepted events must fold, even if the test does not read the account.
  const after = fold(decision.events, before);
  const twice = () => assertNothingNew(decision, answerTo(after));
  const checks: ScenarioChecks = {
    twice: () => {
      twice();
      return checks;
    },
    thenView: (view, expected) => {
      assertView(view, view(after, policy), expected);
      return checks;
    },
  };
  const outcome: ScenarioOutcome = {
    // biome-ignore lint/suspicious/noThenProperty: given, when, then is how such tests read; see assertEvents.
    then: (events) => {
      assertEvents(decision, events);
      return checks;
    },
    thenRejects: (type, fields) => {
      assertRefusal(decision, { ...(fields as object | undefined), type });
      return checks;
    },
    thenNothing: () => {
      assertEvents(decision, []);
      return checks;
    },
    twice: () => {
      twice();
      return outcome;
    },
    thenView: checks.thenView,
  };
  return outcome;
}

function assertEvents(decision: Decision, expected: readonly AccountEvent[]): void {
  // Awaiting a scenario calls `then` with two functions.
  if (!Array.isArray(expected)) {
    const fault = mismatchText('then', 'a list of events', expected, typeof expected);
    const message = `${fault}; a scenario is no promise, neither await nor return it`;
    throw new PatronFeesError('INVALID_ARGUMENT', message);
  }
  const none = expected.findIndex((event) => Object(event) !== event);
  if (none >= 0)
    throw new PatronFeesError('INVALID_ARGUMENT', mismatchText(`then[${none}]`, 'an event', expected[none]));
  const awaited = `Expected ${counted(expected.length)}`;
  if (!decision.accepted) {
    const message = `${awaited}, but it was refused: ${refusalLine(decision)}`;
    fail(message, { expected, actual: decision.rejection });
  }
  const table = eventTable(expected, decision.events);
  if (table === undefined) return;
  fail(expected.length === 0 ? `${awaited}.\n\n${table}` : table, { expected, actual: decision.events });
}

function assertRefusal(decision: Decision, expected: Readonly<Record<string, unknown>>): void {
  const { type } = expected;
  if (decision.accepted) {
    const came = eventTable([], decision.events);
    const what = `Expected the refusal ${type}, but it was accepted`;
    fail(came === undefined ? `${what} and changed nothing` : `${what}.\n\n${came}`, {
      expected,
      actual: decision.events,
    });
  }
  if (decision.rejection.type !== type) {
    const message = `Expected the refusal ${type}, but it was refused for another reason: ${refusalLine(decision)}`;
    fail(message, { expected, actual: decision.rejection });
  }
  const differing = namedDifferences(expected, decision.rejection);
  if (differing.length > 0) {
    const message = `The refusal ${type} has other fields than expected.\n\n${fieldTable(differing)}`;
    fail(message, { expected, actual: decision.rejection });
  }
}

function assertView(view: ScenarioView<unknown>, actual: unknown, expected: unknown): void {
  const differing = namedDifferences(expected, actual);
  if (differing.length === 0) return;
  const name = view.name === '' ? 'The view' : `The view ${view.name}`;
  fail(`${name} shows something else than expected.\n\n${fieldTable(differing)}`, { expected, actual });
}

function assertNothingNew(first: Decision, second: Decision): void {
  if (!second.accepted && first.accepted) {
    const message = `Asked twice, it was accepted first and then refused: ${refusalLine(second)}`;
    fail(message, { expected: [], actual: second.rejection });
  }
  if (second.accepted) {
    const table = eventTable([], second.events);
    if (table !== undefined)
      fail(`Asked twice, it happened twice.\n\n${table}`, { expected: [], actual: second.events });
  }
}

function counted(events: number): string {
  if (events === 0) return 'that nothing happens';
  return events === 1 ? 'one event' : `${events} events`;
}

function fail(message: string, sides: { readonly expected: unknown; readonly actual: unknown }): never {
  throw new AssertionError({ message, ...sides, operator: 'scenario' });
}
