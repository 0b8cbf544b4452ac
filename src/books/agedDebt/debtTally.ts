import { formatAmount } from '../../money/money.js';

/** Debt by age. Amounts are decimal strings. */
export type DebtFigures = {
  /** The number of fees with debt. */
  readonly fees: number;
  /** Their debt: the remaining amounts, less what unused credits of lost items have reserved. */
  readonly owed: string;
  /** The part of `owed` that patrons dispute. */
  readonly disputed: string;
  /** The debt in each band; the sum is `owed`. */
  readonly byBand: readonly string[];
};

/** Debt to one library for fees of one type, by age. Amounts are decimal strings. */
export type DebtRow = DebtFigures & {
  /** The library. */
  readonly owner: string;
  /** The type's code. */
  readonly feeType: string;
  /** The type's label, or its code if the policy does not have the type. */
  readonly feeTypeLabel: string;
};

type Sums = { fees: number; disputed: bigint; readonly byBand: bigint[] };

/** Sums debt fee by fee. */
export type DebtTally = {
  /** Adds the debt of a fee. */
  readonly add: (
    fee: { readonly owner: string; readonly feeType: string; readonly disputed: boolean },
    band: number,
    owedMinor: number,
  ) => void;
  /** One row for each library and type, sorted by code. */
  readonly rows: (labelOf: (feeType: string) => string) => readonly DebtRow[];
  /** The sum of the rows. */
  readonly total: () => DebtFigures;
};

/** Starts a tally. */
export function openDebtTally(bands: number, minorDigits: number): DebtTally {
  const owners = new Map<string, Map<string, Sums>>();
  const none = (): Sums => ({ fees: 0, disputed: 0n, byBand: Array.from({ length: bands }, () => 0n) });
  const written = ({ fees, disputed, byBand }: Sums): DebtFigures => ({
    fees,
    owed: formatAmount(sum(byBand), minorDigits),
    disputed: formatAmount(disputed, minorDigits),
    byBand: byBand.map((amount) => formatAmount(amount, minorDigits)),
  });
  return {
    add: ({ owner, feeType, disputed }, band, owedMinor) => {
      const types = entry(owners, owner, () => new Map<string, Sums>());
      const sums = entry(types, feeType, none);
      sums.fees += 1;
      sums.byBand[band] = (sums.byBand[band] as bigint) + BigInt(owedMinor);
      if (disputed) sums.disputed += BigInt(owedMinor);
    },
    rows: (labelOf) =>
      sorted(owners).flatMap(([owner, types]) =>
        sorted(types).map(([feeType, sums]) => ({
          owner,
          feeType,
          feeTypeLabel: labelOf(feeType),
          ...written(sums),
        })),
      ),
    total: () => {
      const whole = none();
      for (const types of owners.values()) for (const sums of types.values()) addUp(whole, sums);
      return written(whole);
    },
  };
}

function addUp(whole: Sums, { fees, disputed, byBand }: Sums): void {
  whole.fees += fees;
  whole.disputed += disputed;
  byBand.forEach((amount, band) => {
    whole.byBand[band] = (whole.byBand[band] as bigint) + amount;
  });
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

/** Returns the entry under a key, and creates it if missing. */
function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Returns the entries sorted by key, in code-unit order, independent of locale. */
function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}
