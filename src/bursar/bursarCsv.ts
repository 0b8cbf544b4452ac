import { type Column, type CsvOptions, csvTable, isFormula } from '../job/csv.js';
import { type BursarFileFormat, type BursarTransfer, signedAmount, signedVat } from './bursarTransfer.js';

/** The columns of the CSV file. Credits have negative amounts. */
const columns: readonly Column<BursarTransfer>[] = [
  { name: 'reference', cellOf: ({ reference }) => reference, identifies: true },
  { name: 'institution', cellOf: ({ institution }) => institution, identifies: true },
  { name: 'patronId', cellOf: ({ patronId }) => patronId, identifies: true },
  { name: 'identifier', cellOf: ({ identifier }) => identifier, identifies: true },
  { name: 'name', cellOf: ({ name }) => name },
  { name: 'kind', cellOf: ({ kind }) => kind },
  { name: 'id', cellOf: ({ id }) => id, identifies: true },
  { name: 'type', cellOf: ({ type }) => type, identifies: true },
  { name: 'code', cellOf: ({ code }) => code, identifies: true },
  { name: 'amount', cellOf: signedAmount },
  { name: 'currency', cellOf: ({ currency }) => currency },
  { name: 'owner', cellOf: ({ owner }) => owner, identifies: true },
  { name: 'title', cellOf: ({ item }) => item?.title },
  { name: 'callNumber', cellOf: ({ item }) => item?.callNumber },
  { name: 'barcode', cellOf: ({ item }) => item?.barcode, identifies: true },
  { name: 'library', cellOf: ({ item }) => item?.library, identifies: true },
  { name: 'location', cellOf: ({ item }) => item?.location },
  { name: 'dueAt', cellOf: ({ item }) => item?.dueAt },
  { name: 'since', cellOf: ({ since }) => since },
  { name: 'transferredAt', cellOf: ({ transferredAt }) => transferredAt },
  { name: 'feeId', cellOf: ({ feeId }) => feeId, identifies: true },
  { name: 'feeType', cellOf: ({ feeType }) => feeType, identifies: true },
  { name: 'vatPercent', cellOf: ({ vatPercent }) => vatPercent },
  { name: 'vat', cellOf: signedVat },
];

/** Returns whether the file has a column of its own with this name. */
export function isBursarColumn(name: string): boolean {
  return columns.some((column) => column.name === name);
}

/** Formats the file as CSV: a header line, and a line for each transfer. Columns of contact data come last. */
export function bursarCsv({
  contactColumns = [],
  ...options
}: CsvOptions & { readonly contactColumns?: readonly string[] }): BursarFileFormat {
  const contact = contactColumns.map((name): Column<BursarTransfer> => {
    return { name, cellOf: ({ contact }) => (Object.hasOwn(contact, name) ? contact[name] : '') };
  });
  const { head, format } = csvTable([...columns, ...contact], options);
  return { head, patron: format, foot: '' };
}

/** Returns the ids and codes that the file escapes, unless `identifiers` is `asIs`. */
export function escapedIdentifiers(transfers: readonly BursarTransfer[]): readonly string[] {
  const escaped = transfers.flatMap((transfer) =>
    columns.flatMap(({ cellOf, identifies }) => {
      const cell = cellOf(transfer);
      return identifies && isFormula(cell) ? [String(cell)] : [];
    }),
  );
  return [...new Set(escaped)];
}
