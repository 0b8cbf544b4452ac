import type { StreamId } from '../../history/eventStore.js';

/**
 * Returns the subject of an account: prefix, institution, patron.
 *
 * An id of letters, digits, `-` and `_` is used unchanged, so that subjects are readable and permissions can be given
 * by institution. Any other id, which may contain dots, blanks or wildcards, is written as `=` and base64url of its
 * UTF-8.
 */
export function subjectOf(prefix: string, { institution, patronId }: StreamId): string {
  return `${prefix}.${tokenOf(institution)}.${tokenOf(patronId)}`;
}

/** Returns the account of a subject of {@link subjectOf}. */
export function streamOf(subject: string): StreamId {
  const last = subject.lastIndexOf('.');
  const before = subject.lastIndexOf('.', last - 1);
  return { institution: idOf(subject.slice(before + 1, last)), patronId: idOf(subject.slice(last + 1)) };
}

function tokenOf(id: string): string {
  return /^[\w-]+$/.test(id) ? id : `=${Buffer.from(id).toString('base64url')}`;
}

function idOf(token: string): string {
  return token.startsWith('=') ? Buffer.from(token.slice(1), 'base64url').toString() : token;
}
