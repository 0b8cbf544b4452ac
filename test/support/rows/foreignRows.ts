import type { Arbitrary, FastCheck } from '../../../src/testing/fastCheck.js';

/** A row of another system: plain data. */
export type ForeignTableRow = Readonly<Record<string, unknown>>;

/** The tables of another system, by name. */
export type ForeignTables = Readonly<Record<string, readonly ForeignTableRow[]>>;

/** A balance that the other system states, in minor units. */
export type ForeignFigure = {
  /** The patron. */
  readonly patronId: string;
  /** The account of the balance, as the import names it, e.g. `koha/17`. */
  readonly balanceId: string;
  /** What is owed. */
  readonly owed: number;
  /** The unused credit. */
  readonly credit: number;
};

/**
 * Rows of another system with consistent histories, and the balances that the import must have. All amounts are USD.
 */
export type ForeignHistory = {
  /** The tables. */
  readonly tables: ForeignTables;
  /** The balances in them. */
  readonly figures: readonly ForeignFigure[];
  /** The tables as they were some time before. */
  readonly earlier: ForeignTables;
};

/** A random step: its kind, its row, its amount, and the time since the step before. */
export type ForeignStep<Name extends string> = {
  readonly name: Name;
  /** Selects the row. */
  readonly pick: number;
  /** In thousandths. */
  readonly share: number;
  /** Minor units, for what is charged. */
  readonly amount: number;
  readonly seconds: number;
};

/** Generates steps. */
export function foreignSteps<Name extends string>(
  fc: FastCheck,
  names: readonly Name[],
): Arbitrary<readonly ForeignStep<Name>[]> {
  return fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      pick: fc.nat({ max: 100 }),
      share: fc.constantFrom(1, 250, 333, 500, 999, 1000),
      amount: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.constantFrom(1, 10, 25, 50_000)),
      seconds: fc.constantFrom(0, 0, 1, 59, 61, 3_600, 90_000),
    }),
    { maxLength: 25, size: 'max' },
  );
}

/** Picks a row of a list. */
export function picked<Row>(rows: readonly Row[], { pick }: { readonly pick: number }): Row | undefined {
  return rows[pick % Math.max(1, rows.length)];
}

/** A part of an amount above 0, at least 1 minor unit. */
export function partOf(amount: number, { share }: { readonly share: number }): number {
  return Math.max(1, Math.floor((amount * share) / 1_000));
}

/** Writes minor units with decimals, more than the currency has, as databases do. */
export function decimals(minor: number, digits: number): string {
  const text = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2).padEnd(digits, '0')}`;
}

/** Damaged tables of another system. */
export type CorruptRows = {
  /** The tables with the damage. */
  readonly tables: ForeignTables;
  /** The tables without it. */
  readonly repaired: ForeignTables;
};

/**
 * Generates damaged tables: rows are dropped, repeated or moved, fields removed or set to invalid values. An import
 * must neither throw nor change its figures.
 */
export function corruptRows(fc: FastCheck, rows: Arbitrary<ForeignHistory>): Arbitrary<CorruptRows> {
  const damage = fc.record({
    kind: fc.constantFrom(
      'drop' as const,
      'repeat' as const,
      'move' as const,
      'remove' as const,
      'set' as const,
    ),
    pick: fc.nat({ max: 1_000 }),
    field: fc.nat({ max: 50 }),
    value: fc.constantFrom<unknown[]>(
      ...[null, '', '-1.00', '0', '1.005', '99999999999999', '1e3', 'x', -5, 7.123, Number.NaN],
      ...[{}, { toString: null }, [], true, '2026-02-31', '2026-03-02 25:00:00', '\u0000', '17'],
      'x'.repeat(300),
    ),
  });
  return fc.tuple(rows, fc.array(damage, { minLength: 1, maxLength: 6 })).map(([{ tables }, damages]) => {
    const copies = Object.entries(tables).map(
      ([name, rows]) => [name, [...rows]] as [string, ForeignTableRow[]],
    );
    for (const { kind, pick, field, value } of damages) {
      const filled = copies.filter(([, list]) => list.length > 0);
      const [, list] = filled[pick % Math.max(1, filled.length)] ?? [];
      if (list === undefined) continue;
      const at = pick % list.length;
      const row = list[at] as ForeignTableRow;
      const name = Object.keys(row)[field % Object.keys(row).length] as string;
      if (kind === 'drop') list.splice(at, 1);
      else if (kind === 'repeat') list.push(row);
      else if (kind === 'move') list.push(...list.splice(at, 1));
      else if (kind === 'set') list[at] = { ...row, [name]: value };
      else list[at] = Object.fromEntries(Object.entries(row).filter(([one]) => one !== name));
    }
    return { tables: Object.fromEntries(copies), repaired: tables };
  });
}
