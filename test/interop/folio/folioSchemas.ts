// What the answers have to look like: the fields and types that clients of FOLIO read.
import { Ajv } from 'ajv';

const text = { type: 'string' };
const amount = { type: 'number' };
const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$' };
const money = { type: 'string', pattern: '^\\d+(\\.\\d+)?$' };
const named = (names: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: { name: { enum: names } },
});
const done = ['Paid', 'Waived', 'Transferred', 'Refunded', 'Credited'];
const statuses = [
  'Outstanding',
  'Suspended claim returned',
  'Cancelled as error',
  ...done.flatMap((verb) => [`${verb} partially`, `${verb} fully`]),
];
const account = {
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'userId',
    'amount',
    'remaining',
    'status',
    'paymentStatus',
    'feeFineId',
    'feeFineType',
    'ownerId',
    'metadata',
  ],
  properties: {
    id: uuid,
    userId: uuid,
    amount,
    remaining: { type: 'number', minimum: 0 },
    status: named(['Open', 'Closed']),
    paymentStatus: named(statuses),
    feeFineId: uuid,
    feeFineType: text,
    ownerId: uuid,
    feeFineOwner: text,
    title: text,
    barcode: text,
    callNumber: text,
    location: text,
    itemId: uuid,
    loanId: uuid,
    dateCreated: time,
    metadata: {
      type: 'object',
      required: ['createdDate'],
      properties: { createdDate: time, updatedDate: time },
    },
  },
};
const action = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'accountId', 'userId', 'dateAction', 'typeAction', 'amountAction', 'balance'],
  properties: {
    id: uuid,
    accountId: uuid,
    userId: uuid,
    dateAction: time,
    typeAction: text,
    amountAction: { type: 'number', minimum: 0 },
    balance: { type: 'number', minimum: 0 },
    paymentMethod: text,
    transactionInformation: text,
    comments: text,
    createdAt: text,
    source: text,
    notify: { type: 'boolean' },
  },
};
const collection = (name: string, record: object) => ({
  type: 'object',
  additionalProperties: false,
  required: [name, 'totalRecords'],
  properties: { [name]: { type: 'array', items: record }, totalRecords: { type: 'integer' } },
});
const ids = { accountId: uuid, accountIds: { type: 'array', items: uuid } };
const success = {
  type: 'object',
  additionalProperties: false,
  required: ['amount', 'feefineactions'],
  anyOf: [{ required: ['accountId'] }, { required: ['accountIds'] }],
  properties: {
    ...ids,
    amount: money,
    remainingAmount: money,
    feefineactions: { type: 'array', items: action },
  },
};
const failure = {
  type: 'object',
  additionalProperties: false,
  required: ['errorMessage'],
  properties: { ...ids, amount: text, allowed: { const: false }, errorMessage: text },
};
const check = {
  type: 'object',
  additionalProperties: false,
  required: ['amount', 'allowed', 'remainingAmount'],
  properties: { ...ids, amount: money, allowed: { const: true }, remainingAmount: money },
};
const errors = {
  type: 'object',
  additionalProperties: false,
  required: ['errors'],
  properties: { errors: { type: 'array', minItems: 1, items: { type: 'object', required: ['message'] } } },
};
const user = {
  type: 'object',
  required: ['id', 'active'],
  properties: {
    id: uuid,
    active: { type: 'boolean' },
    username: text,
    barcode: text,
    externalSystemId: text,
    personal: { type: 'object' },
  },
};
/** A record of a table: all its fields, and no others. */
const record = (fields: Readonly<Record<string, object>>) => ({
  type: 'object',
  additionalProperties: false,
  required: ['id', ...Object.keys(fields)],
  properties: { id: uuid, ...fields },
});
const none = { type: 'array', maxItems: 0 };
const currencyAmount = {
  type: 'object',
  additionalProperties: false,
  required: ['amount', 'isoCurrencyCode'],
  properties: { amount: { type: 'number', minimum: 0 }, isoCurrencyCode: { type: 'string', minLength: 3 } },
};
const charge = {
  type: 'object',
  additionalProperties: false,
  required: ['chargeAmount', 'accrualDate', 'state', 'reason', 'feeFineId'],
  properties: {
    item: {
      type: 'object',
      additionalProperties: false,
      required: ['title'],
      properties: { title: text, itemId: uuid },
    },
    chargeAmount: currencyAmount,
    accrualDate: time,
    state: { enum: statuses },
    reason: text,
    feeFineId: uuid,
  },
};
const summary = {
  type: 'object',
  additionalProperties: false,
  required: ['totalCharges', 'totalChargesCount', 'totalLoans', 'totalHolds', 'charges', 'holds', 'loans'],
  properties: {
    id: uuid,
    totalCharges: currencyAmount,
    totalChargesCount: { type: 'integer' },
    totalLoans: { const: 0 },
    totalHolds: { const: 0 },
    charges: { type: 'array', items: charge },
    holds: none,
    loans: none,
  },
};
const object = (name: string, schema: object) => ({
  type: 'object',
  additionalProperties: false,
  required: [name],
  properties: { [name]: schema },
});
const ajv = new Ajv({ allowUnionTypes: true });
/** Returns whether JSON is a list of fees. */
export const isAccounts = ajv.compile(collection('accounts', account));
/** Returns whether JSON is a fee. */
export const isAccountRecord = ajv.compile(account);
/** Returns whether JSON is a list of what was done with fees. */
export const isActions = ajv.compile(collection('feefineactions', action));
/** Returns whether JSON says what was done. */
export const isSuccess = ajv.compile(success);
/** Returns whether JSON says why something was refused. */
export const isFailure = ajv.compile(failure);
/** Returns whether JSON says that something can be done. */
export const isCheck = ajv.compile(check);
/** Returns whether JSON has the errors of an invalid body. */
export const isErrors = ajv.compile(errors);

