import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createNatsStream } from '../../src/stores/nats/index.js';

/** Servers on this machine, of which each is a process of its own with a folder of its own. */
export type NatsServers = {
  /** Where each of them listens. */
  readonly addresses: readonly string[];
  /** Connects to whichever answers, or only to the one named, and gives the manager too. */
  readonly connect: (server?: number) => Promise<Client>;
  /** Makes a stream of its own name, kept by all servers. */
  readonly newStream: () => Promise<string>;
  /** Which server leads a stream. */
  readonly leaderOf: (stream: string) => Promise<number>;
  /** Ends a server at once, as a power cut of its process does. */
  readonly kill: (server: number) => Promise<void>;
  /** Starts a server that was killed, with what it had stored. */
  readonly restart: (server: number) => void;
  /** Stops a server where it stands, so that its connections stay open and nothing answers. */
  readonly freeze: (server: number) => void;
  /** Lets a frozen server go on. */
  readonly thaw: (server: number) => void;
  /** Ends all servers and clears their folders away. */
  readonly stop: () => Promise<void>;
};

/** A connection and the manager that goes with it. */
export type Client = { readonly connection: NatsConnection; readonly manager: JetStreamManager };

/** A megabyte of text needs more than the megabyte that the server allows unless told otherwise. */
const MAX_PAYLOAD_BYTES = 8_000_000;

/** Starts servers and waits until they answer as one. */
export async function startNatsServers(count: 1 | 3): Promise<NatsServers> {
  if (spawnSync('nats-server', ['--version']).status !== 0) {
    throw new Error('these tests need nats-server: apt-get install nats-server');
  }
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
    processes.set(server, spawn('nats-server', ['-c', config], { stdio: 'ignore' }));
  };
  const client = async (server?: number): Promise<Client> => {
    const servers = server === undefined ? [...addresses] : [addresses[server] as string];
    // A client notices within seconds that a server no longer answers, and goes to another one.
    const patience = { waitOnFirstConnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 100 };
    const connection = await connect({ servers, ...patience, pingInterval: 1_000, maxPingOut: 2 });
    open.add(connection);
    return { connection, manager: await jetstreamManager(connection, { timeout: 2_000, checkAPI: false }) };
  };
  const kill = async (server: number) => {
    const child = processes.get(server);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };

  for (const server of addresses.keys()) start(server);
  const { manager } = await client();
  // Only when all servers know each other can a stream be kept by all of them.
  const probe = { stream: 'PROBE', prefix: 'probe', replicas: count };
  await untilItWorks(() => createNatsStream(manager, probe));
  await manager.streams.delete(probe.stream);
  return {
    addresses,
    connect: client,
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
    kill,
    restart: start,
    freeze: (server) => void processes.get(server)?.kill('SIGSTOP'),
    thaw: (server) => void processes.get(server)?.kill('SIGCONT'),
    stop: async () => {
      await Promise.all([...open].map((connection) => connection.close()));
      await Promise.all([...processes.keys()].map(kill));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What subjects of a stream begin with that {@link NatsServers.newStream} made. */
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

/** Ports that nobody listens on; all are held until the last is found, so that none is found twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = held.map((server) => (server.address() as { port: number }).port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A cluster that has just started, or lost a leader, refuses for a while. */
async function untilItWorks<Result>(run: () => Promise<Result>): Promise<Result> {
  for (const end = performance.now() + 60_000; ; ) {
    try {
      return await run();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(200);
    }
  }
}
