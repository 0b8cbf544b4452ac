import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fieldDefinitions, inexpressible } from '../../scripts/schemas/checks.js';
import { commandDefinitions, configurationDefinitions } from '../../scripts/schemas/definitions.js';
import { examples } from '../../scripts/schemas/examples.js';
import { schemaFiles } from '../../scripts/schemas/files.js';
import type { JsonSchema } from '../../scripts/schemas/validatorSchema.js';
import { anyValue, changedBy } from '../../scripts/vectors/changes.js';
import { parseCommand } from '../../src/account/commands/parseCommand.js';
import { definePolicy, type Fault } from '../../src/index.js';
import { defineCalendar, defineFineRule } from '../../src/overdue/index.js';
import { remoteFeeSystem } from '../../src/testing/feeSystem/remoteFeeSystem.js';
import { feeSystemCapabilities } from '../../src/testing/index.js';
import { type AnyJob, everyJob, filledStores, jobNames, made } from '../support/everyJob.js';
import { tried } from '../support/seeded.js';
import { wholeCommands } from '../support/wholeCommands.js';

type Schema = JsonSchema & { readonly $id: string; readonly $defs: Readonly<Record<string, JsonSchema>> };

let files: Readonly<Record<string, Schema>>;

beforeAll(() => {
  files = schemaFiles() as typeof files;
});

const schemaNames = [
  'commands',
  'events',
  'office-events',
  'rejections',
  'decisions',
  'policy',
  'overdue',
  'views',
  'jobs',
  'protocol',
];
const fileOf = (name: string) => files[`${name}.json`] as Schema;

/** Numbers and texts in one list, and properties that are required where they are not listed, are not mistakes here. */
const strict = { strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true };

/** Returns the validators of definitions, in strict mode. That they are valid schemas has a test of its own. */
function validatorsOf({ $defs }: { readonly $defs: object }) {
  const ajv = new Ajv2020({ ...strict, validateSchema: false }).addSchema({ $id: 'all', $defs });
  return (definition: string) => ajv.getSchema(`all#/$defs/${definition}`) as ValidateFunction;
}

describe('the JSON Schemas', () => {
  it('are draft 2020-12, each with its address, a title and a description of every definition and field', () => {
    const ajv = new Ajv2020(strict);
    for (const name of schemaNames) {
      const { $schema, $id, title, $defs } = fileOf(name);
      expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect($id).toMatch(new RegExp(`^https://unpkg.com/patron-fees@[\\d.]+/dist/schemas/${name}\\.json$`));
      expect(title).toMatch(/^[A-Z]/);
      expect(ajv.compile(fileOf(name))).toBeTypeOf('function');
      const fields = Object.values($defs).flatMap(({ properties = {} }) => {
        const described = Object.entries(properties).map(
          ([field, { description, $ref = '' }]) =>
            [field, description ?? $defs[$ref.replace('#/$defs/', '')]?.description] as const,
        );
        // The fields of a table, such as the commands of permissions, are explained by the table.
        return described.some(([, description]) => description) ? described : [];
      });
      expect(fields.filter(([, description]) => !description).map(([field]) => field)).toEqual([]);
      expect(JSON.stringify($defs)).not.toContain('{@link');
    }
  });

  it('have a definition of every command, event and rejection', () => {
    expect(Object.keys(fileOf('commands').$defs)).toEqual(expect.arrayContaining(Object.keys(wholeCommands)));
    const named = Object.keys(examples());
    const all = schemaNames.flatMap((name) => Object.keys(fileOf(name).$defs));
    expect(named.filter((name) => !all.includes(name))).toEqual([]);
  });

  it('accept their examples, which have no field that is not described', () => {
    const checked: string[] = [];
    for (const name of schemaNames) {
      const validatorOf = validatorsOf(closedSchema(fileOf(name)) as Schema);
      for (const [definition, { examples: values = [] }] of Object.entries(fileOf(name).$defs)) {
        for (const value of values as readonly unknown[]) {
          const validate = validatorOf(definition);
          expect(validate(value), `${definition}: ${JSON.stringify(validate.errors)}`).toBe(true);
          checked.push(definition);
        }
      }
    }
    expect(new Set(checked)).toEqual(new Set(Object.keys(examples())));
  });

  it('refuse what is nearly right', () => {
    const accepts = (name: string, definition: string, value: unknown) =>
      validatorsOf(fileOf(name))(definition)(value);
    const [notFound] = examples().FeeNotFound ?? [];
    expect(accepts('rejections', 'FeeNotFound', notFound)).toBe(true);
    expect(accepts('rejections', 'FeeNotFound', { ...(notFound as object), kind: 'conflict' })).toBe(false);
    expect(accepts('decisions', 'Refused', { accepted: false, events: [1], rejection: notFound })).toBe(
      false,
    );
    expect(accepts('decisions', 'Refused', { accepted: false, events: [], rejection: notFound })).toBe(true);
    const [balances] = examples().Summary ?? [];
    expect(accepts('views', 'Summary', { ...(balances as object), active: 5 })).toBe(false);
  });
});

