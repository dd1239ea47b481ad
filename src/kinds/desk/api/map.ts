import type { Catalogue } from '../../../core/collection.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { priorityWord } from '../priorities.ts';
import { fieldsOf, NO_NAME } from '../ticket.ts';
import type { DeskState } from '../workflow.ts';
import type { WireItem, WireTimelineItem } from './schema.ts';
import { inZone } from './times.ts';

/** What a ticket's reader needs beside the ticket. */
export interface Setting {
  readonly catalogue: Catalogue;
  /** An IANA name. */
  readonly timeZone: string;
}

/** @param timeline where the client asked for it */
export function toItem(ticket: Ticket, setting: Setting, timeline?: WireTimelineItem[]): WireItem {
  const { catalogue, timeZone } = setting;
  const fields = fieldsOf(ticket);
  const brand = fields.brand ?? null;
  const channel = fields.channel ?? null;
  const channelData = dataOf(catalogue, 'channels', channel);
  const at = (moment: Date) => inZone(moment, timeZone);
  const atOrNull = (moment: string | undefined) => (moment === undefined ? null : at(new Date(moment)));
  return {
    id: ticket.number,
    title: ticket.title,
    status: ticket.state as DeskState,
    priority: priorityWord(ticket.priority),
    brand_id: brand,
    brand_name: textOf(dataOf(catalogue, 'brands', brand).name),
    channel_id: channel,
    channel_name: textOf(channelData.name),
    channel_icon: textOf(channelData.icon),
    channel_account_id: textOf(channelData.accountID),
    direction: fields.direction ?? null,
    from: fields.from ?? null,
    from_name: fields.fromName ?? NO_NAME,
    to: fields.to ?? null,
    to_name: null,
    assigned_group_id: numberOf(ticket.queue) ?? 0,
    assigned_user_id: ticket.assignee,
    form_id: fields.form ?? null,
    customer_id: numberOf(ticket.customer),
    external_id: ticket.externalReference,
    external_gui_url: fields.externalURL ?? null,
    grade_by_customer: fields.grade ?? null,
    created_at: at(ticket.createdAt),
    closed_at: ticket.closedAt && at(ticket.closedAt),
    last_update: at(ticket.updatedAt),
    last_update_agent: atOrNull(fields.lastUpdateAgent),
    last_update_customer: atOrNull(fields.lastUpdateCustomer),
    sla_policy_id: null,
    sla_next_breach: null,
    sla_next_breach_current_status: null,
    snooze_time: null,
    show_timeline: timeline ? 1 : 0,
    tags: [...ticket.tags],
    ...(timeline && { timeline }),
  };
}

/** The answer to a write of one ticket. */
export function writtenBody(message: string, item: WireItem) {
  return { type: 'result', message, id: item.id, item } as const;
}

function dataOf(catalogue: Catalogue, collection: string, key: number | null): Record<string, unknown> {
  return key === null ? {} : { ...catalogue.entry(collection, String(key))?.data };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A key as a number; null where it is none, as a key that another kind's ticket brought along may be. */
function numberOf(key: string | null): number | null {
  return key !== null && /^[0-9]{1,15}$/.test(key) ? Number(key) : null;
}
