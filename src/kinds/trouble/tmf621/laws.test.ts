import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/actors.ts';
import { emptyCatalogue } from '../../../core/collection.ts';
import { decide } from '../../../core/decide.ts';
import type { Input } from '../../../core/kind.ts';
import type { Ticket } from '../../../core/ticket.ts';
import { compileSchema } from '../../../http/schema-compile.ts';
import { newId } from '../../../kernel/id.ts';
import { createInput } from '../inputs.ts';
import { troubleKind } from '../kind.ts';
import { toWire as toOssj } from '../ossj/map.ts';
import type { Document } from './document.ts';
import { party } from './fixture/tmf-server.ts';
import { readDocument } from './read-body.ts';
import { movesFrom, STATUSES, statesOf, statusOf } from './statuses.ts';
import { v4 } from './v4/index.ts';
import { v5 } from './v5/index.ts';
import type { Version } from './version.ts';

const now = new Date('2026-03-02T09:00:00.000Z');
const actor = actorOf('default', 'onivia');

function create(name: 'TU01' | 'acknowledge', input: Input): Ticket {
  const birth = { id: newId(now), number: 7, key: 'RED-7' };
  const context = { actor, now, settings: {}, catalogue: emptyCatalogue, contract: 'test', birth };
  const decision = decide(troubleKind, null, { type: 'create', name, input }, context);
  if (!decision.ok) throw new Error(JSON.stringify(decision));
  // As it comes back from the database.
  return { ...decision.ticket, fields: JSON.parse(JSON.stringify(decision.ticket.fields)) };
}

/** Opens a ticket by a body of the version. */
function openBy(version: Version, body: Document): Ticket {
  const checked = compileSchema(version.createBody).check(JSON.parse(JSON.stringify(body)));
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  const { status, ...document } = checked.value as Document;
  const content = readDocument(document, null, version.readBody, 'onivia', actor.name, now);
  if (!content.ok) throw new Error(JSON.stringify(content.errors));
  const { attributes, files, owner } = content;
  return create(status === 'inProgress' ? 'TU01' : 'acknowledge', { attributes, files, owner });
}

const text = (maxLength: number) =>
  fc.string({ minLength: 1, maxLength, unit: 'grapheme' }).filter((s) => s.length <= maxLength);
const word = text(30);
const moment = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const ossjBody = fc.record(
  {
    mirrorKey: word,
    dialog: text(200),
    troubleType: text(35),
    troubleDescription: text(200),
    troubleDetectionTime: moment,
    preferredPriority: fc.integer({ min: 1, max: 3 }),
    troubledObject: text(100),
    owner: fc.constant('redco'),
    customerTroubleNum: word,
    homeId: word,
    gescal37ID: word,
    wh1Parameter: word,
    wh5Parameter: word,
    clearencePerson: word,
    customer: fc.oneof(fc.nat(), fc.nat().map(String)),
  },
  {
    requiredKeys: [
      'mirrorKey',
      'dialog',
      'troubleType',
      'troubleDescription',
      'troubleDetectionTime',
      'preferredPriority',
      'troubledObject',
      'owner',
    ],
  },
);

const reference = (type: string) =>
  fc.record(
    { id: word, name: word, href: word, '@referredType': word, '@type': fc.constant(type) },
    { requiredKeys: ['id', '@type', '@referredType'] },
  );

const role = word.filter((name) => name !== 'issuer' && name !== 'owner');
const common = {
  description: text(300),
  severity: word,
  ticketType: word,
  name: text(100),
  priority: word,
  expectedResolutionDate: moment,
  requestedResolutionDate: moment,
  resolutionDate: moment,
  statusChangeReason: text(100),
  status: fc.constantFrom('acknowledged', 'inProgress'),
  channel: reference('ChannelRef'),
  note: fc.array(
    fc.record({ id: word, author: word, date: moment, text: text(100), '@type': fc.constant('Note') }),
    { maxLength: 3 },
  ),
  troubleTicketRelationship: fc.array(reference('TroubleTicketRelationship'), { maxLength: 2 }),
};

const bodies: Record<'v4' | 'v5', fc.Arbitrary<Document>> = {
  v4: fc.record(
    {
      ...common,
      externalId: word,
      relatedEntity: fc.array(
        fc.tuple(reference('EntityRef'), role).map(([one, r]) => ({ ...one, role: r })),
        {
          maxLength: 2,
        },
      ),
      attachment: fc.array(reference('AttachmentRef'), { maxLength: 2 }),
    },
    { requiredKeys: ['description', 'severity', 'ticketType'] },
  ),
  v5: fc.record(
    {
      ...common,
      externalIdentifier: fc.array(
        fc.record(
          { id: word, owner: word, externalIdentifierType: word, '@type': fc.constant('ExternalIdentifier') },
          { requiredKeys: ['id', '@type'] },
        ),
        { maxLength: 3 },
      ),
      relatedEntity: fc.array(
        fc.record({ role, entity: reference('EntityRef'), '@type': fc.constant('RelatedEntity') }),
        { maxLength: 2 },
      ),
      troubleTicketCharacteristic: fc.array(
        fc.record({
          name: word,
          value: fc.oneof(word, fc.integer(), fc.boolean(), fc.array(word, { minLength: 1, maxLength: 3 })),
        }),
        { maxLength: 3 },
      ),
      troubleTicketSpecification: reference('TroubleTicketSpecificationRef'),
    },
    { requiredKeys: ['description', 'severity', 'ticketType'] },
  ),
};

describe.each([v4, v5])('there and back by $name', (version) => {
  it('a ticket that OSS/J opened is the same for OSS/J when it is opened anew by what is read here', () => {
    fc.assert(
      fc.property(ossjBody, (body) => {
        const checked = compileSchema(createInput).check(JSON.parse(JSON.stringify(body)));
        if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
        const first = create('TU01', checked.value);
        const again = openBy(version, version.toWire(first, version.base));
        expect(toOssj(again, actor, now, '')).toEqual(toOssj(first, actor, now, ''));
      }),
      { numRuns: 300 },
    );
  });

  it('a ticket that was opened here is read as it was written, and the same again when it is opened by what is read', () => {
    fc.assert(
      fc.property(bodies[version.name], (given) => {
        const body = { ...given, relatedParty: [party(version.name, 'owner', 'redco')] };
        const first = version.toWire(openBy(version, body), version.base);
        for (const [name, value] of Object.entries(given)) {
          const isEmpty = Array.isArray(value) && value.length === 0;
          const wasTyped = name === 'troubleTicketCharacteristic';
          if (!isEmpty && !wasTyped) expect(first[name]).toEqual(value);
        }
        expect(version.toWire(openBy(version, first), version.base)).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });
});

it('every state has one status and every status a state, and every move of the standard a side that may do it', () => {
  const states = Object.keys(troubleKind.workflow.states);
  for (const state of states) expect(statesOf(statusOf(state))).toContain(state);
  for (const status of STATUSES) expect(statesOf(status).length).toBeGreaterThan(0);
  for (const state of states) {
    const bySides = new Set([...movesFrom(state, 'TU'), ...movesFrom(state, 'TO')]);
    expect(bySides).toEqual(new Set(movesFrom(state)));
  }
});
