import { describe, expect, it } from 'vitest';
import { CLOSE_OUT, openTicket, transact } from '../ossj/fixture/tickets.ts';
import { checked, open, useTmf, VERSIONS } from './fixture/tmf-server.ts';

const tmf = useTmf();
const MERGE = { 'content-type': 'application/merge-patch+json' };
const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
const QUERY = { 'content-type': 'application/json-patch-query+json' };

const ossj = (party: string) => tmf.server.as({ id: party === 'redco' ? 'to' : 'tu', party });

describe.each(VERSIONS)('a patch in %s', (version) => {
  it.each([{}, MERGE])('changes attributes, adds and takes away, as %j', async (headers) => {
    const tu = tmf.tu(version);
    const id = await open(tu, version);
    const before = (await tu('GET', `/troubleTicket/${id}`)).body;
    tmf.clock.advance(1000);
    const answer = await tu(
      'PATCH',
      `/troubleTicket/${id}`,
      { severity: 'Minor', name: null, channel: { name: 'shop' }, statusChangeReason: 'Registered by hand' },
      headers,
    );
    expect(answer.status).toBe(200);
    const { name: _, ...others } = before;
    const history = version === 'v4' ? 'statusChange' : 'statusChangeHistory';
    const reason = version === 'v4' ? 'changeReason' : 'statusChangeReason';
    expect(answer.body).toEqual({
      ...others,
      severity: 'Minor',
      channel: { ...before.channel, name: 'shop' },
      statusChangeReason: 'Registered by hand',
      [history]: [{ ...before[history][0], [reason]: 'Registered by hand' }],
      lastUpdate: tmf.clock.now().toISOString(),
    });
    expect(answer.headers.etag).toBe('"2"');
    expect((await tu('GET', `/troubleTicket/${id}`)).body).toEqual(answer.body);
  });

  it('that changes nothing writes nothing', async () => {
    const tu = tmf.tu(version);
    const id = await open(tu, version);
    const before = await tu('GET', `/troubleTicket/${id}`);
    const answer = await tu('PATCH', `/troubleTicket/${id}`, before.body);
    expect(answer).toMatchObject({ status: 200, text: before.text });
    expect(answer.headers.etag).toBe('"1"');
  });

  it('refuses what only the server sets, what a ticket cannot be without, and a status that is none', async () => {
    const tu = tmf.tu(version);
    const id = await open(tu, version);
    const answer = await tu('PATCH', `/troubleTicket/${id}`, {
      id: 'RED-0',
      href: '/elsewhere',
      creationDate: '2026-01-01T00:00:00Z',
      lastUpdate: '2026-01-01T00:00:00Z',
      statusChangeDate: '2026-01-01T00:00:00Z',
      [version === 'v4' ? 'statusChange' : 'statusChangeHistory']: [],
      '@type': 'Other',
      severity: null,
    });
    expect(answer.status).toBe(400);
    expect(new Set(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
      new Set([
        '/id',
        '/href',
        '/creationDate',
        '/lastUpdate',
        '/statusChangeDate',
        version === 'v4' ? '/statusChange' : '/statusChangeHistory',
        '/@type',
        '/severity',
      ]),
    );
    const status = await tu('PATCH', `/troubleTicket/${id}`, { status: 'nanana' });
    expect(status).toMatchObject({ status: 400, body: { errors: [{ pointer: '/status' }] } });
    expect((await tu('GET', `/troubleTicket/${id}`)).headers.etag).toBe('"1"');
  });

  it('holds to If-Match and to the sides of the ticket', async () => {
    const tu = tmf.tu(version);
    const id = await open(tu, version);
    const path = `/troubleTicket/${id}`;
    const stale = await tu('PATCH', path, { priority: 'Low' }, { 'if-match': '"7"' });
    expect(stale.status).toBe(412);
    expect((await tu('PATCH', path, { priority: 'Low' }, { 'if-match': '"1"' })).status).toBe(200);
    const stranger = checked(version, tmf.server.as({ party: 'stranger' }));
    expect((await stranger('PATCH', path, { priority: 'Low' })).status).toBe(404);
    const reader = tmf.staff(version, ['tickets.read']);
    expect((await reader('GET', path)).status).toBe(200);
    expect((await reader('PATCH', path, { priority: 'Low' })).status).toBe(403);
  });

  it('that adds a note is a remark to the other side, who reads it as the dialog', async () => {
    const to = tmf.to(version);
    const id = await open(tmf.tu(version), version, { status: 'inProgress' });
    const { note } = (await to('GET', `/troubleTicket/${id}`)).body;
    const more = [...note, { text: 'Which ONT?', '@type': 'Note' }];
    const answer = await to('PATCH', `/troubleTicket/${id}`, { note: more });
    expect(answer.body.note).toEqual([
      ...note,
      {
        id: '1',
        author: 'Redco field',
        date: tmf.clock.now().toISOString(),
        text: 'Which ONT?',
        '@type': 'Note',
      },
    ]);
    const seen = await ossj('onivia')('GET', `/troubleTicket/${id}`);
    expect(seen.body.dialog).toBe('Which ONT?');
    const { history } = (await ossj('onivia')('GET', `/troubleTicket/${id}/history`)).body;
    expect(history.at(-1)).toMatchObject({ code: 'TO11', role: 'TO', dialog: 'Which ONT?' });
  });

  it('shows what OSS/J said last as a note, and leaves it where a patch replaces the notes', async () => {
    const id = await openTicket(ossj('onivia'));
    await transact(ossj('redco'), id, { dialog: 'Is the PON light on?' });
    const tu = tmf.tu(version);
    const said = {
      id: 'dialog',
      author: 'to',
      date: tmf.clock.now().toISOString(),
      text: 'Is the PON light on?',
      '@type': 'Note',
    };
    expect((await tu('GET', `/troubleTicket/${id}`)).body.note).toEqual([said]);
    const answered = await tu('PATCH', `/troubleTicket/${id}`, {
      note: [said, { text: 'Yes', '@type': 'Note' }],
    });
    expect(answered.body.note.map(({ text }: { text: string }) => text)).toEqual(['Yes']);
  });

  it('moves the external identifier, once only, and the other contract with it', async () => {
    const tu = tmf.tu(version);
    const id = await open(tu, version);
    const other = await openTicket(ossj('onivia'), { mirrorKey: `TAKEN-${version}` });
    const withId = (key: string) =>
      version === 'v4'
        ? { externalId: key }
        : { externalIdentifier: [{ id: key, '@type': 'ExternalIdentifier' }] };
    const taken = await tu('PATCH', `/troubleTicket/${id}`, withId(`TAKEN-${version}`));
    expect(taken.status).toBe(409);
    expect(taken.body.message).toContain(other);
    expect((await tu('PATCH', `/troubleTicket/${id}`, withId(`FREE-${version}`))).status).toBe(200);
    expect((await ossj('onivia')('GET', `/troubleTicket/${id}`)).body.mirrorKey).toBe(`FREE-${version}`);
    const none = version === 'v4' ? { externalId: null } : { externalIdentifier: [] };
    expect((await tu('PATCH', `/troubleTicket/${id}`, none)).status).toBe(200);
    expect((await ossj('onivia')('GET', `/troubleTicket/${id}`)).body.mirrorKey).toBe('');
    expect(
      (await ossj('onivia')('PATCH', `/troubleTicket/${id}`, { dialog: 'x', mirrorKey: '' })).status,
    ).toBe(200);
  });

  it('takes no body but a patch', async () => {
    const tu = tmf.tu(version);
    const path = `/troubleTicket/${await open(tu, version)}`;
    expect((await tu('PATCH', path, 'x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await tu('PATCH', path, [], {})).status).toBe(400);
    expect((await tu('PATCH', path, '{', {})).status).toBe(400);
    const steps = await tu('PATCH', path, [{ op: 'replace', path: '/severity', value: 'Low' }], JSON_PATCH);
    expect(steps.status).toBe(version === 'v4' ? 415 : 200);
  });
});

describe('a JSON patch', () => {
  it('does its steps in order, whole or not at all', async () => {
    const tu = tmf.tu('v5');
    const id = await open(tu, 'v5');
    const path = `/troubleTicket/${id}`;
    const done = await tu(
      'PATCH',
      path,
      [
        { op: 'test', path: '/severity', value: 'Major' },
        { op: 'replace', path: '/severity', value: 'Minor' },
        { op: 'add', path: '/note', value: { text: 'Hurry', '@type': 'Note' } },
        { op: 'add', path: '/note/0', value: { id: 'first', text: 'Before all', '@type': 'Note' } },
        { op: 'remove', path: '/channel' },
        { op: 'copy', from: '/description', path: '/name' },
      ],
      JSON_PATCH,
    );
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({ severity: 'Minor', name: done.body.description });
    expect(done.body.note.map(({ id }: { id: string }) => id)).toEqual(['first', '77456', '1']);
    expect(done.body).not.toHaveProperty('channel');

    const refused = await tu(
      'PATCH',
      path,
      [
        { op: 'replace', path: '/severity', value: 'Critical' },
        { op: 'remove', path: '/nothing' },
      ],
      JSON_PATCH,
    );
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/1/path' }] } });
    const tested = await tu(
      'PATCH',
      path,
      [{ op: 'test', path: '/severity', value: 'Critical' }],
      JSON_PATCH,
    );
    expect(tested).toMatchObject({ status: 409, body: { errors: [{ pointer: '/0/value' }] } });
    expect((await tu('GET', path)).body).toEqual(done.body);
  });

  it.each([
    [{ op: 'replace', path: '/id', value: 'RED-0' }, '/id'],
    [{ op: 'remove', path: '/description' }, '/description'],
    [{ op: 'add', path: '/note/9', value: {} }, '/0/path'],
    [{ op: 'remove', path: '/note/length' }, '/0/path'],
    [{ op: 'replace', path: '/note/length', value: 4e9 }, '/0/path'],
    [{ op: 'add', path: '/__proto__/polluted', value: 1 }, '/0/path'],
    [{ op: 'add', path: '/constructor/prototype/polluted', value: 1 }, '/0/path'],
    [{ op: 'replace', path: '', value: {} }, '/0/path'],
    [{ op: 'replace', path: 'severity', value: 'x' }, '/0/path'],
    [{ op: 'replace', path: '/severity' }, '/0/value'],
    [{ op: 'move', path: '/severity' }, '/0/from'],
    [{ op: 'turn', path: '/severity' }, '/0/op'],
    [{ op: 'replace', path: '/note/0/text', value: { deep: 1 } }, '/note/0/text'],
  ])('refuses %j and names its place', async (step, pointer) => {
    const tu = tmf.tu('v5');
    const id = await open(tu, 'v5');
    const answer = await tu('PATCH', `/troubleTicket/${id}`, [step], JSON_PATCH);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('cannot make a ticket grow without end', async () => {
    const tu = tmf.tu('v5');
    const id = await open(tu, 'v5');
    const steps = Array.from({ length: 100 }, () => ({ op: 'copy', from: '/note', path: '/note/-' }));
    const answer = await tu('PATCH', `/troubleTicket/${id}`, steps, JSON_PATCH);
    expect(answer.status).toBe(400);
  });
});

describe('a JSON patch with queries', () => {
  it('picks items of a list by what they have', async () => {
    const tu = tmf.tu('v5');
    const id = await open(tu, 'v5');
    const path = `/troubleTicket/${id}`;
    const again = await tu(
      'PATCH',
      path,
      [
        { op: 'replace', path: '/note?id=77456', value: { text: 'Please approach me.' } },
        { op: 'add', path: '/note/-', value: { id: 'a/b', text: 'x', '@type': 'Note' } },
        { op: 'remove', path: '/note?note.id=a%2Fb&text=x' },
        { op: 'replace', path: '/troubleTicketRelationship?id=3472/name', value: 'Earlier' },
      ],
      QUERY,
    );
    expect(again.status).toBe(200);
    expect(again.body.note).toMatchObject([
      { id: '77456', author: 'Jack Smith', text: 'Please approach me.' },
    ]);
    expect(again.body.troubleTicketRelationship[0].name).toBe('Earlier');
  });

  it.each(['/note?id=nobody', '/note?', '/note?id', '/name?id=1', '/note?id=%', '/nothing?id=1'])(
    'refuses %s, which picks nothing',
    async (path) => {
      const tu = tmf.tu('v5');
      const id = await open(tu, 'v5');
      const answer = await tu('PATCH', `/troubleTicket/${id}`, [{ op: 'remove', path }], QUERY);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/0/path' }] } });
    },
  );
});

describe('resolving', () => {
  it('says for OSS/J what the client said, or what can be said without it', async () => {
    const to = tmf.to('v4');
    const id = await open(tmf.tu('v4'), 'v4', { status: 'inProgress' });
    const answer = await to('PATCH', `/troubleTicket/${id}`, {
      status: 'resolved',
      statusChangeReason: 'Profile set anew',
      resolutionDate: '2026-03-02T08:59:00Z',
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'resolved', resolutionDate: '2026-03-02T08:59:00Z' },
    });
    expect((await ossj('onivia')('GET', `/troubleTicket/${id}`)).body).toMatchObject({
      baseTroubleTicketState: 'CLEARED',
      closeOutType: 'RESOLVED',
      closeOutNarr: 'Profile set anew',
      serviceRestoredTime: '2026-03-02T08:59:00Z',
    });
    const bare = await open(tmf.tu('v4'), 'v4', { status: 'inProgress' });
    const quick = await to('PATCH', `/troubleTicket/${bare}`, { status: 'resolved' });
    expect(quick.body.resolutionDate).toBe(tmf.clock.now().toISOString());
  });

  it('reads what OSS/J said of a resolution', async () => {
    const id = await openTicket(ossj('onivia'));
    await transact(ossj('redco'), id, { baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT });
    const { body } = await tmf.tu('v5')('GET', `/troubleTicket/${id}`);
    expect(body).toMatchObject({ status: 'resolved', resolutionDate: CLOSE_OUT.serviceRestoredTime });
    expect(body.troubleTicketCharacteristic).toContainEqual({
      name: 'closeOutType',
      value: 'SOLVED',
      valueType: 'string',
      '@type': 'StringCharacteristic',
    });
  });
});
