/**
 * Serves self-service terminals and payment kiosks over SIP2, the protocol of 3M that library systems share.
 *
 * @stability stable
 * @module sip2
 */

// Serve terminals: bytes in, bytes out; the caller owns the socket.

export type { Sip2Connection, Sip2Service } from './sip2Service.js';
export { sip2Service } from './sip2Service.js';

// Options: the store, the policy, and hooks that know patrons and terminals.

export type { ProviderTransaction, TransactionTotal } from '../../patron/payPatron.js';
export type { ServiceOptions } from '../serviceOptions.js';
export type { Sip2Options } from './sip2Options.js';
export type {
  Sip2Answered,
  Sip2Counts,
  Sip2Fields,
  Sip2Login,
  Sip2OtherMessage,
  Sip2Patron,
  Sip2PatronRequest,
  Sip2Terminal,
} from './sip2Hooks.js';
export type { Sip2FineItem, Sip2FineItemFormat } from './fineItems.js';
export type { Sip2Codec, Sip2Encoding } from './sip2Encoding.js';
export type { Sip2Words } from './sip2Words.js';
export { englishSip2Words } from './sip2Words.js';
