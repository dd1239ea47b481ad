import { expect, it } from 'vitest';
import { hasTmf621Files, tmf621Faults } from './tmf621-schema.ts';

it.runIf(hasTmf621Files)('an answer that is not the standard’s is found out, in both versions', () => {
  expect(tmf621Faults('v4', 'TroubleTicket', { id: 1, status: 'done' })).toHaveLength(2);
  expect(tmf621Faults('v5', 'TroubleTicket_RES', { id: '1', href: '/1' })).not.toEqual([]);
  expect(tmf621Faults('v5', 'TroubleTicket_RES', { id: '1', href: '/1', '@type': 'Other' })).not.toEqual([]);
  const attachment = [{ '@type': 'AttachmentRef', name: 'a reference without an id' }];
  const ticket = { id: '1', href: '/1', '@type': 'TroubleTicket' };
  expect(tmf621Faults('v5', 'TroubleTicket_RES', ticket)).toEqual([]);
  expect(tmf621Faults('v5', 'TroubleTicket_RES', { ...ticket, attachment })).not.toEqual([]);
  expect(tmf621Faults('v4', 'TroubleTicket[]', ticket)).not.toEqual([]);
});
