import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { eventsJsonSchema } from './eventsJsonSchema.js';
import type { JsonSchema } from './fieldDescriptions.js';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });

/** What every message has: CloudEvents 1.0, as `cloudEvent` of `patron-fees/feed` makes it. */
const envelope: JsonSchema = {
  type: 'object',
  description: 'CloudEvents 1.0, in JSON.',
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'datacontenttype',
    'sequence',
    'partitionkey',
    'data',
  ],
  properties: {
    specversion: { const: '1.0', description: 'The version of CloudEvents.' },
    id: text(
      'Unique in its source, and the same each time the event is sent: institution, patron and version.',
      {
        pattern: '^[^/]+/[^/]+/[0-9]+$',
      },
    ),
    source: text('The store that the event is from.', { format: 'uri-reference', minLength: 1 }),
    type: text('The type of the event after `patron-fees.`.'),
    subject: text('The account: institution and patron, each escaped as in a URL.', {
      pattern: '^[^/]+/[^/]+$',
    }),
    time: text('When the event was recorded.', { format: 'date-time' }),
    datacontenttype: { const: 'application/json', description: 'The format of `data`.' },
    sequence: text('The version of the event in its account, with leading zeros.', {
      pattern: '^[0-9]{10,}$',
    }),
    partitionkey: text('The account again, so that a broker keeps the order of its events.'),
    data: {
      type: 'object',
      description: 'The event. Unless the sender has chosen otherwise, without texts.',
    },
  },
};

/** Returns the AsyncAPI document of the feed: a message for each event, generated from the schema of the events. */
export function asyncApiDocument() {
  const { oneOf: events = [], $defs } = inComponents(eventsJsonSchema()) as JsonSchema;
  const types = events.map(({ properties }) => String(properties?.type?.const));
  const ref = (path: string) => ({ $ref: `#/${path}` });
  const messages = events.map((event, index) => {
    const type = types[index] as string;
    const own = {
      type: 'object',
      properties: { type: { const: `patron-fees.${type}` }, data: ref(`components/schemas/${type}`) },
    };
    return {
      name: `patron-fees.${type}`,
      title: type,
      summary: event.description,
      contentType: 'application/cloudevents+json',
      payload: { allOf: [ref('components/schemas/cloudEvent'), own] },
    };
  });
  const named = <Value>(values: readonly Value[]) =>
    Object.fromEntries(types.map((type, index) => [type, values[index]]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Events of patron accounts',
      version: manifest.version,
      description:
        'What an outbox of patron-fees sends: every event of a patron account, as a CloudEvent. An event may be sent twice, with the same `source` and `id`. Those of one account, with the same `subject`, are sent in their order.',
      license: { name: manifest.license },
    },
    defaultContentType: 'application/cloudevents+json',
    channels: {
      accountEvents: {
        title: 'Events of accounts',
        description: 'The topic, queue or URL that events are sent to.',
        messages: named(types.map((type) => ref(`components/messages/${type}`))),
      },
    },
    operations: {
      sendAccountEvents: {
        action: 'send',
        channel: ref('channels/accountEvents'),
        summary: 'Sends the events of all accounts, or those of the types that the outbox has.',
        messages: types.map((type) => ref(`channels/accountEvents/messages/${type}`)),
      },
    },
    components: {
      messages: named(messages),
      schemas: { cloudEvent: envelope, ...named(events), ...$defs },
    },
  };
}

/** Returns the document as YAML. */
export function asyncApiYaml(): string {
  return stringify(asyncApiDocument(), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Returns a schema whose definitions are among the components of the document. */
function inComponents(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
