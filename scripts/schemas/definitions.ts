import { fileURLToPath } from 'node:url';
import type { Command } from '../../src/account/commands/command.js';
import { commandSchemas, fieldRules } from '../../src/account/commands/parseCommand.js';
import { calendarSchema } from '../../src/overdue/calendarSchema.js';
import { fineRuleSchema } from '../../src/overdue/fineRuleSchema.js';
import { policySchema } from '../../src/policy/policySchema.js';
import { eventsJsonSchema } from '../eventsJsonSchema.js';
import { checks, fieldDefinitions, fieldRuleSchemas } from './checks.js';
import { typeSchemas } from './typeSchemas.js';
import { type JsonSchema, ref, validatorSchema } from './validatorSchema.js';

export type Definitions = Record<string, JsonSchema>;

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

const CORE = 'src/index.ts';
const VIEWS = 'src/views/index.ts';
const OVERDUE = 'src/overdue/index.ts';
const HISTORY = 'src/history/index.ts';
const TESTING = 'src/testing/index.ts';
/** The entry points with jobs. */
const JOBS = [
  'src/jobs/index.ts',
  'src/jobs/reports/index.ts',
  'src/office/index.ts',
  'src/bursar/index.ts',
  'src/seals/index.ts',
  'src/patron/index.ts',
  'src/interop/import/index.ts',
];

/** The names of the definitions of each file. */
export type Contents = {
  readonly commands: readonly string[];
  readonly events: readonly string[];
  readonly officeEvents: readonly string[];
  readonly rejections: readonly string[];
  readonly views: readonly string[];
  readonly jobs: readonly string[];
};

/** Returns the schemas of all commands. */
export function commandDefinitions(): Definitions {
  const definitions: Definitions = {};
  for (const [type, schema] of Object.entries(commandSchemas(2))) {
    const rules = (fieldRules[type as Command['type']] ?? []).map(({ code }) => {
      const rule = fieldRuleSchemas[code];
      if (rule === undefined) throw new Error(`no JSON Schema for the rule ${code} of ${type}`);
      return rule;
    });
    const allOf = rules.filter((rule) => Object.keys(rule).length > 0);
    const shape = validatorSchema(schema, { ...checks, byPath: { [type]: {} } }, type);
    const properties = { ...shape.properties, type: { const: type } };
    definitions[type] = { ...shape, properties, ...(allOf.length > 0 && { allOf }) };
  }
  return definitions;
}

/** Returns the schemas of what institutions configure. */
export function configurationDefinitions(): Definitions {
  const policy = validatorSchema(policySchema(2), withZero, 'policy');
  return {
    FeePolicyInput: { ...policy, properties: { ...policy.properties, currency: ref('Currency') } },
    FineRuleInput: validatorSchema(fineRuleSchema, checks, 'rule'),
    LibraryCalendarInput: validatorSchema(calendarSchema, checks, 'calendar'),
  };
}

/** The only amounts of zero that a policy has. */
const withZero = { ...checks, byText: { ...checks.byText, '0,0.00': ref('PlainZero') } };

