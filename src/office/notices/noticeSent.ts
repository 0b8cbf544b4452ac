import type { EventMetadata, RecordedActor } from '../../account/circumstances.js';
import type { NoticeKind } from '../../policy/notices.js';

/** A notice was sent: the caller's function returned. The event has no text and no amount. */
export type NoticeSent = {
  /** The event's name. */
  readonly type: 'NoticeSent';
  /** What was sent. */
  readonly data: {
    /** The patron. */
    readonly patronId: string;
    /** The kind of notice. */
    readonly kind: NoticeKind;
    /**
     * What the notice was about: the kind with the version of each event, or with the plan and day, or with the week or
     * month.
     */
    readonly told: readonly string[];
    /** The time of the run that sent it: ISO 8601 with a zone. */
    readonly at: string;
    /** Who ordered the run. */
    readonly by: RecordedActor;
  };
  /** The job; absent if it has no id. */
  readonly metadata?: Required<Pick<EventMetadata, 'correlationId'>>;
};
