/** A scenario as in its file. */
export type Plain = { readonly id: string; readonly suite: string; readonly [field: string]: unknown };

type Leaf = string | number | boolean | null;

/** A decimal number in the form of an amount; days, ids and durations have other forms. */
const AMOUNT = /^-?\d+(\.\d+)?$/;

/** Copies plain data, with every leaf replaced by the result of a function. */
function mapLeaves(
  value: unknown,
  change: (leaf: Leaf, path: readonly string[]) => unknown,
  path: readonly string[] = [],
): unknown {
  if (Array.isArray(value))
    return value.map((entry, index) => mapLeaves(entry, change, [...path, String(index)]));
  if (typeof value !== 'object' || value === null) return change(value as Leaf, path);
  const entries = Object.entries(value).map(([key, entry]) => [
    key,
    mapLeaves(entry, change, [...path, key]),
  ]);
  return Object.fromEntries(entries);
}

/** Every scenario with one wrong expectation: an amount, a status, a number, or a boolean. */
export function withOneThingWrong(scenario: Plain): { readonly what: string; readonly scenario: Plain }[] {
  const places: (readonly string[])[] = [];
  for (const part of ['then', 'betterThen']) {
    mapLeaves(scenario[part] ?? {}, (_, path) => path.includes('note') || places.push([part, ...path]));
  }
  return places.map((place) => {
    const what = place.join('.');
    return {
      what,
      scenario: mapLeaves(scenario, (leaf, path) => (path.join('.') === what ? wrong(leaf) : leaf)) as Plain,
    };
  });
}

function wrong(leaf: Leaf): Leaf {
  if (typeof leaf === 'boolean') return !leaf;
  if (typeof leaf === 'number') return leaf + 1;
  if (leaf === null) return 'something';
  if (AMOUNT.test(leaf)) return (Number(leaf) + 1).toFixed(2);
  return leaf === 'Open' ? 'Closed' : leaf === 'Closed' ? 'Open' : `${leaf}, changed`;
}

/** A scenario with every amount multiplied by a factor. */
export function scaled(scenario: Plain, factor: number): Plain {
  return mapLeaves(scenario, (leaf, [first]) =>
    first !== 'id' && typeof leaf === 'string' && AMOUNT.test(leaf) ? times(leaf, factor) : leaf,
  ) as Plain;
}

function times(amount: string, factor: number): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const digits = BigInt(amount.replace('.', '')) * BigInt(factor);
  const text = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals);
  return `${digits < 0n ? '-' : ''}${decimals === 0 ? whole : `${whole}.${text.slice(-decimals)}`}`;
}

/** A scenario with all accounts, loans and external systems renamed. */
export function renamed(scenario: Plain, nameOf: (name: string) => string): Plain {
  return mapLeaves(scenario, (leaf, path) => {
    const key = path.at(-1) as string;
    const isName =
      ['ref', 'account', 'loan', 'target', 'recipient'].includes(key) || path.at(-2) === 'accounts';
    return isName && typeof leaf === 'string' && leaf !== 'patron' ? nameOf(leaf) : leaf;
  }) as Plain;
}

/** A scenario with everything unordered in another order: accounts, lines, notices, shares. */
export function turnedAround(scenario: Plain): Plain {
  const turn = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) {
      const entries = value.map((entry) => turn(entry, ''));
      return ['accounts', 'actions', 'events', 'sharesMultiset', 'fees'].includes(key)
        ? entries.reverse()
        : entries;
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, turn(entry, name)]));
  };
  return turn(scenario, '') as Plain;
}