/** Returns a schema in which objects have no other fields than those described. */
function closedSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closedSchema);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [
    key,
    key === 'examples' ? value : closedSchema(value),
  ]);
  const copy = Object.fromEntries(entries);
  const isObject = copy.type === 'object' && copy.properties !== undefined;
  return isObject && copy.additionalProperties === undefined
    ? { ...copy, additionalProperties: false }
    : copy;
}

/** What a parser says: nothing if it accepts. */
type Parse = (input: unknown) => readonly Fault[];

const faultsOf =
  (define: (input: never) => unknown): Parse =>
  (input) => {
    try {
      define(input as never);
      return [];
    } catch (error) {
      return (error as { details: { faults: readonly Fault[] } }).details.faults;
    }
  };

/** The parsers for US dollars, with the examples that are changed. */
const subjects: Readonly<Record<string, { readonly parse: Parse; readonly from: readonly object[] }>> = {
  Command: {
    parse: (input) => {
      const result = parseCommand(input, 2);
      return 'faults' in result ? result.faults : [];
    },
    from: Object.values(wholeCommands),
  },
  FeePolicyInput: {
    // The schema is for dollars, which the currency is not part of here.
    parse: (input) => faultsOf(definePolicy)(input),
    from: examples().FeePolicyInput as object[],
  },
  FineRuleInput: { parse: faultsOf(defineFineRule), from: examples().FineRuleInput as object[] },
  LibraryCalendarInput: {
    parse: faultsOf(defineCalendar),
    from: examples().LibraryCalendarInput as object[],
  },
};

describe('what the schema accepts', () => {
  const commands = commandDefinitions();
  const $defs = {
    ...fieldDefinitions([2]),
    ...commands,
    ...configurationDefinitions(),
    Command: { oneOf: Object.keys(commands).map((name) => ({ $ref: `#/$defs/${name}` })) },
  };

  const validatorOf = validatorsOf({ $defs });

  it.each(Object.entries(subjects))(
    'the parser of %s accepts, and the reverse',
    (definition, { parse, from }) => {
      const validate = validatorOf(definition);
      const change = fc.record({
        place: fc.nat(),
        key: fc.constantFrom('same', 'same', 'removed', '__proto__', 'constructor', 'note'),
        value: anyValue,
      });
      fc.assert(
        fc.property(
          fc.constantFrom(...from),
          fc.array(change, { minLength: 1, maxLength: 2 }),
          (example, changes) => {
            // Other decimals than those of dollars; JSON Schema counts characters otherwise.
            const changed = JSON.parse(JSON.stringify(changes.reduce(changedBy, structuredClone(example))));
            const { currency } = changed as { currency?: unknown };
            fc.pre(
              definition === 'Command' || typeof currency !== 'string' || ['USD', 'DM'].includes(currency),
            );
            const accepted = validate(changed);
            const faults = parse(changed);
            const expressible = faults.filter(
              ({ expected, found }) =>
                !inexpressible.some(({ fault }) => fault.test(`${expected}, found ${found}`)),
            );
            const seen = `${JSON.stringify(changed)}: ${JSON.stringify(faults)} ${JSON.stringify(validate.errors)}`;
            if (expressible.length > 0) expect(accepted, seen).toBe(false);
            if (faults.length === 0) expect(accepted, seen).toBe(true);
          },
        ),
        tried(4_000),
      );
    },
  );

  it('differs only where the list of exceptions says', () => {
    const isAccepted = (definition: string, value: object) => [
      validatorOf(definition)(JSON.parse(JSON.stringify(value))),
      (subjects[definition] as (typeof subjects)[string]).parse(value).length === 0,
    ];
    for (const { definition, example } of inexpressible)
      expect([example, ...isAccepted(definition, example)]).toEqual([example, true, false]);
  });
});

