import { USUAL_TARGET } from './ourCommands.js';
import type { ActionScenario } from './scenario.js';

/** Who gets a spare cent of an even split first: which fee, and within a fee which external system. */
export type SpareOrder = { readonly refs: readonly string[]; readonly targets: readonly string[] };

/**
 * The possible orders of FOLIO's hashing, the given one first. For more than five names, tries every choice of the
 * first ones; for more than ten, only every beginning.
 */
export function spareOrders({ given, when }: Pick<ActionScenario, 'given' | 'when'>): SpareOrder[] {
  const requests = [...given.history, ...when.steps];
  const shared = new Set(requests.flatMap(({ accounts }) => (accounts.length > 1 ? accounts : [])));
  const refs = given.accounts.map(({ ref }) => ref).filter((ref) => shared.has(ref));
  const entries = [...given.accounts.flatMap(({ ledger }) => ledger), ...requests];
  const targets = new Set(
    entries.flatMap(({ op, target = USUAL_TARGET }) => (op === 'transfer' ? [target] : [])),
  );
  return arrangements(refs).flatMap((each) =>
    arrangements([...targets]).map((others) => ({ refs: each, targets: others })),
  );
}

/** The indexes of names sorted by an order; names missing in the order come last. */
export function inOrder(names: readonly string[], order: readonly string[]): number[] {
  const rank = (index: number) => {
    const found = order.indexOf(names[index] as string);
    return found < 0 ? order.length : found;
  };
  return [...names.keys()].sort((a, b) => rank(a) - rank(b));
}

function arrangements(names: readonly string[]): (readonly string[])[] {
  if (names.length > 10) return names.map((_, first) => [...names.slice(first), ...names.slice(0, first)]);
  if (names.length > 5) return Array.from({ length: 2 ** names.length }, (_, which) => firstOf(names, which));
  if (names.length < 2) return [names];
  return names.flatMap((name) =>
    arrangements(names.filter((other) => other !== name)).map((rest) => [name, ...rest]),
  );
}

function firstOf(names: readonly string[], which: number): string[] {
  const isFirst = (index: number) => (which & (2 ** index)) !== 0;
  return [...names.filter((_, index) => isFirst(index)), ...names.filter((_, index) => !isFirst(index))];
}
