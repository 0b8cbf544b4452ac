import { join } from 'node:path';
import type Database from 'libsql';
import { type Mail, putMail } from './mailFolder.js';

/** What is recorded of an e-mail. */
export type SentMail = {
  readonly id: string;
  readonly patronId: string;
  readonly recipient: string;
  /** What it is, as staff call it. */
  readonly what: string;
  readonly sentAt: string;
  /** The name of its file in the folder. */
  readonly file: string;
};

/** The e-mails of the desk: files in a folder, and a record of each. */
export type Outbox = {
  readonly folder: string;
  /**
   * Sends an e-mail, and records it; one whose id was sent before is dropped.
   *
   * @param job - the job that sends it
   */
  readonly send: (mail: Mail, of: Omit<SentMail, 'id' | 'recipient' | 'file'>, job?: string) => Promise<void>;
  readonly find: (id: string) => SentMail | undefined;
  readonly path: (mail: SentMail) => string;
  readonly sentTo: (patronId: string) => readonly SentMail[];
  readonly sentBy: (job: string) => readonly SentMail[];
};

/** Opens the outbox of a database and a folder. */
export function openOutbox(database: Database.Database, folder: string): Outbox {
  database.exec(`CREATE TABLE IF NOT EXISTS desk_mails (
    id TEXT PRIMARY KEY, patron_id TEXT NOT NULL, recipient TEXT NOT NULL, what TEXT NOT NULL, sent_at TEXT NOT NULL,
    file TEXT NOT NULL, job TEXT)`);
  const record = database.prepare(
    'INSERT INTO desk_mails VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const mailsWhere = (column: 'id' | 'patron_id' | 'job', value: string) =>
    database
      .prepare(
        `SELECT id, patron_id AS patronId, recipient, what, sent_at AS sentAt, file FROM desk_mails
        WHERE ${column} = ? ORDER BY sent_at, rowid`,
      )
      .all(value) as SentMail[];
  return {
    folder,
    async send(mail, { patronId, what, sentAt }, job) {
      const file = await putMail(folder, mail);
      record.run(mail.id, patronId, mail.to.address, what, sentAt, file, job ?? null);
    },
    find: (id) => mailsWhere('id', id)[0],
    path: ({ file }) => join(folder, file),
    sentTo: (patronId) => mailsWhere('patron_id', patronId),
    sentBy: (job) => mailsWhere('job', job),
  };
}