describe('the schemas of jobs', () => {
  let validatorOf: ReturnType<typeof validatorsOf>;

  beforeAll(() => {
    validatorOf = validatorsOf(closedSchema(fileOf('jobs')) as Schema);
  });

  it('are there for every job', () => {
    const described = Object.keys(fileOf('jobs').$defs).filter((name) => name.endsWith('.form'));
    expect(described).toEqual(expect.arrayContaining(jobNames.map((name) => `${name}.form`)));
  });

  it.each(Object.keys(everyJob))('accept the form, the lines and the report of %s', async (name) => {
    const accepts = (part: string, value: unknown) => {
      const validate = validatorOf(`${name}.${part}`);
      const plain = JSON.parse(JSON.stringify(value));
      expect(validate(plain), `${part} ${JSON.stringify(plain)}: ${JSON.stringify(validate.errors)}`).toBe(
        true,
      );
    };
    const { form } = everyJob[name] as AnyJob;
    accepts('form', form);
    const { lines = [], report } = await made(name, await filledStores());
    accepts('report', report);
    for (const line of lines) accepts('line', line);
  });

  it.each(Object.keys(everyJob))('refuse what the form of %s may not have, as the job does', async (name) => {
    const { form } = everyJob[name] as AnyJob;
    const stores = await filledStores();
    const wrong = [
      ['unknown', { ...form, unknown: 1 }],
      ['institution', { ...form, institution: undefined }],
      ...Object.keys(form).map((field) => [field, { ...form, [field]: Number.NaN }] as const),
    ] as const;
    for (const [field, changed] of wrong) {
      const plain = JSON.parse(JSON.stringify(changed));
      expect([field, validatorOf(`${name}.form`)(plain)]).toEqual([field, false]);
      await expect(made(name, stores, { form: { ...changed } }), field).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    }
  });
});

describe('the schema of the protocol', () => {
  it('accepts all messages of a comparison, and the replies', async () => {
    const validatorOf = validatorsOf(closedSchema(fileOf('protocol')) as Schema);
    const messages: { readonly do: string }[] = [];
    let id = 0;
    const replies: Readonly<Record<string, object>> = {
      describe: { protocol: 1, name: 'all', capabilities: feeSystemCapabilities },
      reset: { ok: true },
      balances: { balances: { fees: [{ feeId: 'f1', owed: '1.00' }], owed: '1.00' } },
    };
    const replyTo = (name: string) => replies[name] ?? { accepted: true, reason: 'why not' };
    const ask = async (message: { readonly do: string }) => {
      id += 1;
      messages.push({ id, ...message } as { readonly do: string });
      return { id, ...replyTo(message.do) };
    };
    const policy = definePolicy({ currency: 'USD' });
    const system = await (await remoteFeeSystem(ask, policy, async () => {})).open();
    const [fee, part] = [
      { id: 'r1', feeId: 'f1' },
      { id: 'r2', feeId: 'f1', amount: '1.00' },
    ];
    await system.assess({
      ...{ id: 'f1', feeType: 'OTHER', amount: '1.00' },
      ...{ currency: 'USD', lostItem: false, refundPercent: 0 },
    });
    await system.pay({ id: 'p1', amount: '1.00', currency: 'USD', feeIds: ['f1'] });
    for (const name of ['waive', 'transfer', 'cancel'] as const) await system[name]?.(part);
    for (const name of ['dispute', 'restore', 'returnLostItem'] as const) await system[name]?.(fee);
    await system.refund?.({ id: 'b1', amount: '1.00' });
    await system.reversePayment?.({ id: 'x1', paymentId: 'p1' });
    await system.balances();
    expect(messages.length).toBe(13);
    const accepts = (definition: string, value: unknown) => {
      const validate = validatorOf(definition);
      return validate(value) || JSON.stringify([value, validate.errors]);
    };
    for (const message of messages) {
      expect(accepts('ProtocolMessage', message)).toBe(true);
      expect(accepts('ProtocolReply', { id: 1, ...replyTo(message.do) })).toBe(true);
    }
    expect(accepts('ProtocolReply', { id: 1, error: 'no database' })).toBe(true);
    expect(accepts('ProtocolMessage', { id: 1, do: 'fly' })).not.toBe(true);
    expect(accepts('ProtocolReply', { accepted: true })).not.toBe(true);
  });
});

describe('the OpenAPI document', () => {
  const openApi = JSON.parse(readFileSync(new URL('./fixtures/openapi-3.1.json', import.meta.url), 'utf8'));

  it('is valid, and every reference has its component', () => {
    const document = files['openapi.json'] as unknown as { components: { schemas: Record<string, object> } };
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile(openApi);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...document, openapi: '2.0' })).toBe(false);
    const { schemas } = document.components;
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, target]) => target as string,
    );
    expect(new Set(referred).size).toBeGreaterThan(200);
    const isKnown = (target: string) => Object.hasOwn(schemas, target.replace('#/components/schemas/', ''));
    expect([...new Set(referred)].filter((target) => !isKnown(target))).toEqual([]);
  });
});
