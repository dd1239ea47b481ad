import type { Change } from '../../../core/kind.ts';
import type { HelpDeskMatter } from './matter.ts';

/** What of a change makes the help desk learn of it; nothing where a reader of the log tells it. */
export type Announcement = Pick<Change, 'handOff' | 'settlement'>;

/** Where an exception is looked after: it is opened there, tried again where that failed, and settled. */
export interface HelpDesk {
  opened(matter: HelpDeskMatter): Announcement;
  retried(matter: HelpDeskMatter): Announcement;
  settled(matter: HelpDeskMatter): Announcement;
}
