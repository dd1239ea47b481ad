import { type Static, Type } from 'typebox';
import type { Change, ChangeContext, Input } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import {
  type ExceptionFields,
  fieldsOf,
  type HelpDeskReport,
  type HelpDeskState,
  uniqueKeyOf,
} from './fields.ts';
import { matterOf } from './help-desk/matter.ts';
import { helpDesks } from './help-desk/port.ts';
import type { ExceptionTransition } from './workflow.ts';

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const text = (maxLength: number) => Type.String({ maxLength });
const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** What a rule gives when it opens an exception. */
export const openInput = Type.Object({
  title: text(1000),
  type: text(15),
  typeName: text(100),
  rule: text(15),
  authorizationNumber: whole,
  requestType: orNull(whole),
  serviceProviderId: orNull(whole),
  serviceProviderName: orNull(text(500)),
  priority: orNull(Type.Integer({ minimum: 0, maximum: 32_767 })),
  comment: text(20_000),
  shift: Type.Enum(['dayside', 'afterHours', 'westpark']),
  callToAction: orNull(text(20_000)),
  system: Type.Enum(['zendesk', 'desk']),
});

const reference = Type.Object({ domain: text(100), type: text(100), identifier: text(255) });
const status = text(50);
const comment = Type.Optional(text(65_000));
const report = Type.Optional(
  Type.Object({ mark: text(100), sentAt: orNull(Type.String({ format: 'date-time' })) }),
);

/** Reports of the help desk that are remembered. */
const MOST_REPORTS = 10;

const INPUTS = {
  open: openInput,
  answer: Type.Object({
    reference: Type.String({ minLength: 1, maxLength: 255 }),
    status: Type.Optional(status),
    references: Type.Optional(Type.Array(reference, { maxItems: 10 })),
  }),
  fail: Type.Object({ fault: text(1000) }),
  retry: Type.Object({}),
  note: Type.Object({ status, comment, report }),
  solve: Type.Object({ status: Type.Optional(status), comment, report }),
  reopen: Type.Object({ status: Type.Optional(status), comment, report }),
  settle: Type.Object({ event: Type.Optional(text(200)) }),
} as const satisfies Record<ExceptionTransition, ReturnType<typeof Type.Object>>;

export type OpenInput = Static<typeof openInput>;
type InputOf<T extends ExceptionTransition> = Static<(typeof INPUTS)[T]>;

export function inputSchema(transition: string) {
  return INPUTS[transition as ExceptionTransition] ?? Type.Object({});
}

type Rule = (ticket: Ticket, input: Input, context: ChangeContext) => Change | Refusal;

const RULES: Readonly<Record<Exclude<ExceptionTransition, 'open'>, Rule>> = {
  answer,
  fail: (ticket, input) => {
    const { fault } = input as InputOf<'fail'>;
    return changed(ticket, { helpDesk: { fault } }, { reason: fault });
  },
  retry,
  note: (ticket, input) => reported(ticket, input as InputOf<'note'>),
  solve: (ticket, input) => reported(ticket, input as InputOf<'solve'>, null),
  reopen,
  settle,
};

/** What the opening of an exception or one of its transitions sets. The input has passed its schema. */
export function changeException(
  ticket: Ticket | null,
  name: string | null,
  input: Input,
  context: ChangeContext,
): Change | Refusal {
  if (!ticket) return open(input as unknown as OpenInput, context);
  if (name === null) return { ok: true, set: {} };
  return RULES[name as Exclude<ExceptionTransition, 'open'>](ticket, input, context);
}

function open({ title, priority, system, ...rest }: OpenInput, { key }: ChangeContext): Change {
  const fields: ExceptionFields = {
    ...rest,
    settled: false,
    helpDesk: { system, answered: false, reference: null, status: null, fault: null },
    references: [],
  };
  const { typeName, authorizationNumber, serviceProviderId, serviceProviderName } = fields;
  return {
    ok: true,
    set: { title, priority, uniqueKey: uniqueKeyOf(fields), fields: { ...fields } },
    searchText: [typeName, authorizationNumber, serviceProviderId, serviceProviderName]
      .filter((part) => part !== null)
      .join(' '),
    ...helpDesks[system].opened({ key, title, priority, fields }),
  };
}

