import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';

/** An e-mail to one person. */
export type Mail = {
  /** A mail with the id of an earlier one is dropped. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  /** The time in its head: ISO 8601. */
  readonly at: string;
  /** The language of its texts, such as `de`. */
  readonly language: string;
  readonly text: string;
  readonly html: string;
  /** Whether a job sends it: programs that answer for absent people leave it alone. */
  readonly isAutomatic?: boolean;
};

const from = { name: 'North University Library', address: 'circulation@north.example' };

/** Makes e-mails without sending them, and reads no file or address that a text might name. */
const composer = createTransport(
  { streamTransport: true, buffer: true, newline: 'windows' },
  { disableFileAccess: true, disableUrlAccess: true },
);

/** Whether an address is one mailbox and nothing else. */
export function isMailbox(address: string): boolean {
  return /^[\w.!#$%&'*+/=?^`{|}~-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(address);
}

/**
 * Writes an e-mail into a folder as a file that mail programs open (`.eml`), named by its id. The file is complete or missing,
 * whenever the process is killed; one that is there already is left as it is. A real desk hands it to its mail server.
 *
 * @returns the name of the file
 * @throws an error if the address is not one mailbox, or the file cannot be written
 */
export async function putMail(folder: string, mail: Mail): Promise<string> {
  if (!isMailbox(mail.to.address)) throw new Error(`“${mail.to.address}” is not an e-mail address`);
  const name = nameOf(mail.id);
  const file = join(folder, `${name}.eml`);
  if (existsSync(file)) return `${name}.eml`;
  const { text, html, language, isAutomatic = false } = mail;
  const { message } = await composer.sendMail({
    ...{ from, to: { ...mail.to, name: onOneLine(mail.to.name) }, subject: onOneLine(mail.subject) },
    ...{ text, html, date: new Date(mail.at), messageId: `<${name}@north.example>` },
    textEncoding: 'quoted-printable',
    headers: { 'Content-Language': language, ...(isAutomatic && { 'Auto-Submitted': 'auto-generated' }) },
  });
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}`);
  await writeFile(temporary, message, { flush: true });
  await rename(temporary, file);
  await flushFolder(folder);
  return `${name}.eml`;
}

/** Makes the names of a folder survive a power failure; Windows has nothing like it. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

/**
 * A text for the head of an e-mail: on one line, without marks that turn the direction of the text beside it, and not longer
 * than a line may be.
 */
function onOneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .slice(0, 200)
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

/**
 * A name for every id: short, in every file system and Message-ID, and of no other id, even where case does not count. What
 * follows a `#` cannot be read in it.
 */
function nameOf(id: string): string {
  const readable = id
    .replace(/#.*/s, '')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .slice(0, 60);
  return `${readable}-${createHash('sha256').update(id).digest('hex').slice(0, 20)}`;
}