/** The answers to requests that succeed: the first that fits the method and the path. */
const answers = (
  [
    ['POST authn/login$', object('okapiToken', text)],
    ['POST authn/login-with-expiry$', object('accessTokenExpiration', time)],
    ['GET users$', collection('users', user)],
    ['GET users/', user],
    ['GET accounts$', collection('accounts', account)],
    ['GET accounts/', account],
    ['POST accounts$', account],
    ['GET feefineactions$', collection('feefineactions', action)],
    ['POST feefineactions$', action],
    ['POST accounts(/[^/]+|-bulk)/check-', check],
    ['POST accounts(/[^/]+|-bulk)/', success],
    ['GET patron/account/', summary],
    ['GET owners$', collection('owners', record({ owner: text }))],
    ['GET feefines$', collection('feefines', record({ feeFineType: text, automatic: { type: 'boolean' } }))],
    [
      'GET payments$',
      collection('payments', record({ nameMethod: text, allowedRefundMethod: { type: 'boolean' } })),
    ],
    ['GET waives$', collection('waivers', record({ nameReason: text }))],
    ['GET transfers$', collection('transfers', record({ accountName: text }))],
    ['GET refunds$', collection('refunds', record({ nameReason: text }))],
    ['GET manualblocks$', collection('manualblocks', record({ desc: text, userId: uuid }))],
  ] as const
).map(([pattern, schema]) => [new RegExp(`^${pattern}`), ajv.compile(schema)] as const);
const isRefusal = ajv.compile({ anyOf: [errors, failure] });

/** Says what is wrong with an answer of the door; undefined if it has the fields and types that clients read. */
export function answerFault(
  asked: string,
  { status, json }: { readonly status: number; readonly json: unknown },
): string | undefined {
  if (status >= 400 && status !== 422) return json === undefined ? undefined : 'expected a text';
  const valid = status === 422 ? isRefusal : answers.find(([pattern]) => pattern.test(asked))?.[1];
  if (valid === undefined) return 'no schema';
  return valid(json) ? undefined : ajv.errorsText(valid.errors);
}