/** Returns all definitions: from the validators of what is read, and from the types of what is returned. */
export function allDefinitions(): { readonly definitions: Definitions; readonly contents: Contents } {
  const definitions: Definitions = fieldDefinitions();
  const events = eventDefinitions(definitions, 'accounts');
  const officeEvents = eventDefinitions(definitions, 'office');
  const commands = commandDefinitions();
  const configuration = configurationDefinitions();
  Object.assign(definitions, commands, configuration);
  const types = typeSchemas(root, [CORE, VIEWS, OVERDUE, HISTORY, TESTING, ...JOBS], definitions);
  const commandNames = Object.keys(commands);
  for (const name of commandNames)
    definitions[name] = types.describe(commands[name] as JsonSchema, CORE, name);
  definitions.Command = {
    description: 'A command, to change an account. `type` tells them apart.',
    oneOf: commandNames.map(ref),
  };
  for (const [name, file] of [
    ['FeePolicyInput', CORE],
    ['FineRuleInput', OVERDUE],
    ['LibraryCalendarInput', OVERDUE],
  ] as const)
    definitions[name] = types.describe(configuration[name] as JsonSchema, file, name);
  for (const name of ['Rejection', 'Decision', 'FeePolicy', 'AccountEvent']) types.named(CORE, name);
  for (const name of ['FineRule', 'LibraryCalendar', 'OverdueLoan', 'OverdueFine'])
    types.named(OVERDUE, name);
  for (const name of ['ProtocolMessage', 'ProtocolReply']) types.named(TESTING, name);
  const rejections = (definitions.Rejection?.oneOf ?? []).map(nameOfRef);
  const views = types.functions(VIEWS).flatMap(({ results }) => results().flatMap(rootNames));
  const jobs = JOBS.flatMap((file) => types.functions(file))
    .filter(({ parameters: [first, , third] }) => first === 'stores' && third === 'form')
    .flatMap(({ name, form, results }) => {
      const parts = results();
      const titles = parts.length === 2 ? ['line', 'report'] : ['report'];
      const named = [
        [`${name}.form`, form()] as const,
        ...parts.map((part, index) => [`${name}.${titles[index]}`, part] as const),
      ];
      return named.flatMap(([title, schema]) => {
        if (schema === undefined) return [];
        definitions[title] = title.endsWith('.form') ? closedForm(definitions, schema) : schema;
        return [title];
      });
    });
  return {
    definitions,
    contents: {
      commands: ['Command', ...commandNames],
      events: ['AccountEvent', ...events],
      officeEvents: ['OfficeEvent', ...officeEvents],
      rejections: ['Rejection', ...rejections],
      views: [...new Set(views)],
      jobs,
    },
  };
}

/** Returns the schema of a form, which may have no other fields. */
function closedForm(definitions: Definitions, schema: JsonSchema): JsonSchema {
  const form = schema.$ref === undefined ? schema : definitions[nameOfRef(schema)];
  return form?.type === 'object' ? { ...form, additionalProperties: false } : schema;
}

/** Adds the storage format, with capitals like every other definition. Returns the names of the events. */
function eventDefinitions(definitions: Definitions, family: 'accounts' | 'office'): readonly string[] {
  const { title, oneOf = [], $defs = {} } = eventsJsonSchema(family);
  const isOffice = family === 'office';
  const renamed: Readonly<Record<string, string>> = {
    date: 'LocalDate',
    actor: 'RecordedActor',
    metadata: 'EventMetadata',
    amount: isOffice ? 'OfficeAmount' : 'CanonicalAmount',
    amountOrZero: 'CanonicalAmountOrZero',
    signed: 'SignedAmount',
    amountsFitCurrency: isOffice ? 'OfficeAmountsFitCurrency' : 'AmountsFitCurrency',
  };
  const nameOf = (name: string) => renamed[name] ?? `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const inCapitals = (schema: unknown): JsonSchema =>
    JSON.parse(
      JSON.stringify(schema).replace(/"#\/\$defs\/(\w+)"/g, (_, name: string) => `"#/$defs/${nameOf(name)}"`),
    );
  for (const [name, schema] of Object.entries($defs)) definitions[nameOf(name)] = inCapitals(schema);
  const names = oneOf.map((event) => {
    const name = String(event.properties?.type?.const);
    definitions[name] = inCapitals(event);
    return name;
  });
  definitions[isOffice ? 'OfficeEvent' : 'AccountEvent'] = {
    description: `${title}. \`type\` tells them apart.`,
    oneOf: names.map(ref),
  };
  return names;
}

const nameOfRef = ({ $ref = '' }: JsonSchema) => $ref.replace('#/$defs/', '');

/** Returns the names of the definitions that a schema is, or lists. */
function rootNames(schema: JsonSchema | undefined): readonly string[] {
  if (schema?.$ref !== undefined) return [nameOfRef(schema)];
  return [schema?.items, ...(schema?.anyOf ?? [])].flatMap((part) => (part ? rootNames(part) : []));
}

/** Returns a definition's schema with all definitions that it refers to. */
export function withDefinitions(definitions: Definitions, names: readonly string[]): Definitions {
  const found: Definitions = {};
  const add = (name: string): void => {
    if (name in found) return;
    const schema = definitions[name];
    if (schema === undefined) throw new Error(`no definition of ${name}`);
    found[name] = schema;
    for (const [, other] of JSON.stringify(schema).matchAll(/"#\/\$defs\/([\w.]+)"/g)) add(other as string);
  };
  for (const name of names) add(name);
  return found;
}
