import type { Static } from 'typebox';
import type { SubjectKeepers, SubjectTimer, SubjectTimerStory } from '../../store/subject-timers.ts';
import type { Timer } from '../../store/timers.ts';
import type { wireTimer } from './explain.ts';

/** What the kinds say of those timers that are of no ticket, by id. */
export async function storiesOf(
  keepers: SubjectKeepers,
  account: string,
  timers: readonly Timer[],
): Promise<ReadonlyMap<string, SubjectTimerStory>> {
  const byKind = Map.groupBy(timers.filter(isOfSubject), ({ kind }) => kind);
  const stories = await Promise.all(
    [...byKind].map(async ([kind, ofKind]) => [
      ...((await keepers.get(kind)?.explain(account, ofKind)) ?? []),
    ]),
  );
  return new Map(stories.flat());
}

export function isOfSubject(timer: Timer): timer is Timer & SubjectTimer {
  return timer.subject !== null;
}

/** @param withFaults whether the reader may see why a firing failed */
export function explainSubjectTimer(
  { id, name, subject, kind, dueAt, createdAt, attempts, lastError }: Timer,
  story: SubjectTimerStory | undefined,
  now: Date,
  withFaults: boolean,
): Static<typeof wireTimer> {
  return {
    id,
    name,
    label: story?.label ?? name,
    subject: { kind, key: subject ?? '' },
    fires: null,
    setting: null,
    startedAt: createdAt.toISOString(),
    dueAt: dueAt.toISOString(),
    isOverdue: dueAt < now,
    attempts,
    lastError: withFaults ? lastError : null,
    why: story?.why ?? `“${name}” is due at ${dueAt.toISOString()}.`,
    ...(story && { explanation: story.explanation }),
  };
}
