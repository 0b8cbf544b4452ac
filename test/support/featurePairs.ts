// Which features of stores and operation can be used together. A feature that is added here needs its row; an export of a
// store's entry point needs its feature (test/stores/featurePairs.test.ts).

/** The features, in the order of the rows. */
export const features = [
  'batches',
  'within',
  'transaction',
  'inlineTable',
  'followedTable',
  'rebuild',
  'outbox',
  'keys',
  'redact',
  'purge',
  'parking',
  'shards',
  'split',
  'telemetry',
  'jobs',
  'commandLine',
  'notify',
  'rememberedAccounts',
] as const;

/** A feature. */
export type Feature = (typeof features)[number];

/** The stores in which pairs are played. */
export const storeNames = ['SQLite', 'PostgreSQL', 'PGlite', 'NATS'] as const;

/** A store. */
export type StoreName = (typeof storeNames)[number];

/** The features that a store does not have. Every other pair of a store has a fault run, unless it is refused. */
const lacks: { readonly [name in StoreName]: readonly Feature[] } = {
  SQLite: ['notify', 'rememberedAccounts'],
  PostgreSQL: ['transaction', 'rememberedAccounts'],
  // One process has it, so the command line cannot reach it, and one connection, so that nothing can notify.
  PGlite: ['transaction', 'rememberedAccounts', 'notify', 'commandLine'],
  NATS: ['batches', 'within', 'transaction', 'inlineTable', 'rebuild', 'outbox', 'purge', 'notify'],
};

/** Events in NATS are redacted by their keys only, and with keys no account is remembered. */
function hasBoth(store: StoreName, pair: Pair): boolean {
  if (pair.some((feature) => lacks[store].includes(feature))) return false;
  if (store !== 'NATS') return true;
  return pair.includes('keys') ? !pair.includes('rememberedAccounts') : !pair.includes('redact');
}

/**
 * A row for each feature, with a cell for each feature before it: `+` allowed, with a fault run in each store that has both;
 * `x` refused; `.` no store has both.
 */
export const rows: { readonly [name in Feature]: string } = {
  batches: '',
  within: '+',
  transaction: '++',
  inlineTable: '+++',
  followedTable: '++++',
  rebuild: '++++x',
  outbox: '++++++',
  keys: '+++++++',
  redact: '++++++++',
  purge: '+++++++++',
  parking: '++++++++++',
  shards: '+++++++++++',
  split: '++++++++++++',
  telemetry: '+++++++++++++',
  jobs: '++++++++++++++',
  commandLine: '++++++x++++++++',
  notify: '++.+++++++++++++',
  rememberedAccounts: '....+.....++++++.',
};

/** Returns the stores that have both features of a pair. */
export function storesWith(pair: Pair): readonly StoreName[] {
  return storeNames.filter((store) => hasBoth(store, pair));
}

/** Two features, by the names of their row and column. */
export type Pair = readonly [Feature, Feature];

/** Returns the pairs whose cells have a mark. */
export function pairsWith(mark: '+' | 'x' | '.'): readonly Pair[] {
  return features.flatMap((row) =>
    [...rows[row]].flatMap((cell, index): Pair[] =>
      cell === mark ? [[features[index] as Feature, row]] : [],
    ),
  );
}

/** The refusal of each pair with an `x`: what is tried is in test/stores/featurePairs.test.ts. */
export const refusals: Readonly<Record<string, RegExp>> = {
  'followedTable, rebuild': /a runner keeps this table by following/,
  'outbox, commandLine': /each append also goes to outbox/,
};

/** The feature of each function that the entry points of stores export; null for what belongs to all of them. */
export const featureOfExport: Readonly<Record<string, Feature | null>> = {
  sqliteEventStore: 'batches',
  postgresEventStore: 'batches',
  natsEventStore: 'rememberedAccounts',
  createNatsStream: null,
  migrate: null,
  partsOf: 'inlineTable',
  forgetPart: 'inlineTable',
  inlineAccounts: 'inlineTable',
  findAccounts: 'inlineTable',
  tillIndex: 'inlineTable',
  accountsProjection: 'followedTable',
  rebuildAccounts: 'rebuild',
  sqliteLock: 'shards',
  advisoryLock: 'shards',
  sqliteOutbox: 'outbox',
  postgresOutbox: 'outbox',
  relay: 'outbox',
  cloudEvent: 'outbox',
  keyedEventStore: 'keys',
  sqliteKeys: 'keys',
  postgresKeys: 'keys',
  memoryKeys: 'keys',
  renewKeys: 'keys',
};