function retry(ticket: Ticket): Change | Refusal {
  const { helpDesk } = fieldsOf(ticket);
  if (helpDesk.fault === null) {
    return refuse('invalidTransition', 'The help desk has not failed: there is nothing to try again.');
  }
  const change = changed(ticket, { helpDesk: { fault: null } });
  return { ...change, ...helpDesks[helpDesk.system].retried(matterOf(ticket)) };
}

/** The help desk is told once. */
function settle(ticket: Ticket, input: Input): Change {
  const { event } = input as InputOf<'settle'>;
  const { settled, helpDesk } = fieldsOf(ticket);
  const data = { ...(event && { event }), ...(!settled && { settled: true }) };
  const change = changed(ticket, { settled: true }, { uniqueKey: null, data });
  return settled ? change : { ...change, ...helpDesks[helpDesk.system].settled(matterOf(ticket)) };
}

/** The first reference is the help desk's own; a later answer of the same ticket adds nothing. */
function answer(ticket: Ticket, input: Input): Change {
  const { reference, status, references = [] } = input as InputOf<'answer'>;
  const before = fieldsOf(ticket).references;
  const fresh = references.filter(
    ({ domain, type, identifier }) =>
      !before.some(
        (known) => known.domain === domain && known.type === type && known.identifier === identifier,
      ),
  );
  const helpDesk = { answered: true, reference, fault: null, ...(status !== undefined && { status }) };
  return changed(
    ticket,
    { helpDesk, references: [...before, ...fresh] },
    { searchText: [reference, ...fresh.map(({ identifier }) => identifier)].join(' ') },
  );
}

function reopen(ticket: Ticket, input: Input): Change | Refusal {
  const fields = fieldsOf(ticket);
  if (fields.settled) {
    return refuse('invalidTransition', 'The work item has settled this exception.');
  }
  return reported(ticket, input as InputOf<'reopen'>, uniqueKeyOf(fields));
}

/** What the help desk reports of its ticket. */
function reported(
  ticket: Ticket,
  { status, comment, report }: InputOf<'solve'>,
  uniqueKey: string | null = ticket.uniqueKey,
): Change {
  const helpDesk = {
    ...(status !== undefined && { status }),
    ...(report && { reports: withReport(ticket, report) }),
  };
  return changed(ticket, Object.keys(helpDesk).length === 0 ? {} : { helpDesk }, {
    uniqueKey,
    ...(comment !== undefined && { reason: comment, searchText: comment }),
  });
}

function withReport(ticket: Ticket, report: HelpDeskReport): HelpDeskReport[] {
  return [report, ...(fieldsOf(ticket).helpDesk.reports ?? [])].slice(0, MOST_REPORTS);
}

interface Told {
  readonly uniqueKey?: string | null;
  readonly reason?: string;
  readonly searchText?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

function changed(
  ticket: Ticket,
  { helpDesk, ...own }: Partial<Omit<ExceptionFields, 'helpDesk'>> & { helpDesk?: Partial<HelpDeskState> },
  { uniqueKey, ...told }: Told = {},
): Change {
  const before = fieldsOf(ticket);
  const fields: ExceptionFields = { ...before, ...own, helpDesk: { ...before.helpDesk, ...helpDesk } };
  return {
    ok: true,
    set: { fields: { ...fields }, ...(uniqueKey !== undefined && { uniqueKey }) },
    data: { ...told.data, ...(helpDesk && { helpDesk: withoutReports(helpDesk) }) },
    ...(told.reason !== undefined && { reason: told.reason }),
    ...(told.searchText !== undefined && { searchText: told.searchText }),
  };
}

/** They are for the next report alone. */
function withoutReports({ reports: _, ...rest }: Partial<HelpDeskState>): Partial<HelpDeskState> {
  return rest;
}
