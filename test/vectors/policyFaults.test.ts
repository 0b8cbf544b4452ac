import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CallVector } from '../../scripts/vectors/calls.js';
import type { VectorFile } from '../../scripts/vectors/vectorFile.js';
import { approvableJobs } from '../../src/policy/permissions.js';
import { policySchema } from '../../src/policy/policySchema.js';

const root = new URL('../../', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, root), 'utf8');

const { groups }: VectorFile = JSON.parse(text('vectors/views.json'));
const calls = groups.flatMap(({ cases }) => cases) as readonly CallVector[];
const refused = calls.flatMap(({ call, error }) => (call === 'policy' && error ? [error] : []));

/** The parts of a schema of valibot that have fields, entries or messages. */
type Node = Readonly<Record<string, unknown>> & {
  readonly type?: string;
  readonly message?: unknown;
  readonly pipe?: readonly Node[];
  readonly wrapped?: Node;
  readonly options?: readonly unknown[];
  readonly entries?: Readonly<Record<string, Node>>;
  readonly item?: Node;
  readonly value?: unknown;
  readonly getter?: (input: unknown) => Node;
};

/** All commands that can be approved have one schema, and so have all jobs. */
const kindOf = (path: string) =>
  approvableJobs.some((job) => path === `approvals.${job}`)
    ? 'approvals.(job)'
    : path.replace(/^approvals\.\w+$/, 'approvals.(command)');

/** Returns what a schema expects, in its own words, and the places of its fields; `*` stands for a code or an index. */
function placesIn(
  node: Node,
  path = '',
): readonly { readonly path: string; readonly expected: string | null }[] {
  const { message, pipe = [], wrapped, options = [], entries = {}, item, value, getter } = node;
  const below = (child: unknown, at: string) =>
    typeof child === 'object' && child !== null ? placesIn(child as Node, at) : [];
  const field = (name: string) => (path === '' ? name : kindOf(`${path}.${name}`));
  return [
    { path, expected: typeof message === 'string' ? message : null },
    // The first step of a pipe is its schema.
    ...pipe.flatMap((step) => below(step, path)),
    ...below(wrapped, path),
    // The faults of a union are told as one.
    ...(node.type === 'union' ? [] : options.flatMap((option) => below(option, path))),
    ...below(getter?.({}), path),
    ...below(item, field('*')),
    ...below(typeof value === 'object' ? value : undefined, field('*')),
    ...Object.entries(entries).flatMap(([name, entry]) => placesIn(entry, field(name))),
  ];
}

const places = placesIn(policySchema(2) as unknown as Node).filter(({ path }) => path !== '');

/** Returns a path of a fault with `*` for each code and index that the schema does not name. */
const withoutCodes = (found: string, known: ReadonlySet<string>): string =>
  found
    .replace(/\[\d+\]/g, '.*')
    .split('.')
    .reduce((path, name) => {
      const named = path === '' ? name : kindOf(`${path}.${name}`);
      return known.has(named) || !known.has(`${path}.*`) ? named : `${path}.*`;
    }, '');

describe('the vectors of policies', () => {
  const known = new Set(places.map(({ path }) => path));

  it('have a fault in every field of a policy', () => {
    const found = new Set(
      refused.flatMap(({ paths = [] }) => paths.map((path) => withoutCodes(path, known))),
    );
    expect(known.size).toBeGreaterThan(70);
    expect([...known].filter((path) => !found.has(path))).toEqual([]);
  });

  it('have everything that a schema of a policy expects', () => {
    const all = refused.map(({ message }) => message).join('\n');
    const expected = [...new Set(places.flatMap(({ expected }) => expected ?? []))];
    expect(expected.length).toBeGreaterThan(15);
    expect(expected.filter((words) => !all.includes(words))).toEqual([]);
  });

  it('have every fault that two fields show together', () => {
    const all = refused.map(({ message }) => message).join('\n');
    const sources = ['policySchema', 'notices', 'onlinePayments', 'feePolicy'].map((name) =>
      text(`src/policy/${name}.ts`),
    );
    const named = sources.flatMap((source) =>
      [
        ...source.matchAll(/(?:message|expected): (?:[\w =?]+ )?(['"`])(.*?)\1(?: : (['"])(.*?)\3)?/g),
      ].flatMap(([, , one, , other]) => [one, other].filter((words) => words !== undefined)),
    );
    expect(named.length).toBeGreaterThan(8);
    const missing = named.filter((words) => !all.includes(words.replace(/\$.*/, '')));
    // Values that JSON cannot have.
    expect(missing).toEqual(['a policy that can be read']);
  });
});
