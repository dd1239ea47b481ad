import type { LoggedEvent } from '../../../store/log.ts';
import { type DeskState, deskWorkflow } from '../workflow.ts';
import type { WireTimelineItem } from './schema.ts';
import { inZone } from './times.ts';

interface Told {
  readonly type: string;
  readonly description: string;
}

/** An event of the ticket's history as the timeline shows it. */
export function toTimelineItem(event: LoggedEvent, ticket: number, timeZone: string): WireTimelineItem {
  const base = { id: event.position.seq, ticket_id: ticket, created_at: inZone(event.at, timeZone) };
  const note = noteOf(event);
  if (note !== null) {
    return {
      ...base,
      type: 'note',
      status_new: event.to as DeskState | null,
      user_id: event.actor.id,
      content: note,
      pinned: event.data.pinned === true ? 1 : 0,
    };
  }
  const { type, description } = tell(event);
  return {
    ...base,
    type: 'event',
    item_type: type,
    item_type_id: ticket,
    description,
    initiated_by: event.actor.name,
  };
}

/** What only agents see. */
function noteOf({ type, name, data }: LoggedEvent): string | null {
  if (name === 'note') return String(data.content ?? '');
  return type === 'ticket.commented' && data.visibility === 'internal' ? String(data.body ?? '') : null;
}

function tell({ type, from, to, data }: LoggedEvent): Told {
  const content = typeof data.content === 'string' ? data.content : null;
  switch (type) {
    case 'ticket.created': {
      const follows = typeof data.follows === 'string' ? `, follows ${data.follows}` : '';
      return { type: 'ticket', description: `Ticket created${follows}${content ? `: ${content}` : ''}` };
    }
    case 'ticket.commented':
      return { type: 'message', description: String(data.body ?? '') };
    case 'ticket.linked':
    case 'ticket.unlinked':
      return { type: 'link', description: type === 'ticket.linked' ? 'Linked' : 'Unlinked' };
    case 'ticket.edited':
      return { type: 'ticket', description: `Changed ${changedOf(data)}` };
    default: {
      if (content !== null) return { type: 'message', description: content };
      const changed = changedOf(data);
      const moved = `Status changed from ${labelOf(from)} to ${labelOf(to)}`;
      return { type: 'status', description: changed ? `${moved}; changed ${changed}` : moved };
    }
  }
}

/** What a change can be told of, by the kind's own name for it; what comes along with another part is not here. */
const TOLD: Readonly<Record<string, string>> = {
  title: 'title',
  priority: 'priority',
  queue: 'group',
  assignee: 'user',
  brand: 'brand',
  tags: 'tags',
  customer: 'customer',
  externalReference: 'external id',
  grade: 'grade',
};

function changedOf({ changed }: LoggedEvent['data']): string {
  if (typeof changed !== 'object' || changed === null) return '';
  const names = Object.entries(TOLD).filter(([name]) => Object.hasOwn(changed, name));
  return names.map(([, label]) => label).join(', ');
}

function labelOf(state: string | null): string {
  return state === null ? '' : (deskWorkflow.states[state as DeskState]?.label ?? state).toLowerCase();
}
