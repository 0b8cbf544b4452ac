import type { StreamId } from '../../history/eventStore.js';

/**
 * The subject of an account: prefix, institution, patron.
 *
 * An id of letters, digits, `-` and `_` stands as it is, so that subjects can be read and permissions given by
 * institution; any other one, which may hold dots, blanks or wildcards, as `=` and base64url of its UTF-8.
 */
export function subjectOf(prefix: string, { institution, patronId }: StreamId): string {
  return `${prefix}.${tokenOf(institution)}.${tokenOf(patronId)}`;
}

/** The account of a subject that {@link subjectOf} made. */
export function streamOf(subject: string): StreamId {
  const [institution = '', patronId = ''] = subject.split('.').slice(-2).map(idOf);
  return { institution, patronId };
}

function tokenOf(id: string): string {
  return /^[\w-]+$/.test(id) ? id : `=${Buffer.from(id).toString('base64url')}`;
}

function idOf(token: string): string {
  return token.startsWith('=') ? Buffer.from(token.slice(1), 'base64url').toString() : token;
}
