import { libraryNames } from '../doorOptions.js';
import type { FolioRecord } from './cqlMatches.js';
import { folioId } from './folioIds.js';
import type { FolioSettings } from './folioOptions.js';

/** A table of FOLIO's settings, from the policy. */
export type FolioTable = {
  /** The name of the list in answers. */
  readonly name: string;
  readonly rows: readonly FolioRecord[];
};

/** What all tables share. */
export const folioTables = {
  /** The fields that queries may name. */
  fields: [
    'id',
    'owner',
    'ownerId',
    'feeFineType',
    'automatic',
    'nameMethod',
    'nameReason',
    'accountName',
    'userId',
  ],
} as const;

/** Returns the table of a path; undefined for any other path. */
export function folioTable(path: string, settings: FolioSettings): FolioTable | undefined {
  const { policy } = settings;
  const rowsOf = (
    kind: string,
    table: Readonly<Record<string, unknown>>,
    row: (label: string, code: string) => object,
  ) =>
    Object.entries(table).map(([code, rule]) => ({
      id: folioId(kind, code),
      ...row(labelOf(rule, code), code),
    }));
  switch (path) {
    case 'owners':
      return {
        name: 'owners',
        rows: librariesOf(settings).map(({ code, name }) => ({ id: folioId('owner', code), owner: name })),
      };
    case 'feefines': {
      const types = Object.fromEntries(
        Object.entries(policy.feeTypes).filter(([, rule]) => rule.retired !== true),
      );
      const row = (label: string, code: string) => ({
        feeFineType: label,
        automatic: policy.feeTypes[code]?.manual === false,
      });
      return { name: 'feefines', rows: rowsOf('feefine', types, row) };
    }
    case 'payments':
      return {
        name: 'payments',
        rows: rowsOf('payment', policy.paymentMethods, (nameMethod) => ({
          nameMethod,
          allowedRefundMethod: true,
        })),
      };
    case 'waives':
      return {
        name: 'waivers',
        rows: rowsOf('waive', policy.waiveReasons, (nameReason) => ({ nameReason })),
      };
    case 'transfers':
      return {
        name: 'transfers',
        rows: rowsOf('transfer', policy.destinations, (accountName) => ({ accountName })),
      };
    case 'refunds':
      return { name: 'refunds', rows: [] };
    case 'manualblocks':
      return { name: 'manualblocks', rows: [] };
    default:
      return undefined;
  }
}

/** Returns the libraries that may own a fee, with their names. */
export function librariesOf(
  settings: FolioSettings,
): readonly { readonly code: string; readonly name: string }[] {
  const { libraries = [], institution } = settings;
  const names = libraryNames(settings);
  const codes: readonly string[] = Array.isArray(libraries) ? libraries : Object.keys(libraries);
  return codes.filter((code) => code !== institution).map((code) => ({ code, name: names[code] ?? code }));
}

function labelOf(rule: unknown, code: string): string {
  if (typeof rule === 'string') return rule;
  const { label } = Object(rule) as { readonly label?: string };
  return label ?? code;
}
