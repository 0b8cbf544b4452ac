import { creditVat } from '../../src/account/vat.js';
import {
  type Command,
  decide,
  definePolicy,
  type FeePolicy,
  type FeePolicyInput,
  feeVat,
  fold,
  owed,
  type PatronAccount,
  unused,
} from '../../src/index.js';

/** A command of several, by its number, with its answer, and such entries for the commands after it. */
export type Order = readonly [number: number, answer: string, ...next: readonly unknown[]];

/**
 * Returns the answers to commands in every order, each command at most once and at most `length` in all, after others that
 * come first. A refused command changes nothing, so none follows it. An answer is the name of the rejection, or the types
 * of the events with, in minor units, what is owed of each fee and transferred, and what is unused of each credit; with
 * taxed fees also the tax of each transaction of each fee and credit.
 */
export function everyOrder(
  input: FeePolicyInput,
  first: readonly Command[],
  commands: readonly Command[],
  length: number,
): readonly Order[] {
  const policy = definePolicy(input);
  const start = first.reduce((account, command) => {
    const decision = decide(command, account, policy);
    if (!decision.accepted) throw new Error(`${command.id}: ${JSON.stringify(decision.rejection)}`);
    return fold(decision.events, account);
  }, fold([]));
  return ordersFrom(start, commands, new Set(), length, policy);
}

function ordersFrom(
  account: PatronAccount,
  commands: readonly Command[],
  given: ReadonlySet<number>,
  length: number,
  policy: FeePolicy,
): readonly Order[] {
  if (length === 0) return [];
  return commands.flatMap((command, number): readonly Order[] => {
    if (given.has(number)) return [];
    const decision = decide(command, account, policy);
    if (!decision.accepted) return [[number, decision.rejection.type]];
    const types = decision.events.map(({ type }) => type).join(' ');
    if (decision.events.length === 0) return [[number, '']];
    const after = fold(decision.events, account);
    const next = ordersFrom(after, commands, new Set([...given, number]), length - 1, policy);
    return [[number, `${types}: ${figuresOf(after)}`, ...next]];
  });
}

function figuresOf(account: PatronAccount): string {
  const { fees, credits } = account;
  const isTaxed = fees.some(({ vatPercent }) => vatPercent !== null);
  return [
    ...fees.map((fee) => `${owed(fee)}/${fee.transferred}`),
    ...credits.map(unused),
    ...(isTaxed ? fees.map(({ feeId }) => `t${feeVat(account, feeId)?.parts.join() ?? ''}`) : []),
    ...(isTaxed ? credits.map((credit) => `t${creditVat(account, credit).join()}`) : []),
  ].join(' ');
}
