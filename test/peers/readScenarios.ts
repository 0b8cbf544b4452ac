import * as v from 'valibot';
import { lostScenario } from './lostScenario.js';
import { overdueScenario, policyScenario } from './overdueScenario.js';
import {
  actionScenario,
  blockScenario,
  otherSuites,
  playedSuites,
  reportScenario,
  type Scenario,
  splitScenario,
} from './scenario.js';
import { tillScenario } from './tillScenario.js';

/** A fault in a file: its scenario, its field, and what is wrong. */
export type Malformed = { readonly scenario: string; readonly problem: string };

/** The content of a file. */
export type Reading = { readonly scenarios: readonly Scenario[]; readonly malformed: readonly Malformed[] };

/**
 * Reads a file of scenarios. A malformed scenario does not hide the others.
 *
 * @param text - the file's content
 */
export function readScenarios(text: string): Reading {
  const entries = entriesOf(text);
  if (typeof entries === 'string')
    return { scenarios: [], malformed: [{ scenario: '(whole file)', problem: entries }] };
  const scenarios: Scenario[] = [];
  const malformed: Malformed[] = [];
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const read = readScenario(entry);
    const id = typeof entry?.id === 'string' ? entry.id : undefined;
    const name = id === undefined ? `number ${index + 1}` : `${JSON.stringify(id)} (number ${index + 1})`;
    if (typeof read === 'string') malformed.push({ scenario: name, problem: read });
    else if (seen.has(read.scenario.id))
      malformed.push({ scenario: name, problem: 'id: used by an earlier scenario' });
    else scenarios.push(read);
    if (id !== undefined) seen.add(id);
  }
  return { scenarios, malformed };
}

/** An entry of a file that was not checked yet. */
type Entry = { readonly id?: unknown; readonly suite?: unknown } | null;

function entriesOf(text: string): readonly Entry[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return `is not JSON: ${(error as Error).message}`;
  }
  if (!Array.isArray(parsed)) return `expected a list of scenarios, found ${shown(parsed)}`;
  return parsed.length > 0 ? parsed : 'expected a list of scenarios, found an empty one';
}

/** Reads one scenario, or returns its fault. */
export function readScenario(entry: unknown): Scenario | string {
  const head = v.safeParse(
    v.looseObject({ id: v.pipe(v.string('text'), v.nonEmpty('text')), suite: v.string('text') }, 'an object'),
    entry,
  );
  if (!head.success) return problemsOf(head.issues);
  const { suite } = head.output;
  switch (suite) {
    case 'split':
      return read(splitScenario, entry, (scenario) => ({ kind: 'split', suite, scenario }));
    case 'lost-refund':
      return read(lostScenario, entry, (scenario) => ({ kind: 'lost', suite, scenario }));
    case 'patron-block':
      return read(blockScenario, entry, (scenario) => ({ kind: 'block', suite, scenario }));
    case 'report':
      if (operationOf(entry) !== 'refund-report')
        return read(tillScenario, entry, (scenario) => ({ kind: 'till', suite, scenario }));
      return read(reportScenario, entry, (scenario) => ({ kind: 'report', suite, scenario }));
    case 'overdue':
      return read(overdueScenario, entry, (scenario) => ({ kind: 'overdue', suite, scenario }));
    case 'policy':
      // Of FOLIO's pricing policies, this library has only those of overdue fines.
      if (operationOf(entry) === 'create-lost-policy')
        return { kind: 'other', suite: 'lost-policy', scenario: { id: head.output.id } };
      return read(policyScenario, entry, (scenario) => ({ kind: 'policy', suite, scenario }));
  }
  if ((playedSuites as readonly string[]).includes(suite)) {
    return read(actionScenario, entry, (scenario) => ({ kind: 'action', suite, scenario }));
  }
  if (Object.hasOwn(otherSuites, suite)) return { kind: 'other', suite, scenario: { id: head.output.id } };
  const suites = [...playedSuites, ...Object.keys(otherSuites)].join(', ');
  return `suite: expected one of ${suites}, found ${shown(suite)}`;
}

function operationOf(entry: unknown): unknown {
  const result = v.safeParse(v.looseObject({ when: v.looseObject({ op: v.string() }) }), entry);
  return result.success ? result.output.when.op : undefined;
}

function read<Read>(
  schema: v.GenericSchema<unknown, Read>,
  entry: unknown,
  named: (scenario: Read) => Scenario,
): Scenario | string {
  const result = v.safeParse(schema, entry);
  return result.success ? named(result.output) : problemsOf(result.issues);
}

function problemsOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const problems = issues.map((issue) =>
    isUnknownField(issue)
      ? `${pathOf(issue)}: a field that is not understood`
      : `${pathOf(issue)}: expected ${wanted(issue)}, found ${shown(issue.input)}`,
  );
  return [...new Set(problems)].join('; ');
}

function isUnknownField({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never';
}

/** For a missing field, the schema library describes the expected object, not the expected field. */
function wanted({ type, input, path, message }: v.BaseIssue<unknown>): string {
  return /^(loose|strict)_object$/.test(type) && input === undefined && path !== undefined
    ? 'a value'
    : message;
}

/** For example `given.accounts[0].amount`. */
function pathOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('');
  return path === '' ? 'the scenario' : path.slice(1);
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value);
}
