import { formatAmount } from '../../money/money.js';

/** What is owed, by age. Amounts are decimal strings. */
export type DebtFigures = {
  /** How many fees something is owed on. */
  readonly fees: number;
  /** What is owed on them: what remains, less what unused credits of a lost item have reserved. */
  readonly owed: string;
  /** The part of `owed` that patrons dispute. */
  readonly disputed: string;
  /** What is owed in each band; the sum is `owed`. */
  readonly byBand: readonly string[];
};

/** What is owed to a library for fees of a type, by age. */
export type DebtRow = DebtFigures & {
  /** The library. */
  readonly owner: string;
  /** The type's code. */
  readonly feeType: string;
  /** The type's label, or its code where the policy does not know it. */
  readonly feeTypeLabel: string;
};

type Sums = { fees: number; disputed: bigint; readonly byBand: bigint[] };

/** Sums that take in one fee after the other. */
export type DebtTally = {
  /** Adds what is owed on a fee. */
  readonly add: (
    fee: { readonly owner: string; readonly feeType: string; readonly disputed: boolean },
    band: number,
    owedMinor: number,
  ) => void;
  /** One row for each library and type, in their order. */
  readonly rows: (labelOf: (feeType: string) => string) => readonly DebtRow[];
  /** The sum of the rows. */
  readonly total: () => DebtFigures;
};

/** Opens sums of so many bands, in a currency with so many decimals. */
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
          ...{ owner, feeType, feeTypeLabel: labelOf(feeType) },
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

/** The entry under a key, made where it is missing. */
function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** In the order of their keys, which is that of no language: the same everywhere. */
function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}
