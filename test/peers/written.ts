import { readScenario } from './readScenarios.js';
import { judge } from './runFiles.js';

/** The field `then`, by a name that no promise check takes for its own. */
export const expectation = 'then';

/** A scenario in the form of its file, shortened. */
export function written(suite: string, given: object, when: object, expected: object, more: object = {}) {
  return { id: suite, suite, given, when, [expectation]: expected, ...more };
}

/** A fee that is fully open, unless given otherwise. */
export function open(ref: string, amount: string, more: object = {}) {
  return { ref, amount, remaining: amount, status: 'Open', paymentStatus: 'Outstanding', ...more };
}

/** A request about one fee, or about several at once. */
export function ask(op: string, amount: string | undefined, ...accounts: readonly string[]) {
  return {
    op,
    accounts,
    ...(amount === undefined ? {} : { amount }),
    ...(accounts.length > 1 ? { bulk: true } : {}),
  };
}

/** An expected row. */
export function row(ref: string, remaining: string, paymentStatus?: string) {
  const status = Number(remaining) === 0 ? 'Closed' : 'Open';
  return { ref, remaining, status, ...(paymentStatus === undefined ? {} : { paymentStatus }) };
}

/** The answer to a successful request. */
export function done(...accounts: readonly object[]) {
  return { httpStatus: 201, accounts };
}

/** A transfer of one fee to an external system. */
export function transferTo(target: string, amount: string, ref = 'a') {
  return { ...ask('transfer', amount, ref), target };
}

/** The outcome of a scenario; it failed if it cannot be read. */
export function outcomeOf(scenario: object) {
  const read = readScenario(scenario);
  return typeof read === 'string' ? { outcome: 'failed', reasons: [read] } : judge(read);
}
