import { checkedCount, checkedFunction, checkedOptions } from './checkedArguments.js';
import { appendCases } from './conformance/appendCases.js';
import { argumentCases } from './conformance/argumentCases.js';
import type { Clause, StoreUnderTest } from './conformance/clause.js';
import { contentCases, restoredCase } from './conformance/contentCases.js';
import { deletionCases } from './conformance/deletionCases.js';
import { executeCases } from './conformance/executeCases.js';
import { inlineCases } from './conformance/inlineCases.js';
import { modelCase } from './conformance/modelCase.js';
import { purgeCases } from './conformance/purgeCases.js';
import { accountCases, readAllCases } from './conformance/readAllCases.js';
import { readCases } from './conformance/readCases.js';
import { redactCases } from './conformance/redactCases.js';
import { transactionCases } from './conformance/transactionCases.js';
import { unreadableCases } from './conformance/unreadableCases.js';

/** One clause of the port, as a test that any test runner can register. */
export type StoreCase = {
  /** The clause, as the rest of a sentence that begins with `it`. */
  readonly title: string;
  /** Opens a store, checks the clause, and cleans up; rejects if the store violates the clause. */
  readonly run: () => Promise<void>;
};

/** How thorough the suite is. */
export type StoreConformanceOptions = {
  /**
   * The number of random runs that are compared with a model; 30 if left out, 0 for none. They need `fast-check` to be
   * installed.
   */
  readonly modelRuns?: number;
  /** The number of concurrent writers of a stream, at least 2; 10 if left out. */
  readonly writers?: number;
  /**
   * Whether the store can append within a transaction of the caller: adds the cases for it.
   *
   * @defaultValue false
   */
  readonly transactions?: boolean;
  /**
   * Whether the store applies inline projections: adds the cases for them.
   *
   * @defaultValue false
   */
  readonly inline?: boolean;
  /**
   * Whether the store can erase personal data ({@link history.ErasingEventStore}): adds the cases for it; with `texts`
   * only those for a store that cannot remove events ({@link history.RedactingEventStore}).
   *
   * @defaultValue false
   */
  readonly erasing?: boolean | 'texts';
  /**
   * Whether a test can delete events in the database: adds the cases for streams in which events are missing.
   *
   * @defaultValue false
   */
  readonly deletions?: boolean;
  /**
   * Whether a test can make an event unreadable: adds the cases for pages with such an event.
   *
   * @defaultValue false
   */
  readonly damages?: boolean;
};

/**
 * Returns the test suite for adapters of the event store port: one case for each clause of the port, and random runs
 * that are compared with a model. It needs no test runner.
 *
 * @param open - opens a new store without events; called once for each case and each random run
 * @param options - how thorough the suite is
 * @returns the cases
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid
 *
 * @example
 * ```ts
 * import { memoryEventStore } from 'patron-fees/history';
 * import { storeConformance } from 'patron-fees/testing';
 *
 * const now = () => new Date().toISOString();
 * const cases = storeConformance(() => ({ store: memoryEventStore({ now }) }), { modelRuns: 5 });
 *
 * // With a test runner: for (const { title, run } of cases) it(title, run);
 * for (const { run } of cases) await run();
 * cases[0]?.title; //=> 'reads a stream without events as empty, at version 0'
 * ```
 */
export function storeConformance(
  open: () => StoreUnderTest | Promise<StoreUnderTest>,
  options: StoreConformanceOptions = {},
): readonly StoreCase[] {
  const { modelRuns = 30, writers = 10 } = checkedOptions(options);
  const {
    transactions = false,
    inline = false,
    erasing = false,
    deletions = false,
    damages = false,
  } = options;
  checkedFunction('open', open);
  checkedCount('modelRuns', modelRuns, 0);
  checkedCount('writers', writers, 2);
  const clauses: readonly Clause[] = [
    ...readCases,
    ...appendCases(writers),
    ...contentCases,
    ...readAllCases(writers),
    ...accountCases,
    ...executeCases(writers),
    ...argumentCases,
  ];
  const onNew = (check: Clause[1]) => onNewStore(open, ({ store, second = store }) => check(store, second));
  const capabilities = [
    ...(transactions ? transactionCases : []),
    ...(inline ? inlineCases(writers) : []),
    ...(erasing === false ? [] : redactCases),
    ...(erasing === true ? purgeCases : []),
    ...(deletions ? deletionCases : []),
    ...(damages ? unreadableCases : []),
  ];
  const cases = [
    ...clauses.map(([title, check]) => ({ title, run: () => onNew(check) })),
    ...capabilities.map(([title, check]) => ({ title, run: () => onNewStore(open, check) })),
  ];
  cases.push(restoredCase(onNew));
  return modelRuns === 0 ? cases : [...cases, modelCase(onNew, modelRuns)];
}

async function onNewStore(
  open: () => StoreUnderTest | Promise<StoreUnderTest>,
  check: (opened: StoreUnderTest) => void | Promise<void>,
): Promise<void> {
  const opened = await open();
  try {
    await check(opened);
  } finally {
    await opened.release?.();
  }
}
