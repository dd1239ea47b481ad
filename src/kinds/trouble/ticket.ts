import type { Change, ChangeContext, Input } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { invalid, type Refusal } from '../../kernel/errors.ts';
import { type Amendment, amendTicket, type Opening, openWith } from './amend.ts';
import { fieldsOf } from './fields.ts';
import { describeFile, keepFiles } from './files.ts';
import type { CreateInput, EditInput, UpdateInput } from './inputs.ts';
import { actingParty } from './parties.ts';
import { cameInto, spoken, uniqueMirrorKey } from './record.ts';
import { type TroubleTransition, troubleWorkflow } from './workflow.ts';

/** What a creation, a transaction or an edit sets. The input has passed the schema of its command. */
export function changeTrouble(
  ticket: Ticket | null,
  name: string | null,
  input: Input,
  context: ChangeContext,
): Change | Refusal {
  const at = toState(name);
  if (input.attributes !== undefined) {
    return ticket
      ? amendTicket(ticket, name, at, input as unknown as Amendment, context)
      : openWith(input as unknown as Opening, at ?? '', context);
  }
  if (!ticket) return open(input as unknown as CreateInput, at ?? '', context);
  if (name === null) return edit(ticket, input as unknown as EditInput);
  return transact(ticket, name, at, input as unknown as Partial<UpdateInput>, context);
}

/** The state that a transition leads to, null where it leads to none. */
function toState(name: string | null): string | null {
  return name === null ? null : troubleWorkflow.transitions[name as TroubleTransition].to;
}

function open(input: CreateInput, state: string, { actor, now }: ChangeContext): Change | Refusal {
  const issuer = actingParty(actor);
  const owner = input.owner ?? actor.account;
  if (issuer === owner) {
    const message = `must be another party than the issuer, which is ${owner}`;
    return invalid([{ pointer: '/owner', message }], 'Nobody may be on both sides of a ticket.');
  }
  const { mirrorKey, preferredPriority, owner: _owner, customer, attachments: files = [], ...rest } = input;
  const kept = keepFiles(files, now);
  const fields = {
    ...rest,
    ...spoken(rest.dialog, actor, now),
    statusChanges: cameInto(state, now),
    ...(customer !== undefined && { customer: Number(customer) }),
    ...(kept.length > 0 && { attachments: kept.map(describeFile) }),
  };
  return {
    ok: true,
    set: {
      title: rest.troubleDescription,
      priority: preferredPriority,
      issuer,
      owner,
      externalReference: mirrorKey,
      uniqueKey: uniqueMirrorKey(issuer ?? '', mirrorKey),
      fields,
    },
    data: { dialog: rest.dialog },
    searchText: [
      mirrorKey,
      rest.troubleType,
      rest.troubledObject,
      rest.customerTroubleNum ?? '',
      rest.homeId ?? '',
      rest.dialog,
    ].join(' '),
    attachments: kept,
  };
}

function transact(
  ticket: Ticket,
  name: string,
  state: string | null,
  input: Partial<UpdateInput>,
  { actor, now }: ChangeContext,
): Change {
  const { dialogNote, ...before } = fieldsOf(ticket);
  const kept = keepFiles(input.attachments ?? [], now);
  const closeOut = name === 'TO07' && {
    closeOutType: input.closeOutType,
    closeOutNarr: input.closeOutNarr,
    serviceRestoredTime: input.serviceRestoredTime,
  };
  const fields = {
    ...before,
    ...(input.dialog !== undefined ? spoken(input.dialog, actor, now) : dialogNote && { dialogNote }),
    ...(state !== null && { statusChanges: cameInto(state, now, before.statusChanges) }),
    ...(input.customer !== undefined && { customer: Number(input.customer) }),
    ...closeOut,
    ...(kept.length > 0 && { attachments: [...(before.attachments ?? []), ...kept.map(describeFile)] }),
  };
  const told = [input.dialog, closeOut ? input.closeOutNarr : undefined].filter((part) => part !== undefined);
  return {
    ok: true,
    set: { fields },
    ...(input.dialog !== undefined && { data: { dialog: input.dialog, ...closeOut } }),
    searchText: told.join(' '),
    attachments: kept,
  };
}

function edit(ticket: Ticket, input: EditInput): Change {
  const { preferredPriority, customer, customerTroubleNum, assignee, queue, tags } = input;
  const { priorityName, ...fields } = fieldsOf(ticket);
  return {
    ok: true,
    set: {
      ...(preferredPriority !== undefined && { priority: preferredPriority }),
      ...(assignee !== undefined && { assignee }),
      ...(queue !== undefined && { queue }),
      ...(tags !== undefined && { tags }),
      fields: {
        ...fields,
        // Another number makes the word for the one before wrong.
        ...(preferredPriority === undefined && priorityName !== undefined && { priorityName }),
        ...(customer !== undefined && { customer: Number(customer) }),
        ...(customerTroubleNum !== undefined && { customerTroubleNum }),
      },
    },
    data: { changed: input },
    searchText: customerTroubleNum ?? '',
  };
}
