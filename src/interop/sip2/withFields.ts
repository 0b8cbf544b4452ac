import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { plainObject } from '../../input/plainObject.js';
import type { FoundPatron } from './patronResponse.js';
import type { Sip2Answered } from './sip2Hooks.js';
import type { Sip2Response } from './sip2Message.js';
import type { Sip2Settings } from './sip2Options.js';

const fieldsSchema = v.pipe(
  plainObject,
  v.record(
    v.pipe(v.string(), v.regex(/^(?!AY|AZ)[A-Z][A-Z0-9]$/, 'two letters, neither AY nor AZ')),
    v.union([v.string(), v.array(v.string())], 'a text or a list of texts'),
  ),
);

/** Adds the fields of the hook to a response about a patron. */
export async function withFields(
  { head, fields = [] }: Sip2Response,
  found: FoundPatron,
  settings: Sip2Settings,
): Promise<Sip2Response> {
  if (settings.fields === undefined) return { head, fields };
  const code = head.slice(0, 2) as Sip2Answered['code'];
  const more = checkedArgument(fieldsSchema, await settings.fields({ code, ...found }), 'fields');
  return {
    head,
    fields: [...fields.filter(([id]) => !Object.hasOwn(more, id)), ...Object.entries(more)],
  };
}
