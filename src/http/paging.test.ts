import fc from 'fast-check';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { cursorFormat } from './paging.ts';

const cursors = cursorFormat(Type.Object({ at: Type.String({ format: 'date-time' }), id: Type.Integer() }));
const position = { at: '2026-03-01T12:00:00Z', id: 7 };

const broken = {
  ok: false,
  code: 'invalidRequest',
  message: 'The request breaks one or more rules; every fault is listed with its place.',
  errors: [{ pointer: '/query/cursor', message: 'must be a cursor that this list gave out' }],
};

describe('cursorFormat', () => {
  it('gives back what it wrote, in characters that a URL takes', () => {
    const cursor = cursors.encode(position);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(cursors.decode(cursor)).toEqual({ ok: true, position });
  });

  it('refuses a cursor that was cut or changed', () => {
    const cursor = cursors.encode(position);
    expect(cursors.decode(cursor.slice(0, -3))).toEqual(broken);
    expect(cursors.decode(`${cursor.slice(0, 20)}A${cursor.slice(21)}`)).toEqual(broken);
    for (const more of ['A', '=', ' ', '\n', '!', '.x'])
      expect(cursors.decode(cursor + more)).toEqual(broken);
    expect(cursors.decode('')).toEqual(broken);
    expect(cursors.decode('not a cursor')).toEqual(broken);
  });

  it('refuses a cursor of another list, and one with a text that cannot be stored', () => {
    const other = cursorFormat(Type.Object({ id: Type.String() }));
    expect(cursors.decode(other.encode({ id: 'x' }))).toEqual(broken);
    const nul = other.encode({ id: '\u0000' });
    expect(other.decode(nul)).toEqual(broken);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(cursors.decode(text)).toEqual(broken);
      }),
    );
  });
});
