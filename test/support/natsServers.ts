import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { createNatsStream } from '../../src/stores/nats/index.js';
import { installCommand, programPath } from './programs.js';

/** Servers on this machine, each with its own process and folder. */
export type NatsServers = {
  /** The folder with the files of all servers. */
  readonly folder: string;
  /** The addresses of the servers. */
  readonly addresses: readonly string[];
  /** Connects to any server that answers, or to the given one, and returns the connection with its manager. */
  readonly connect: (server?: number) => Promise<Client>;
  /** Creates a stream with a unique name, replicated on all servers. */
  readonly newStream: () => Promise<string>;
  /** Returns the server that leads a stream. */
  readonly leaderOf: (stream: string) => Promise<number>;
  /**
   * Waits until every server has all of a stream. A cluster that loses the second of three servers before the first has
   * rejoined may be without a leader for longer than a store waits. A server that stays behind is killed and started
   * again, as its operator would do: of NATS 2.10 one sometimes never catches up.
   */
  readonly untilWhole: (stream: string) => Promise<void>;
  /** Kills a server with SIGKILL. */
  readonly kill: (server: number) => Promise<void>;
  /** Starts a killed server again, with its stored data. */
  readonly restart: (server: number) => void;
  /** Suspends a server: its connections stay open, but it does not answer. */
  readonly freeze: (server: number) => void;
  /** Resumes a suspended server. */
  readonly thaw: (server: number) => void;
  /** Stops all servers and removes their folders. */
  readonly stop: () => Promise<void>;
};

/** A connection and its manager. */
export type Client = { readonly connection: NatsConnection; readonly manager: JetStreamManager };

/** An event with a megabyte of text exceeds the server's default limit of a megabyte. */
const MAX_PAYLOAD_BYTES = 8_000_000;

/** The time after which a cluster is given up, in milliseconds. */
const GIVE_UP_MS = 900_000;

/** How {@link startNatsServers} waits for its servers. */
export type NatsStart = {
  /** The time after which servers that have not formed a cluster are restarted, in milliseconds; 20,000 if left out. */
  readonly formWithinMs?: number;
  /** The maximum number of starts; 10 if left out. */
  readonly attempts?: number;
  /** The time after which a server that is behind is started again, in milliseconds; 60,000 if left out. */
  readonly catchUpWithinMs?: number;
};

/**
 * Starts servers and waits until they have formed a cluster. On a busy machine a server sometimes never joins: then all
 * are stopped and started again, in new folders and on other ports, and have more time.
 */
export async function startNatsServers(count: 1 | 3, start: NatsStart = {}): Promise<NatsServers> {
  const { formWithinMs = 20_000, attempts = 10, catchUpWithinMs = 60_000 } = start;
  for (let attempt = 1; ; attempt++) {
    const servers = await newServers(count, catchUpWithinMs);
    try {
      await servers.form(performance.now() + attempt * formWithinMs);
      return servers;
    } catch (error) {
      await servers.stop();
      if (attempt === attempts) {
        throw new Error(`${count} NATS servers did not form a cluster in ${attempts} attempts`, {
          cause: error,
        });
      }
    }
  }
}

/** Started servers that may not answer yet. */
type StartedServers = NatsServers & {
  /** Waits until they have formed a cluster; throws after the timeout, or if one of them has ended. */
  readonly form: (deadline: number) => Promise<void>;
};

