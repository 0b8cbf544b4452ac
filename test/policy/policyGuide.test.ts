import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { approvableJobs, paymentOrders } from '../../src/index.js';
import { policySchema } from '../../src/policy/policySchema.js';

const guide = readFileSync(new URL('../../docs/guides/define-your-policy.md', import.meta.url), 'utf8');

/** The fields of a valibot schema that this test reads. */
type Schema = {
  readonly kind: string;
  readonly type: string;
  readonly pipe?: readonly Schema[];
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly value?: Schema;
  readonly item?: Schema;
  readonly getter?: (input: unknown) => Schema;
  readonly default?: unknown;
};

/** The key names that the guide uses for tables by code. */
const keyNames: Readonly<Record<string, string>> = {
  feeTypes: 'CODE',
  blockLimits: 'GROUP',
  permissions: 'COMMAND',
  COMMAND: 'ROLE',
  // Not a table, but has a row as a whole.
  approvals: '',
  onlinePayments: '',
};

/** The guide has one row for all commands, and one for all jobs. */
function approvalKey(name: string): string {
  return approvableJobs.some((job) => job === name) ? 'JOB' : 'COMMAND';
}

/** Every policy option with its default; undefined if it is required or has no fixed default. */
function optionsOf(schema: Schema, path: readonly string[] = []): Map<string, unknown> {
  if (schema.pipe) {
    const parts = schema.pipe.filter((part) => part.kind === 'schema');
    return new Map(parts.flatMap((part) => [...optionsOf(part, path)]));
  }
  if (schema.entries) {
    return new Map(
      Object.entries(schema.entries).flatMap(([name, entry]) => {
        const key = path.at(-1) === 'approvals' ? approvalKey(name) : name;
        const here = [...path, key];
        const within = optionsOf(entry, here);
        const isSection = within.size > 0 && !(name in keyNames);
        const option: [string, unknown][] = isSection ? [] : [[here.join('.'), entry.default]];
        return [...option, ...within];
      }),
    );
  }
  if (schema.wrapped) return optionsOf(schema.wrapped, path);
  if (schema.type === 'record' && schema.value) {
    return optionsOf(schema.value, [...path, keyNames[path.at(-1) ?? ''] ?? 'CODE']);
  }
  if (schema.getter) return optionsOf(schema.getter({}), path);
  return schema.item ? optionsOf(schema.item, path) : new Map();
}

const options = optionsOf(policySchema(2) as unknown as Schema);

const rows = new Map(
  [...guide.matchAll(/^\| `([\w.]+)` \| (.*?) \| (.*?) \|$/gm)].map(
    ([, option = '', shown = '', effect = '']) => [option, { shown, effect }],
  ),
);

describe('the table of options in "Define your policy"', () => {
  it('reads the options of the policy, at every depth', () => {
    expect([...options.keys()]).toEqual(
      expect.arrayContaining(['currency', 'feeTypes.CODE.label', 'transfers.fees.minimumAmount']),
    );
    expect(options.get('overpayment')).toBe('refuse');
  });

  it('has exactly the options of the schema', () => {
    expect([...rows.keys()].sort()).toEqual([...options.keys()].sort());
  });

  it.each([...options])('has the default of %s, %j, and its effect', (option, value) => {
    const row = rows.get(option);
    expect(row?.effect).not.toBe('');
    if (['string', 'boolean', 'number'].includes(typeof value)) expect(row?.shown).toBe(`\`${value}\``);
  });

  it('describes every default that is a list or a table', () => {
    const others = [...options].filter(([, value]) => typeof value === 'object');
    expect(others.length).toBeGreaterThan(0);
    for (const [option] of others) expect(rows.get(option)?.shown).not.toBe('');
  });
});

describe('the payment orders', () => {
  const page = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

  it.each(['docs/guides/define-your-policy.md', 'docs/guides/charge-and-take-payments.md'])(
    'are all named in %s',
    (path) => {
      expect(paymentOrders.filter((order) => !page(path).includes(order))).toEqual([]);
    },
  );

  it('are counted in the comparison with other systems', () => {
    const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
    const phrase = `${words[paymentOrders.length]} orders, by policy or command`;
    expect(page('docs/concepts/other-systems.md').includes(phrase), `the page contains "${phrase}"`).toBe(
      true,
    );
  });
});
