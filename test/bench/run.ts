// `npm run bench -- NAME [WORDS...]` measures one thing, `npm run bench` the core. `npm run bench -- --smallest [NAMES...]` runs
// every bench once, in its smallest size, which says only that it works: the gate does.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/** A bench: its program, and the words that make it small. */
type Bench = {
  readonly file: string;
  /** Measures the built package, as its users run it. */
  readonly built?: true;
  readonly flags?: readonly string[];
  readonly smallest?: readonly string[];
};

const benches: Readonly<Record<string, Bench>> = {
  core: { file: 'core.ts', built: true },
  stores: { file: 'stores/run.ts', built: true },
  nats: { file: 'natsStore.ts', built: true, smallest: ['200'] },
  gathering: { file: 'stores/gathering.ts', built: true },
  partitions: { file: 'stores/partitions.ts' },
  size: { file: 'storeSize.ts', smallest: ['1000'] },
  tables: { file: 'accountTables.ts' },
  keys: { file: 'keys.ts' },
  followers: { file: 'followers.ts' },
  jobs: { file: 'jobs/run.ts', smallest: ['--up-to', '1000', '--store', 'memory'] },
  retention: { file: 'retention.ts', smallest: ['--accounts', '200'] },
  overdue: { file: 'overdue.ts' },
  protocols: { file: 'protocols/run.ts' },
  payouts: { file: 'payoutRows.ts', flags: ['--expose-gc'], smallest: ['1000'] },
  online: { file: 'onlineMonitor.ts', smallest: ['200', '50'] },
  till: { file: 'tillCommand.ts' },
  seals: { file: 'seals.ts', smallest: ['50'] },
  telemetry: { file: 'telemetry.ts' },
  loading: { file: 'loading.ts', smallest: ['1'] },
};

/** What the benches read of the environment: how often they measure, and with how much. */
const smallestSizes = {
  BENCH_PAIRS: '1',
  BENCH_COMMANDS: '64',
  BENCH_EVENTS: '4000',
  BENCH_ACCOUNTS: '2000',
  BENCH_REQUESTS: '10',
  BENCH_SESSIONS: '20',
};

/** Runs a bench in a process of its own; returns whether it ended well. */
function run(name: string, words: readonly string[], environment: NodeJS.ProcessEnv = process.env): boolean {
  const { file, built, flags = [] } = benches[name] as Bench;
  const tsconfig = built ? ['--tsconfig', 'test/bench/tsconfig.json'] : [];
  const program = ['node_modules/tsx/dist/cli.mjs', ...tsconfig, ...flags, `test/bench/${file}`, ...words];
  return spawnSync(process.execPath, program, { stdio: 'inherit', env: environment }).status === 0;
}

function build(): void {
  // The gate has just built the package.
  if (process.env.BUILT === '1') return;
  const { status } = spawnSync('npm', ['run', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

const all = process.argv.slice(2);
if (all[0] === '--smallest') {
  const { positionals } = parseArgs({ args: all.slice(1), allowPositionals: true });
  const named = positionals.length > 0 ? positionals : Object.keys(benches);
  build();
  for (const name of named) {
    const start = performance.now();
    const works = run(name, benches[name]?.smallest ?? [], { ...process.env, ...smallestSizes });
    console.log(
      `== ${works ? 'ran' : 'failed'}: ${name}, ${Math.round((performance.now() - start) / 1000)} s`,
    );
    if (!works) process.exitCode = 1;
  }
} else {
  const [name = 'core', ...words] = all;
  if (benches[name] === undefined) {
    console.error(`Unknown bench ${name}: expected one of ${Object.keys(benches).join(', ')}`);
    process.exit(2);
  }
  if (benches[name]?.built) build();
  process.exitCode = run(name, words) ? 0 : 1;
}
