import type { Contents, Definitions } from './definitions.js';
import { withDefinitions } from './definitions.js';
import { type JsonSchema, ref } from './validatorSchema.js';

/** The HTTP status of each kind of rejection. */
export const statusOfKind = { invalid: 400, forbidden: 403, notFound: 404, conflict: 409 } as const;

const text: JsonSchema = { type: 'string' };
const date: JsonSchema = ref('LocalDate');

/** A parameter: its place, its description, its schema. */
const query = (name: string, description: string, schema = text, required = false) => ({
  name,
  in: 'query',
  description,
  required,
  schema,
});
const path = (name: string, description: string) => ({
  name,
  in: 'path',
  description,
  required: true,
  schema: ref('Name'),
});

/** A view that `examples/servers/rest.ts` serves: its path below the patron, its result, what may be asked for. */
const views: readonly (readonly [string, string, JsonSchema, string, readonly object[]])[] = [
  ['summary', 'getSummary', ref('Summary'), 'The balances of the account.', []],
  [
    'fines-and-fees',
    'listFinesAndFees',
    ref('FinesAndFees'),
    'The fees and credits of the account with their balances.',
    [
      query('status', '`active` if left out; `all` for every row.', {
        type: 'string',
        enum: ['active', 'disputed', 'transferred', 'closed', 'all'],
      }),
      query('type', 'One fee type; `CREDIT` for credits.'),
      query('owner', 'One owning library.'),
      query('item', 'The exact id or barcode of an item.'),
    ],
  ],
  [
    'transactions/{id}',
    'listTransactions',
    ref('Transactions'),
    'The transactions of a fee or a credit.',
    [path('id', 'The fee or the credit.')],
  ],
  [
    'receipts/{paymentId}',
    'getReceipt',
    ref('Receipt'),
    'The receipt of a payment.',
    [path('paymentId', 'The payment.')],
  ],
  [
    'loans/{loanId}/fees',
    'listFeesOfLoan',
    ref('FeesOfLoan'),
    'The fees of a loan.',
    [path('loanId', 'The loan.')],
  ],
  [
    'payment-plans',
    'listPaymentPlans',
    { type: 'array', items: ref('PaymentPlanView') },
    'The payment plans of the account as of a day.',
    [query('on', 'A local date of the library; its instalments count as due.', date, true)],
  ],
  [
    'blocks',
    'getBlocks',
    ref('Blocks'),
    'Which limits of the policy the patron exceeds.',
    [
      query('group', "The patron's user group.", text, true),
      query('on', 'A local date of the library, needed for limits that excuse payment plans.', date),
    ],
  ],
  [
    'events',
    'listEvents',
    { type: 'array', items: ref('AccountEvent') },
    'The events of the account, in order.',
    [],
  ],
];

/** The definitions of requests and answers over HTTP. */
const transport: Definitions = {
  Executed: {
    description: 'An accepted command. No events: it was a repeat, or changed nothing.',
    type: 'object',
    required: ['version', 'events'],
    properties: {
      version: { type: 'integer', minimum: 0, description: 'The number of events that the account has now.' },
      events: { type: 'array', items: ref('AccountEvent'), description: 'What happened, in order.' },
      repeats: ref('Repeats'),
    },
  },
  Problem: {
    description: 'Why a request was refused: RFC 9457, with the rejection if a command was refused.',
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: {
        type: 'string',
        description: '`urn:patron-fees:` and the name of the rejection or the code of the error.',
      },
      title: { type: 'string', description: 'The name of the rejection, or the code of the error.' },
      status: { type: 'integer', description: 'The status of the response.' },
      detail: { type: 'string', description: 'One sentence for staff, in English.' },
      rejection: ref('Rejection'),
      commandIndex: {
        type: 'integer',
        minimum: 0,
        description: 'Which command of a list was refused, from 0.',
      },
    },
  },
};

const json = (schema: JsonSchema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

const account = [path('institution', 'The institution.'), path('patronId', 'The patron.')];

function paths() {
  const base = '/institutions/{institution}/patrons/{patronId}';
  const post = {
    operationId: 'executeCommands',
    summary: 'Executes a command, or several as a whole. Sent again with the same id, it changes nothing.',
    parameters: [
      {
        name: 'If-Match',
        in: 'header',
        description: 'The version of the account that was shown, in quotes; any version if left out.',
        schema: { type: 'string', pattern: '^"[0-9]+"$' },
      },
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { anyOf: [ref('Command'), { type: 'array', items: ref('Command'), minItems: 1 }] },
        },
      },
    },
    responses: {
      200: json(ref('Executed'), 'The command is accepted.'),
      400: problem('The command itself is wrong: a rejection of kind `invalid`, or no JSON.'),
      403: problem('The policy does not allow it: a rejection of kind `forbidden`.'),
      404: problem('The account has no such fee, credit, payment: a rejection of kind `notFound`.'),
      409: problem('It contradicts the state of the account: a rejection of kind `conflict`.'),
      412: problem('The account has another version than `If-Match`.'),
    },
  };
  const reads = views.map(([suffix, operationId, schema, summary, parameters]) => [
    `${base}/${suffix}`,
    {
      parameters: account,
      get: {
        operationId,
        summary,
        ...(parameters.length > 0 && { parameters }),
        responses: {
          200: json(schema, summary),
          400: problem('A parameter is missing or invalid.'),
          404: problem('The account has no such fee, credit or payment.'),
        },
      },
    },
  ]);
  return { [`${base}/commands`]: { parameters: account, post }, ...Object.fromEntries(reads) };
}

/** Returns the OpenAPI document of `examples/servers/rest.ts`. Its components are all definitions of the schemas. */
export function openApi(
  definitions: Definitions,
  contents: Contents,
  manifest: { readonly version: string; readonly license: string },
): object {
  const all = { ...definitions, ...transport };
  const names = Object.values(contents).flat();
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Accounts of library patrons',
      version: manifest.version,
      description:
        'Commands to the accounts of patrons, and views of them. `examples/servers/rest.ts` of the package serves it.',
      license: { name: manifest.license, identifier: manifest.license },
    },
    servers: [{ url: '/' }],
    paths: paths(),
    components: {
      schemas: withDefinitions(all, [
        ...names,
        ...Object.keys(transport),
        'Decision',
        'FeePolicyInput',
        'FeePolicy',
        'FineRuleInput',
        'LibraryCalendarInput',
        'OverdueLoan',
        'OverdueFine',
      ]),
    },
  };
  return JSON.parse(JSON.stringify(document).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
