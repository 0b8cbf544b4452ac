/**
 * Serves self-service terminals and payment kiosks over SIP2, the protocol of 3M that library systems share.
 *
 * @stability stable
 * @module sip2
 */

// Serve terminals: bytes in, bytes out; the caller owns the socket.

export { type Sip2Connection, type Sip2Service, sip2Service } from './sip2Service.js';

// Options: the store, the policy, and hooks that know patrons and terminals.

export type { ProviderTransaction, TransactionTotal } from '../../patron/payPatron.js';
export type { ServiceOptions } from '../doorOptions.js';
export {
  englishSip2Words,
  type Sip2Answered,
  type Sip2Counts,
  type Sip2Fields,
  type Sip2FineItem,
  type Sip2FineItemFormat,
  type Sip2Login,
  type Sip2Options,
  type Sip2OtherMessage,
  type Sip2Patron,
  type Sip2PatronRequest,
  type Sip2Terminal,
  type Sip2Words,
} from './sip2Options.js';
export type { Sip2Codec, Sip2Encoding } from './sip2Message.js';
