import { type Static, Type } from 'typebox';
import type { Kind } from '../../core/kind.ts';
import { formatDuration } from '../../kernel/duration.ts';
import type { Timer } from '../../store/timers.ts';

const moment = Type.String({ format: 'date-time' });
const nullable = Type.Union([Type.String(), Type.Null()]);

/** A pending timer, and why it is due when it is. */
export const wireTimer = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  label: Type.String(),
  ticket: Type.Optional(
    Type.Object({ id: Type.String({ format: 'uuid' }), key: Type.String(), kind: Type.String() }),
  ),
  subject: Type.Optional(
    Type.Object(
      { kind: Type.String(), key: Type.String() },
      { description: 'In place of a ticket: something else of a kind, such as a work item.' },
    ),
  ),
  fires: Type.Union(
    [
      Type.Object({
        name: Type.String(),
        label: Type.String(),
        to: Type.Union([Type.String(), Type.Null()], { description: 'null: the state stays as it is.' }),
      }),
      Type.Null(),
    ],
    { description: 'The transition that it does.' },
  ),
  setting: Type.Union([Type.String(), Type.Null()], {
    description: 'The setting that its duration came from.',
  }),
  startedAt: moment,
  dueAt: moment,
  isOverdue: Type.Boolean(),
  attempts: Type.Integer({ description: 'Firings that failed; each one puts it off.' }),
  lastError: nullable,
  why: Type.String({ description: 'The same for people.' }),
  explanation: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'What its kind says of a subject’s timer.' }),
  ),
});

/** @param withFaults whether the reader may see why a firing failed */
export function explainTimer(
  timer: Timer,
  kind: Kind | undefined,
  now: Date,
  withFaults: boolean,
): Static<typeof wireTimer> {
  const { id, name, ticket, key, kind: kindName, dueAt, createdAt, attempts, lastError } = timer;
  const definition = kind?.workflow.timers[name];
  const transition = definition && kind?.workflow.transitions[definition.fires];
  const label = definition?.label ?? name;
  return {
    id,
    name,
    label,
    ...(ticket !== null && key !== null && { ticket: { id: ticket, key, kind: kindName } }),
    fires:
      definition && transition
        ? { name: definition.fires, label: transition.label, to: transition.to }
        : null,
    setting: definition?.after.setting ?? null,
    startedAt: createdAt.toISOString(),
    dueAt: dueAt.toISOString(),
    isOverdue: dueAt < now,
    attempts,
    lastError: withFaults ? lastError : null,
    why: sentence(timer, label, definition?.after.setting, transition?.label),
  };
}

function sentence(
  { createdAt, dueAt, attempts }: Timer,
  label: string,
  setting: string | undefined,
  does: string | undefined,
): string {
  const start = `“${label}” has been running since ${createdAt.toISOString()}`;
  if (attempts > 0)
    return `${start}; firing it failed ${attempts} times, the next try is at ${dueAt.toISOString()}.`;
  const lasts = `it lasts ${formatDuration(dueAt.getTime() - createdAt.getTime())}`;
  const source = setting === undefined ? '' : ` by the setting ${setting}`;
  return `${start}; ${lasts}${source}${does === undefined ? '' : ` and then does “${does}”`}.`;
}
