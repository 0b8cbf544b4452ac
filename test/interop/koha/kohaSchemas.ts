// What the answers have to look like: the fields and types that clients of Koha read.
import { Ajv } from 'ajv';

const text = { type: 'string' };
const amount = { type: 'number' };
const nullable = (type: string) => ({ type: [type, 'null'] });
const line = {
  type: 'object',
  additionalProperties: false,
  required: ['account_line_id', 'patron_id', 'date', 'amount', 'amount_outstanding', 'description', 'type'],
  properties: {
    account_line_id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
    patron_id: { type: ['integer', 'string'] },
    item_id: { type: ['integer', 'string', 'null'] },
    checkout_id: nullable('integer'),
    date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    timestamp: text,
    amount,
    amount_outstanding: amount,
    description: text,
    type: text,
    debit_type: nullable('string'),
    debit_type_code: nullable('string'),
    credit_type: nullable('string'),
    credit_type_code: nullable('string'),
    payment_type: nullable('string'),
    library_id: nullable('string'),
    status: nullable('string'),
    internal_note: nullable('string'),
    user_id: nullable('integer'),
    cash_register_id: nullable('integer'),
  },
};
const outstanding = {
  type: 'object',
  additionalProperties: false,
  required: ['total', 'lines'],
  properties: { total: amount, lines: { type: 'array', items: line } },
};
const accountSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['balance', 'outstanding_debits', 'outstanding_credits'],
  properties: { balance: amount, outstanding_debits: outstanding, outstanding_credits: outstanding },
};
const errorSchema = {
  type: 'object',
  required: ['error', 'errors'],
  properties: {
    error: text,
    errors: { type: 'array', items: { type: 'object', required: ['message', 'path'] } },
  },
};
const id = { type: 'integer', minimum: 1, maximum: 2_147_483_647 };
const register = {
  type: 'object',
  additionalProperties: false,
  required: ['cash_register_id', 'name', 'library_id'],
  properties: {
    cash_register_id: id,
    name: text,
    library_id: text,
    description: text,
    starting_float: nullable('number'),
    archived: { type: 'boolean' },
    branch_default: { type: 'boolean' },
  },
};
const cashup = {
  type: 'object',
  additionalProperties: false,
  required: ['cashup_id', 'cash_register_id', 'amount', 'timestamp', 'summary'],
  properties: {
    cashup_id: id,
    cash_register_id: id,
    amount,
    timestamp: text,
    summary: {
      type: 'object',
      additionalProperties: false,
      required: ['from_date', 'to_date', 'total', 'total_grouped'],
      properties: {
        from_date: text,
        to_date: text,
        total: amount,
        total_grouped: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['payment_type', 'total'],
            properties: { payment_type: text, total: amount },
          },
        },
      },
    },
  },
};
const token = {
  type: 'object',
  additionalProperties: false,
  required: ['access_token', 'token_type', 'expires_in'],
  properties: { access_token: text, token_type: { const: 'Bearer' }, expires_in: { type: 'integer' } },
};
const patron = {
  type: 'object',
  required: ['patron_id'],
  properties: { patron_id: { type: ['integer', 'string'] } },
};
const list = (items: object) => ({ type: 'array', items });
const ajv = new Ajv({ allowUnionTypes: true });
/** Returns whether JSON is a line. */
export const isLine = ajv.compile(line);
/** Returns whether JSON is an account. */
export const isAccount = ajv.compile(accountSchema);
/** Returns whether JSON is an error. */
export const isError = ajv.compile(errorSchema);

/** The answers to requests that succeed: the first that fits the method and the path. */
const answers = (
  [
    ['POST oauth/token$', token],
    ['GET patrons$', list(patron)],
    ['GET patrons/[^/]+$', patron],
    ['GET patrons/[^/]+/account$', accountSchema],
    ['GET patrons/[^/]+/account/(debits|credits)$', list(line)],
    ['POST patrons/[^/]+/account/(debits|credits)$', line],
    ['GET items/', { type: 'object', required: ['item_id', 'biblio_id'] }],
    ['GET biblios/', { type: 'object', required: ['biblio_id'] }],
    ['GET libraries/[^/]+/cash_registers$', list(register)],
    ['GET cash_registers/[^/]+/cashups$', list(cashup)],
    ['GET cashups/', cashup],
  ] as const
).map(([pattern, schema]) => [new RegExp(`^${pattern}`), ajv.compile(schema)] as const);

/** Says what is wrong with an answer of the door; undefined if it has the fields and types that clients read. */
export function answerFault(
  asked: string,
  { status, json }: { readonly status: number; readonly json: unknown },
): string | undefined {
  const valid = status >= 400 ? isError : answers.find(([pattern]) => pattern.test(asked))?.[1];
  if (valid === undefined) return 'no schema';
  return valid(json) ? undefined : ajv.errorsText(valid.errors);
}
