import type { Random } from '../../core/demo.ts';
import type { EventType } from './events.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Something that happens to a work item. */
export interface Happening {
  readonly at: number;
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Outcome =
  | 'smooth'
  | 'noEta'
  | 'lateArrival'
  | 'noBid'
  | 'slowReview'
  | 'extension'
  | 'emergency'
  | 'customer'
  | 'project'
  | 'silent'
  | 'noInvoice';

/** Of a hundred work items so many go like this. */
export const SHARES: readonly (readonly [Outcome, number])[] = [
  ['smooth', 58],
  ['noEta', 9],
  ['lateArrival', 8],
  ['noBid', 4],
  ['slowReview', 4],
  ['extension', 4],
  ['emergency', 4],
  ['customer', 2],
  ['project', 2],
  ['silent', 3],
  ['noInvoice', 2],
];

/** A work item's life from a moment on, in order; it may lead into the future. */
export function storyOf(outcome: Outcome, beginsAt: number, random: Random): Happening[] {
  const tale = new Tale(beginsAt, random);
  STORIES[outcome](tale);
  if (tale.likely(0.85)) finish(tale);
  return tale.happenings;
}

/** In the end nearly everything is done, and somebody closes it. */
function finish(tale: Tale): void {
  const isDone = tale.happenings.some(({ data }) => data.status === 'workCompleted');
  if (!isDone) tale.after(500, 2900).status('onSite').after(60, 300).status('workCompleted');
  tale.after(20, 400).tell('AttachmentUpdated', { attachmentType: 'invoice' });
  tale.after(30, 600).status('closed');
}

class Tale {
  readonly happenings: Happening[] = [];
  readonly random: Random;
  at: number;

  constructor(at: number, random: Random) {
    this.at = at;
    this.random = random;
  }

  /** Between so many minutes later; most come early in their span. */
  after(least: number, most: number): this {
    this.at += Math.floor((least + (most - least) * this.random() ** 2) * MINUTE_MS);
    return this;
  }

  tell(type: EventType, data: Record<string, unknown> = {}): this {
    this.happenings.push({ at: this.at, type, data });
    return this;
  }

  status(status: string, more: Record<string, unknown> = {}): this {
    return this.tell('StatusEvent', { status, ...more });
  }

  likely(share: number): boolean {
    return this.random() < share;
  }
}

const soon = (tale: Tale, hours: number) => new Date(tale.at + hours * HOUR_MS).toISOString();

function open(tale: Tale, priority = tale.likely(0.2) ? 2 : tale.likely(0.3) ? 4 : 3): Tale {
  const team = tale.likely(0.08) ? 'westpark' : 'central';
  return tale.tell('NewWorkItem', { priority, status: 'new', team }).after(5, 50).status('dispatched');
}

function accept(tale: Tale, etaHours: number): Tale {
  return tale.after(10, 90).status('accepted', { etaAt: soon(tale, etaHours) });
}

function work(tale: Tale): Tale {
  tale.status('onSite').after(40, 300).status('workCompleted');
  if (tale.likely(0.94)) tale.after(20, 900).tell('AttachmentUpdated', { attachmentType: 'invoice' });
  return tale;
}

const STORIES: Readonly<Record<Outcome, (tale: Tale) => void>> = {
  smooth(tale) {
    const hours = 2 + Math.floor(tale.random() * 20);
    work(accept(open(tale), hours).after(hours * 60 - 30, hours * 60 + 15));
  },
  noEta(tale) {
    open(tale).after(10, 60).status('accepted');
    if (tale.likely(0.6))
      work(
        tale
          .after(300, 1500)
          .status('accepted', { etaAt: soon(tale, 3) })
          .after(120, 200),
      );
  },
  lateArrival(tale) {
    accept(open(tale), 4);
    if (tale.likely(0.75)) work(tale.after(290, 700));
  },
  noBid(tale) {
    open(tale).after(60, 240).tell('BidStatusChanged', { status: 'requested' });
    if (tale.likely(0.5)) tale.after(2000, 6000).tell('BidStatusChanged', { status: 'received' });
  },
  slowReview(tale) {
    open(tale).after(60, 240).tell('BidStatusChanged', { status: 'requested' });
    tale.after(200, 900).tell('BidStatusChanged', { status: 'received' });
    if (tale.likely(0.4)) tale.after(30, 300).tell('BidConversationAdded');
    if (tale.likely(0.5)) tale.after(1000, 4000).tell('BidStatusChanged', { status: 'approved' });
  },
  extension(tale) {
    accept(open(tale), 3).after(170, 190).status('onSite').after(30, 90);
    tale.tell('NotToExceedExtensionCreated', { amount: 250 + Math.floor(tale.random() * 4000) });
    if (tale.likely(0.7)) {
      tale
        .after(100, 2000)
        .tell(tale.likely(0.8) ? 'NotToExceedExtensionApproved' : 'NotToExceedExtensionDeclined');
      tale.after(60, 300).status('workCompleted');
      tale.after(10, 600).tell('AttachmentUpdated', { attachmentType: 'invoice' });
    }
  },
  emergency(tale) {
    open(tale, 1);
    if (tale.likely(0.85))
      work(
        tale
          .after(15, 120)
          .status('accepted', { etaAt: soon(tale, 2) })
          .after(60, 140),
      );
  },
  customer(tale) {
    accept(open(tale), 6).tell('UnableToNotifyCustomerOfTicketUpdate', { reason: 'No answer' });
    if (tale.likely(0.6)) tale.after(20, 400).status('accepted', { customerNotified: true });
  },
  project(tale) {
    accept(open(tale, 2), 120).after(60, 300).tell('ProjectAuthorized');
    if (tale.likely(0.3)) tale.after(60, 600).tell('ProjectComplexityFlagChanged', { isComplex: true });
    if (tale.likely(0.3)) tale.after((4 * DAY_MS) / MINUTE_MS, (6 * DAY_MS) / MINUTE_MS).status('inProgress');
  },
  silent(tale) {
    accept(open(tale), 100);
  },
  noInvoice(tale) {
    accept(open(tale), 4).after(220, 250).status('onSite').after(60, 200).status('workCompleted');
  },
};
