/**
 * Serves self-service terminals and payment kiosks over SIP2, the protocol of 3M that library systems share.
 *
 * @module sip2
 */

// Serve terminals: bytes in, bytes out; the caller owns the socket.

export type { Sip2Connection, Sip2Service } from './sip2Service.js';
export { sip2Service } from './sip2Service.js';

// Options: the store, the policy, and hooks that know patrons and terminals.

export type { ServiceOptions } from '../serviceOptions.js';
export type {
  Sip2Login,
  Sip2Options,
  Sip2Patron,
  Sip2PatronRequest,
  Sip2Terminal,
} from './sip2Options.js';
export type { Sip2FineItem, Sip2FineItemFormat } from './fineItems.js';
export type { Sip2Encoding } from './sip2Message.js';
