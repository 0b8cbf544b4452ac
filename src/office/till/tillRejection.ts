import type { Refusal } from '../../account/rejections/refusal.js';
import type { RejectionWords } from '../../account/rejections/rejectionText.js';
import { englishCodes, type KnownCodes } from '../../policy/knownCodes.js';
import type { TillActor } from './tillEvents.js';

/** A payment method is not in the policy's table. */
export type TillMethodUnknown = Refusal<'TillMethodUnknown', 'invalid'> & {
  /** The method's code. */
  readonly method: string;
  /** The payment methods of the policy, and the one that was probably meant. */
  readonly known: KnownCodes;
};

/** The till is open already: close that session first. */
export type TillAlreadyOpen = Refusal<'TillAlreadyOpen', 'conflict'> & {
  /** The session that is open. */
  readonly sessionId: string;
  /** When it was opened. */
  readonly openedAt: string;
  /** Who opened it. */
  readonly openedBy: TillActor;
};

/** The till has no such session. */
export type TillSessionNotFound = Refusal<'TillSessionNotFound', 'notFound'> & {
  /** The session of the command. */
  readonly sessionId: string;
};

/** The session was closed before. */
export type TillSessionClosed = Refusal<'TillSessionClosed', 'conflict'> & {
  /** The session. */
  readonly sessionId: string;
  /** When it was closed. */
  readonly closedAt: string;
  /** Who closed it. */
  readonly closedBy: TillActor;
};

/** Money of a method is expected in the till, but the command has no count of it. */
export type TillMethodNotCounted = Refusal<'TillMethodNotCounted', 'invalid'> & {
  /** The method. */
  readonly method: string;
  /** What is expected, a decimal string. */
  readonly expected: string;
};

/** A deposit exceeds the sum of what was counted for its method and what was dropped from its drawer before. */
export type TillDepositExceedsCount = Refusal<'TillDepositExceedsCount', 'invalid'> & {
  /** The method. */
  readonly method: string;
  /** What was counted, and for the method of the float what was taken out of the drawer during the session. */
  readonly available: string;
  /** The deposit, a decimal string. */
  readonly deposit: string;
};

/** The session has no difference that could be accepted: it is open, its counts were right, or they are accepted. */
export type TillDifferenceNotFound = Refusal<'TillDifferenceNotFound', 'notFound'> & {
  /** The session. */
  readonly sessionId: string;
};

/** Why a command to a till is refused. */
export type TillRejection =
  | TillMethodUnknown
  | TillAlreadyOpen
  | TillSessionNotFound
  | TillSessionClosed
  | TillMethodNotCounted
  | TillDepositExceedsCount
  | TillDifferenceNotFound;

/** The English sentences of these rejections. */
export const englishTillRejections: RejectionWords<TillRejection> = {
  TillMethodUnknown: ({ method, known }) => `There is no payment method ${method}.${englishCodes(known)}`,
  TillAlreadyOpen: 'The till has been open since {openedAt}: close session {sessionId} first.',
  TillSessionNotFound: 'This till has no session {sessionId}.',
  TillSessionClosed: 'Session {sessionId} was closed at {closedAt}.',
  TillMethodNotCounted: 'Count {method}: {expected} should be there.',
  TillDepositExceedsCount:
    'The deposit of {deposit} is more than the {available} of {method} that was counted or dropped to the safe.',
  TillDifferenceNotFound: 'Session {sessionId} has no difference to accept.',
};
