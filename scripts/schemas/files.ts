import { readFileSync } from 'node:fs';
import { allDefinitions, type Contents, type Definitions, withDefinitions } from './definitions.js';
import { examples } from './examples.js';
import { openApi } from './openApi.js';
import { type JsonSchema, ref } from './validatorSchema.js';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** What names a schema, with the version of the package. The file there is compressed, and has the ending `.json.gz`. */
const idOf = (file: string) => `https://unpkg.com/${manifest.name}@${manifest.version}/dist/schemas/${file}`;

/** What each file describes: its title, and the definitions that a value must match one of. */
const rootsOf = ({ commands, events, officeEvents, rejections, views, jobs }: Contents) =>
  ({
    commands: ['A command to a patron account', [commands[0]], commands],
    events: ['An event of a patron account', [events[0]], events],
    'office-events': ['An event of the office', [officeEvents[0]], officeEvents],
    rejections: ['Why a command is refused', [rejections[0]], rejections],
    decisions: ['The answer to a command', ['Decision'], []],
    policy: ['The policy of an institution', ['FeePolicyInput'], ['FeePolicy']],
    overdue: [
      'Fine rules, calendars, late loans and their fines',
      ['FineRuleInput', 'LibraryCalendarInput', 'OverdueLoan', 'OverdueFine'],
      ['FineRule', 'LibraryCalendar'],
    ],
    views: ['Balances and rows, as people see them', views, []],
    protocol: [
      'Messages to a fee system in another process, and its replies',
      ['ProtocolMessage', 'ProtocolReply'],
      [],
    ],
    jobs: ['Forms, lines and reports of jobs', jobs, []],
  }) as Readonly<Record<string, readonly [string, readonly string[], readonly string[]]>>;

/** Returns all files of `dist/schemas`, by name. */
export function schemaFiles(): Readonly<Record<string, object>> {
  const { definitions, contents } = allDefinitions();
  addExamples(definitions);
  const schemas = Object.entries(rootsOf(contents)).map(([name, [title, roots, others]]) => {
    const file = `${name}.json`;
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: idOf(file),
      title,
      ...(roots.length === 1 ? ref(roots[0] as string) : { anyOf: roots.map(ref) }),
      $defs: withDefinitions(definitions, [...roots, ...others]),
    };
    return [file, schema];
  });
  return { ...Object.fromEntries(schemas), 'openapi.json': openApi(definitions, contents, manifest) };
}

function addExamples(definitions: Definitions): void {
  for (const [name, values] of Object.entries(examples())) {
    const schema: JsonSchema | undefined = definitions[name];
    if (schema === undefined) throw new Error(`an example of ${name}, which has no schema`);
    schema.examples = values;
  }
}
