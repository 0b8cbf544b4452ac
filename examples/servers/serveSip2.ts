// Serves SIP2 terminals on a TCP port: limits on time and connections.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Sip2Service } from 'patron-fees/sip2';

/** Where to listen, and what a terminal may do before it is disconnected. */
type ServerOptions = {
  readonly port?: number;
  readonly host?: string;
  /** How long a message may take from its first byte to its last, and a response to be read; 10 seconds if left out. */
  readonly messageTimeoutMs?: number;
  /** How long a terminal may take to log in, or to send anything if there is no login; 10 seconds if left out. */
  readonly loginTimeoutMs?: number;
  /** How long a terminal may be silent; 10 minutes if left out. */
  readonly idleTimeoutMs?: number;
  /** The most connections; 200 if left out. */
  readonly connectionsMax?: number;
  /** The most connections from one address, e.g. of the terminals behind one router; 20 if left out. */
  readonly connectionsPerAddressMax?: number;
  readonly onError?: (error: unknown) => void;
};

/** Serves terminals on a TCP port. Returns the port, and a function that stops the server. */
export async function serveSip2(service: Sip2Service, options: ServerOptions = {}) {
  const { port = 0, host = '127.0.0.1', connectionsMax = 200, connectionsPerAddressMax = 20 } = options;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const { remoteAddress } = socket;
    const fromThere = [...sockets].filter((other) => other.remoteAddress === remoteAddress).length;
    if (fromThere >= connectionsPerAddressMax) return socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Without a listener, a connection that is reset would end the process.
    socket.on('error', () => socket.destroy());
    return void converse(socket, service, options);
  });
  server.maxConnections = connectionsMax;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** Serves one terminal until it disconnects or must be disconnected. */
async function converse(
  socket: Socket,
  service: Sip2Service,
  {
    messageTimeoutMs = 10_000,
    loginTimeoutMs = 10_000,
    idleTimeoutMs = 600_000,
    onError = console.error,
  }: ServerOptions,
): Promise<void> {
  const connection = service.connect();
  const disconnect = () => socket.destroy();
  const inTime = () => ({ signal: AbortSignal.timeout(messageTimeoutMs) });
  let deadline: NodeJS.Timeout | undefined;
  const loginDeadline = setTimeout(disconnect, loginTimeoutMs);
  socket.setTimeout(idleTimeoutMs, disconnect);
  try {
    // A piece is read only after all responses to the last one were sent.
    for await (const piece of socket) {
      for await (const response of reported(connection.receive(piece), onError)) {
        clearTimeout(deadline);
        deadline = undefined;
        if (connection.isLoggedIn) clearTimeout(loginDeadline);
        if (!socket.write(response)) await once(socket, 'drain', inTime());
      }
      if (connection.isFinished) return;
      if (connection.isMidMessage) deadline ??= setTimeout(disconnect, messageTimeoutMs);
    }
    socket.end();
    await once(socket, 'finish', inTime());
  } catch {
    // The terminal disconnected or was too slow, or the error was reported.
  } finally {
    clearTimeout(deadline);
    clearTimeout(loginDeadline);
    disconnect();
  }
}

/** Yields responses, and reports an error of the store or a hook. */
async function* reported(responses: AsyncIterable<Uint8Array>, onError: (error: unknown) => void) {
  try {
    yield* responses;
  } catch (error) {
    onError(error);
    throw error;
  }
}
