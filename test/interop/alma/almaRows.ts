import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type FeeRow, type RawRow, readRow } from '../../../src/interop/alma/feeRow.js';
import type { AlmaImportOptions } from '../../../src/interop/alma/importOptions.js';
import { almaFees } from '../../support/rows/almaFees.js';

/** Plain JSON that a test may change. */
export type Json = Record<string, unknown>;

/** A fee in Alma's form: 10.00 charged, nothing paid. */
export function feeRow(changes: Json = {}): Json {
  return {
    id: '5010000107',
    type: { value: 'OVERDUEFINE', desc: 'Overdue fine' },
    status: { value: 'ACTIVE', desc: 'Active' },
    user_primary_id: { value: 'dverma', link: 'https://alma.example/users/dverma' },
    balance: 10,
    original_amount: 10,
    creation_time: '2026-03-02T09:00:00.000Z',
    status_time: '2026-03-05T09:00:00.000Z',
    owner: { value: 'MAIN', desc: 'Main Library' },
    ...changes,
  };
}

/** A credit in Alma's form: 5.00, unused. */
export function creditRow(changes: Json = {}): Json {
  return feeRow({ type: { value: 'CREDIT', desc: 'Credit' }, balance: -5, original_amount: -5, ...changes });
}

/** A transaction in Alma's form; a cash payment by default. */
export function transaction(amount: number, changes: Json = {}): Json {
  return {
    type: { value: 'PAYMENT', desc: 'Payment' },
    amount,
    transaction_time: '2026-03-04T10:00:00.000Z',
    payment_method: { value: 'CASH', desc: 'Cash' },
    ...changes,
  };
}

/** A waiver in Alma's form. */
export function waiver(amount: number, changes: Json = {}): Json {
  return transaction(amount, {
    type: { value: 'WAIVE' },
    reason: { value: 'OTHER' },
    payment_method: null,
    ...changes,
  });
}

/** Another transaction; only its type matters. */
export function ofType(value: string, amount: number, changes: Json = {}): Json {
  return transaction(amount, { type: { value }, payment_method: null, ...changes });
}

/** A response with these rows and correct control totals. */
export function response(rows: readonly Json[], changes: Json = {}): Json {
  const total = rows.reduce((sum, { balance }) => sum + Number(balance), 0);
  return { fee: rows, total_record_count: rows.length, total_sum: total, currency: 'USD', ...changes };
}

/** One of the responses in examples/data. */
export function fixture(name: string): Json & { fee: Json[]; total_sum: number } {
  return JSON.parse(readFileSync(new URL(`../../../examples/data/${name}.json`, import.meta.url), 'utf8'));
}

/** A response in which every row can be explained, and the figures its account must show. */
export const explainable = almaFees(fc);

/** A row as read from a response in US dollars. */
export function rawRow(raw: unknown, changes: Partial<RawRow> = {}): RawRow {
  return { path: 'fee[0]', raw, currency: 'USD', minorDigits: 2, ...changes };
}

/** The row that {@link readRow} returns for JSON; fails the test if it has findings. */
export function rowFrom(raw: Json, options: AlmaImportOptions = {}): FeeRow {
  const reading = readRow(rawRow(raw), options);
  if ('findings' in reading) throw new Error(JSON.stringify(reading.findings));
  return reading.row;
}
