import { type Cell, csvLines } from '../csv.js';
import { type BursarFileFormat, signedAmount } from './bursarFileFormat.js';
import type { BursarTransfer } from './bursarTransfer.js';

/** The columns of the CSV file, and where what is in them comes from. Credits have negative amounts. */
const columns: readonly (readonly [name: string, cellOf: (transfer: BursarTransfer) => Cell])[] = [
  ['reference', ({ reference }) => reference],
  ['institution', ({ institution }) => institution],
  ['patronId', ({ patronId }) => patronId],
  ['identifier', ({ identifier }) => identifier],
  ['name', ({ name }) => name],
  ['kind', ({ kind }) => kind],
  ['id', ({ id }) => id],
  ['type', ({ type }) => type],
  ['code', ({ code }) => code],
  ['amount', signedAmount],
  ['currency', ({ currency }) => currency],
  ['owner', ({ owner }) => owner],
  ['title', ({ item }) => item?.title],
  ['callNumber', ({ item }) => item?.callNumber],
  ['barcode', ({ item }) => item?.barcode],
  ['library', ({ item }) => item?.library],
  ['location', ({ item }) => item?.location],
  ['dueAt', ({ item }) => item?.dueAt],
  ['since', ({ since }) => since],
  ['transferredAt', ({ transferredAt }) => transferredAt],
];

/** The file as CSV: a header line, and a line for each transfer. */
export const bursarCsv: BursarFileFormat = {
  head: csvLines([columns.map(([name]) => name)]),
  patron: (transfers) => csvLines(transfers.map((transfer) => columns.map(([, cellOf]) => cellOf(transfer)))),
  foot: '',
};
