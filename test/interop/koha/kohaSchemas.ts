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
const ajv = new Ajv({ allowUnionTypes: true });
/** Returns whether JSON is a line. */
export const isLine = ajv.compile(line);
/** Returns whether JSON is an account. */
export const isAccount = ajv.compile(accountSchema);
/** Returns whether JSON is an error. */
export const isError = ajv.compile(errorSchema);
