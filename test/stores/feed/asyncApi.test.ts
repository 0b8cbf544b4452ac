import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { asyncApiDocument, asyncApiYaml } from '../../../scripts/asyncApi.js';
import type { AccountEvent } from '../../../src/index.js';
import { cloudEvent } from '../../../src/stores/feed/index.js';
import { goldenEvents } from '../../support/goldenEvents.js';

const asyncApi = JSON.parse(readFileSync(new URL('./fixtures/asyncapi-3.0.0.json', import.meta.url), 'utf8'));
const document = JSON.parse(JSON.stringify(asyncApiDocument()));
// The schema brings draft 7 of JSON Schema with it.
const isAsyncApi = new Ajv({ strict: false, validateFormats: false, meta: false }).compile(asyncApi);

/** Returns the part of the document that a reference names. */
const at = (ref: string) =>
  ref
    .replace('#/', '')
    .split('/')
    .reduce((part, name) => part?.[name], document);

describe('the AsyncAPI document', () => {
  it('is valid by the schema of AsyncAPI 3.0.0, which refuses a wrong one', () => {
    expect([isAsyncApi(document), isAsyncApi.errors]).toEqual([true, null]);
    for (const wrong of [
      { asyncapi: '2.0.0' },
      { info: {} },
      { operations: { send: { action: 'shout', channel: { $ref: '#/channels/accountEvents' } } } },
      { chanels: {} },
    ])
      expect(isAsyncApi({ ...document, ...wrong })).toBe(false);
  });

  it('has the same content as YAML', () => {
    expect(parse(asyncApiYaml())).toEqual(document);
  });

  it('has no reference to a missing part', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
    expect(refs.length).toBeGreaterThan(300);
    expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
  });
});

describe('the messages of the AsyncAPI document', () => {
  const types = new Set(goldenEvents.map(({ type }) => type));
  const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema(document, 'feed');
  const validators = new Map(
    [...types].map((type) => [type, ajv.compile({ $ref: `feed#/components/messages/${type}/payload` })]),
  );
  const messageOf = (event: AccountEvent, texts: boolean) =>
    cloudEvent(
      { institution: 'north', patronId: 'p1', version: 1, recordedAt: '2026-03-02T09:00:00Z', event },
      { source: '/fees', texts },
    );

  it('are one for each event', () => {
    expect(Object.keys(document.components.messages).sort()).toEqual([...types].sort());
    expect(Object.keys(document.channels.accountEvents.messages).sort()).toEqual([...types].sort());
    expect(document.operations.sendAccountEvents.messages).toHaveLength(types.size);
  });

  it('accept what cloudEvent makes of each golden event, with texts and without, and refuse any other type', () => {
    for (const event of goldenEvents) {
      for (const texts of [true, false]) {
        const message = messageOf(event, texts);
        for (const [type, accepts] of validators) expect(accepts(message)).toBe(type === event.type);
        const accepts = validators.get(event.type);
        for (const name of Object.keys(message)) {
          const { [name as 'id']: _, ...less } = message;
          expect([name, accepts?.(less)]).toEqual([name, false]);
        }
        expect(accepts?.({ ...message, data: { ...message.data, more: 1 } })).toBe(false);
        expect(accepts?.({ ...message, id: 'p1' })).toBe(false);
      }
    }
  });
});
