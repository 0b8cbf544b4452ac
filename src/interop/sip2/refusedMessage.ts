import { findPatron, patronResponse } from './patronResponse.js';
import type { Sip2Terminal } from './sip2Hooks.js';
import { partsOf, type Sip2Request, type Sip2Response } from './sip2Message.js';
import type { Sip2Settings } from './sip2Options.js';
import { withFields } from './withFields.js';

/** A request that is refused. */
type Refused = {
  /** The length of the fixed part of the request, after the code. */
  readonly fixedLength: number;
  /** The code of the response and its fixed part: not done; `time` is the current time. */
  readonly head: (time: string) => string;
  /** The fields that the response takes from the request, and those that it must have. */
  readonly fields: readonly string[];
};

/** The requests of circulation, by code. */
const requests: ReadonlyMap<string, Refused> = /* @__PURE__ */ new Map([
  ['09', { fixedLength: 37, head: (time: string) => `100NUN${time}`, fields: ['AO', 'AB', 'AQ'] }],
  [
    '11',
    { fixedLength: 38, head: (time: string) => `120NUN${time}`, fields: ['AO', 'AA', 'AB', 'AJ', 'AH'] },
  ],
  ['15', { fixedLength: 19, head: (time: string) => `160N${time}`, fields: ['AO', 'AA', 'AB'] }],
  ['17', { fixedLength: 18, head: (time: string) => `18010001${time}`, fields: ['AB', 'AJ'] }],
  ['19', { fixedLength: 18, head: (time: string) => `200${time}`, fields: ['AB'] }],
  [
    '29',
    { fixedLength: 38, head: (time: string) => `300NUN${time}`, fields: ['AO', 'AA', 'AB', 'AJ', 'AH'] },
  ],
  ['65', { fixedLength: 18, head: (time: string) => `66000000000${time}`, fields: ['AO'] }],
]);

/** Block Patron and Patron Enable, which are answered with the patron's status: the length of their fixed part. */
const patronRequests: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['01', 19],
  ['25', 18],
]);

/**
 * Refuses a message that is not about fees, with a response that says so and does not ask to send it again.
 *
 * @returns the response; `undefined` if the message is not one of the protocol's, or not readable
 */
export async function refusedMessage(
  request: Sip2Request,
  terminal: Sip2Terminal | undefined,
  settings: Sip2Settings,
): Promise<Sip2Response | undefined> {
  const { code, text } = request;
  const message = ['AF', settings.words.notOffered] as const;
  const patronLength = patronRequests.get(code);
  if (patronLength !== undefined) {
    const parts = partsOf(text, patronLength);
    if (parts === undefined) return undefined;
    const found = await findPatron({ ...request, ...parts }, terminal, settings);
    const { head, fields = [] } = await patronResponse({ ...request, ...parts }, found, settings);
    const others = fields.filter(([id]) => id !== 'AF');
    return withFields({ head, fields: [...others, message] }, found, settings);
  }
  const refused = requests.get(code);
  const parts = refused && partsOf(text, refused.fixedLength);
  if (refused === undefined || parts === undefined) return undefined;
  const values: Readonly<Record<string, string>> = { AO: settings.institutionCode };
  return {
    head: refused.head(settings.time()),
    fields: [...refused.fields.map((id) => [id, values[id] ?? parts.fields.get(id) ?? ''] as const), message],
  };
}
