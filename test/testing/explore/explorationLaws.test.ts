import { expect, it } from 'vitest';
import { type Command, emptyAccount, type PatronAccount } from '../../../src/index.js';
import { postingsOf } from '../../../src/jobs/reports/index.js';
import { ours } from '../../../src/testing/arbitraries/runMoves.js';
import type { Step } from '../../../src/testing/arbitraries/story.js';
import {
  type ExplorationLaw,
  explorationLaws,
  type Pair,
} from '../../../src/testing/explore/explorationLaws.js';
import { smallPolicy } from '../../support/smallWorlds.js';

const policy = smallPolicy();
const explored = { policy, ...ours, postingsOf };
const at = '2026-03-02T09:00:00Z';

function stepOf(command: object, before: PatronAccount): Step {
  const given = { at, ...command } as Command;
  const decision = ours.decide(given, before, policy);
  return { command: given, policy, before, decision, after: ours.fold(decision.events, before) };
}

const charge = { type: 'AssessFee', id: 'f', feeType: 'OTHER', amount: '2', owner: 'MAIN' };
const charged = stepOf(charge, emptyAccount());
const paid = stepOf({ type: 'ReceivePayment', id: 'p', amount: '2', method: 'CASH' }, charged.after);

/** Returns the law with a name. */
function law<Subject>(laws: readonly ExplorationLaw<Subject>[], name: string, changed: object = {}) {
  const found = laws.find((one) => one.name === name);
  return (subject: Subject) => found?.holds(subject, { ...explored, ...changed });
}

const { state, step, pair } = explorationLaws;

it('each law holds for a valid account, a valid step and two valid commands', () => {
  for (const { name } of state) law(state, name)(paid.after);
  for (const { name } of step) for (const one of [charged, paid]) law(step, name)(one);
  const both: Pair = {
    before: charged.after,
    commands: [paid.command, { ...paid.command, id: 'q' }],
    accounts: [paid.after, paid.after],
  };
  for (const { name } of pair) law(pair, name)(both);
});

it('each law fails where it is violated', () => {
  const fee = { ...(paid.after.fees[0] as PatronAccount['fees'][0]), paid: 1 };
  expect(() => law(state, 'invariants')({ ...paid.after, fees: [fee] })).toThrow();
  // A credit of a purpose that nothing can be done with.
  const dead = { ...paid.after, currency: 'JPY', fees: [{ ...fee, original: 1, waived: 1 }] };
  expect(() => law(state, 'settling')(dead as PatronAccount)).toThrow();
  expect(() => law(step, 'an effect')({ ...paid, after: paid.before })).toThrow('has no effect');
  expect(() => law(step, 'repeats')({ ...paid, after: paid.before })).toThrow('adds something');
  expect(() => law(step, 'undoing')({ ...paid, before: emptyAccount() })).toThrow('undoing p');
  const postings = (...amounts: readonly number[]) => ({
    postingsOf: () => amounts.map((amountMinor) => ({ amountMinor })),
  });
  expect(() => law(step, 'postings', postings(0, 0))(charged)).toThrow('FeeAssessed has a posting of zero');
  expect(() => law(step, 'postings', postings(2, -1))(charged)).toThrow('the postings of FeeAssessed');
  const commands = [paid.command, { ...charge, id: 'g', at }] as unknown as Pair['commands'];
  expect(() =>
    law(pair, 'pairs')({ before: charged.after, commands, accounts: [paid.after, emptyAccount()] }),
  ).toThrow('ReceivePayment and AssessFee cost 2 in this order, 0 in the other');
});
