import { expect, it } from 'vitest';
import { CLOSE_OUT, openTicket } from '../ossj/fixture/tickets.ts';
import { open, useTmf, VERSIONS } from './fixture/tmf-server.ts';

const tmf = useTmf();
const ROUNDS = 400;
/** Rounds that run side by side, so that their commits share statements as in real traffic. */
const ABREAST = 20;

const STATUS_OF: Record<string, string> = { CLEARED: 'resolved', 'CLOSED.CANCELED': 'cancelled' };

it('clients of OSS/J and of both versions work one ticket at once: no update is lost, and all read the same', async () => {
  const ossjTu = tmf.server.as({ id: 'ossj tu', party: 'onivia' });
  const ossjTo = tmf.server.as({ id: 'ossj to', party: 'redco' });
  const [tu4, to5] = [tmf.tu('v4'), tmf.to('v5')];
  let n = 0;

  async function round(): Promise<string> {
    n += 1;
    const mine = n;
    const id = mine % 2 ? await openTicket(ossjTu) : await open(tu4, 'v4', { status: 'inProgress' });
    const path = `/troubleTicket/${id}`;
    const [clear, cancel, rename, severity, remark] = await Promise.all([
      ossjTo('PUT', path, { dialog: 'Done', baseTroubleTicketState: 'CLEARED', ...CLOSE_OUT }),
      tu4('PATCH', path, { status: 'cancelled', statusChangeReason: 'Not needed' }),
      tu4('PATCH', path, { name: `Name ${mine}` }),
      to5('PATCH', path, [{ op: 'replace', path: '/severity', value: `Severity ${mine}` }], {
        'content-type': 'application/json-patch+json',
      }),
      ossjTu('PATCH', path, { dialog: `Remark ${mine}` }),
    ]);
    const won = [clear, cancel].filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect([clear.status, cancel.status].toSorted()).toEqual([200, 409]);
    expect([rename.status, severity.status]).toEqual([200, 200]);
    expect([200, 409]).toContain(remark.status);

    const [ossj, four, five] = await Promise.all([ossjTu('GET', path), tu4('GET', path), to5('GET', path)]);
    const written = [clear, cancel, rename, severity, remark].filter(({ status }) => status === 200).length;
    expect(ossj.body.version).toBe(1 + written);
    const status = STATUS_OF[ossj.body.baseTroubleTicketState];
    expect(status).toBe(won[0] === clear ? 'resolved' : 'cancelled');
    for (const { body, headers } of [four, five]) {
      expect(body).toMatchObject({ status, name: `Name ${mine}`, severity: `Severity ${mine}` });
      expect(headers.etag).toBe(`"${1 + written}"`);
    }
    const changes = four.body.statusChange.map((change: { status: string }) => change.status);
    expect(changes).toEqual(['inProgress', status]);
    const { history } = (await ossjTu('GET', `${path}/history`)).body;
    const said = history.filter(({ dialog }: { dialog: string }) => dialog === `Remark ${mine}`);
    expect(said).toHaveLength(remark.status === 200 ? 1 : 0);
    return status ?? '';
  }

  for (let done = 0; done < ROUNDS; done += ABREAST) {
    await Promise.all(Array.from({ length: ABREAST }, round));
  }
  expect(n).toBe(ROUNDS);
}, 120_000);

it.each(VERSIONS)('notes and remarks by both sides at once are all kept in %s', async (version) => {
  const ossj = tmf.server.as({ id: 'ossj to', party: 'redco' });
  const tu = tmf.tu(version);
  const path = `/troubleTicket/${await open(tu, version, { status: 'inProgress' })}`;
  const add = (text: string) =>
    version === 'v4'
      ? tu('PATCH', path, { statusChangeReason: text })
      : tu('PATCH', path, [{ op: 'add', path: '/note/-', value: { text, '@type': 'Note' } }], {
          'content-type': 'application/json-patch+json',
        });
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      n % 2 ? add(`Note ${n}`) : ossj('PATCH', path, { dialog: `Note ${n}` }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await tu('GET', path)).headers.etag).toBe('"31"');
  if (version === 'v4') return;
  const { note } = (await tu('GET', path)).body;
  const texts = new Set(note.map(({ text }: { text: string }) => text));
  for (let n = 1; n < 30; n += 2) expect(texts).toContain(`Note ${n}`);
});
