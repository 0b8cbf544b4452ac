// Serves a handler of the Fetch API with Node's own HTTP server: limits on time, size and connections.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

type Handler = (request: Request) => Promise<Response>;

/** Where to listen, and how slow a client may be. */
type ServerOptions = {
  readonly port?: number;
  readonly host?: string;
  /** How long a request may take from its first byte to its last; 10 seconds if left out. */
  readonly requestTimeoutMs?: number;
  /** How long a connection may be silent, and a response unread; 30 seconds if left out. */
  readonly idleTimeoutMs?: number;
  readonly connectionsMax?: number;
};

/** Serves a handler on a TCP port. Returns the port, and a function that stops the server. */
export async function serveHttp(handler: Handler, options: ServerOptions = {}) {
  const { port = 0, host = '127.0.0.1', connectionsMax = 500 } = options;
  const { requestTimeoutMs = 10_000, idleTimeoutMs = 30_000 } = options;
  const limits = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    maxHeaderSize: 16_384,
    // How often the two timeouts are checked; with Node's 30 seconds they would be much longer.
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
  };
  const server = createServer(limits, (incoming, outgoing) => void respond(handler, incoming, outgoing));
  server.maxConnections = connectionsMax;
  server.setTimeout(idleTimeoutMs);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** How long a client may take to read its answer, and to send the rest of its body. */
const LINGER_MS = 1_000;

/** Answers one request. */
async function respond(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { socket } = incoming;
  outgoing.once('close', () => {
    // What is left of a body that is not read hides the end of its connection, which would be kept until it is idle.
    if (!incoming.complete) setTimeout(() => incoming.complete || socket.destroy(), LINGER_MS).unref();
  });
  try {
    const response = await handler(requestOf(incoming));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  } catch {
    // The address or a header is invalid.
    outgoing.writeHead(400).end();
  }
}

/** Returns Node's request as one of the Fetch API, with the address that the client used: answers have links to it. */
function requestOf(incoming: IncomingMessage): Request {
  const { method = 'GET', url = '/', headersDistinct } = incoming;
  const { host = 'localhost' } = incoming.headers;
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' as const } : {};
  return new Request(new URL(url, `http://${host}`), { method, headers, ...body });
}