async function newServers(count: 1 | 3, catchUpWithinMs: number): Promise<StartedServers> {
  const program = programPath('nats-server');
  if (program === undefined) throw new Error(`nats-server is missing: ${installCommand(['nats-server'])}`);
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-nats-'));
  const ports = await freePorts(2 * count);
  const addresses = ports.slice(0, count).map((port) => `127.0.0.1:${port}`);
  const routes = ports.slice(count).map((port) => `nats://127.0.0.1:${port}`);
  const processes = new Map<number, ChildProcess>();
  const open = new Set<NatsConnection>();
  let streams = 0;

  const start = (server: number) => {
    const config = join(folder, `${server}.conf`);
    writeFileSync(config, configOf(server, addresses, routes, folder));
    processes.set(server, spawn(program, ['-c', config], { stdio: 'ignore' }));
  };
  const client = async (
    server?: number,
    options: NodeConnectionOptions = {},
    answerMs = 10_000,
  ): Promise<Client> => {
    const servers = server === undefined ? [...addresses] : [addresses[server] as string];
    // A client detects within seconds that a server no longer answers, and connects to another one.
    const retry = { waitOnFirstConnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 100 };
    const connection = await connect({ servers, ...retry, pingInterval: 1_000, maxPingOut: 2, ...options });
    open.add(connection);
    return {
      connection,
      manager: await jetstreamManager(connection, { timeout: answerMs, checkAPI: false }),
    };
  };
  const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
  const kill = async (server: number) => {
    const child = processes.get(server);
    if (child === undefined || hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  // A test process that ends early stops its servers.
  const endAtExit = () => {
    for (const child of processes.values()) child.kill('SIGKILL');
  };
  process.once('exit', endAtExit);

  let manager: JetStreamManager;
  for (const server of addresses.keys()) start(server);
  return {
    folder,
    addresses,
    connect: client,
    form: async (deadline) => {
      const whileAllRun = <Result>(run: () => Promise<Result>) =>
        untilItWorks(() => {
          if ([...processes.values()].some(hasEnded)) throw new ServerEnded();
          return run();
        }, deadline);
      const first = await whileAllRun(() =>
        client(undefined, { waitOnFirstConnect: false, timeout: 1_000 }, 2_000),
      );
      manager = first.manager;
      // Creating a replicated stream succeeds only after the cluster has formed.
      const probe = { stream: 'PROBE', prefix: 'probe', replicas: count };
      await whileAllRun(() => createNatsStream(manager, probe));
      await manager.streams.delete(probe.stream);
    },
    newStream: async () => {
      streams += 1;
      const stream = `FEES-${streams}`;
      await untilItWorks(() =>
        createNatsStream(manager, { stream, prefix: `fees${streams}`, replicas: count }),
      );
      return stream;
    },
    leaderOf: async (stream) => {
      const leader = await untilItWorks(
        async () => (await manager.streams.info(stream)).cluster?.leader ?? '',
      );
      return Number(leader.slice(1));
    },
    untilWhole: async (stream) => {
      const begin = performance.now();
      // Each time it has more time, which it may need on a busy machine.
      for (let attempt = 1; ; attempt++) {
        let behind: readonly string[] = [];
        const isWhole = async () => {
          behind = [];
          const { cluster } = await manager.streams.info(stream);
          const replicas = cluster?.replicas ?? [];
          behind = replicas.flatMap((one) => (one.current && one.offline !== true ? [] : one.name));
          if (behind.length > 0 || replicas.length < count - 1) throw new Error('a server is behind');
        };
        try {
          return await untilItWorks(isWhole, performance.now() + attempt * catchUpWithinMs);
        } catch (error) {
          if (performance.now() - begin > GIVE_UP_MS) throw error;
          // Without a majority nobody knows which one it is.
          if (behind.length !== 1) continue;
          console.log(`Server ${behind[0]} stays behind and is started again`, error);
          const server = Number(behind[0]?.slice(1));
          await kill(server);
          start(server);
        }
      }
    },
    kill,
    restart: start,
    freeze: (server) => void processes.get(server)?.kill('SIGSTOP'),
    thaw: (server) => void processes.get(server)?.kill('SIGCONT'),
    stop: async () => {
      await Promise.all([...open].map((connection) => connection.close()));
      await Promise.all([...processes.keys()].map(kill));
      process.off('exit', endAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the subject prefix of a stream of {@link NatsServers.newStream}. */
export function prefixOf(stream: string): string {
  return stream.toLowerCase().replace('-', '');
}

function configOf(
  server: number,
  addresses: readonly string[],
  routes: readonly string[],
  folder: string,
): string {
  const storeDir = join(folder, String(server));
  mkdirSync(storeDir, { recursive: true });
  const cluster = `cluster { name: fees, listen: "${routes[server]?.slice('nats://'.length)}", routes: ${JSON.stringify(routes)} }`;
  return [
    `server_name: n${server}`,
    `listen: "${addresses[server]}"`,
    `max_payload: ${MAX_PAYLOAD_BYTES}`,
    `jetstream { store_dir: "${storeDir}" }`,
    ...(addresses.length > 1 ? [cluster] : []),
  ].join('\n');
}

/** The ports that the processes of a machine share: below those that the system gives to connections. */
const [FIRST_PORT, PORTS, PORTS_OF_PROCESS] = [10_000, 22_000, 50];

let portsTaken = 0;

/**
 * Returns free ports of a range of this process. A port that the system chose could be given to somebody else while its
 * server is killed.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const range = process.pid % (PORTS / PORTS_OF_PROCESS);
  const ports: number[] = [];
  while (ports.length < count) {
    const port = FIRST_PORT + range * PORTS_OF_PROCESS + (portsTaken++ % PORTS_OF_PROCESS);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A server ended while its cluster was forming, for example because another process took its port. */
class ServerEnded extends Error {}

/** Retries a request: a cluster that has just started, or lost a leader, refuses for a while. */
async function untilItWorks<Result>(
  run: () => Promise<Result>,
  deadline = performance.now() + 600_000,
): Promise<Result> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (error instanceof ServerEnded || performance.now() > deadline) throw error;
      await pause(200);
    }
  }
}
