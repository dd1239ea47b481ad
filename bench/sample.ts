import { COUNTER } from './load-job.ts';

/** The party that opens tickets upon the account's own party. */
export const ISSUER = 'ONV';

/**
 * What a client sends to open a ticket: every required field and most of the others, with texts as long as people
 * write them. `mirrorKey` is the only thing that differs from one ticket to the next.
 */
export function troubleInput(mirrorKey: string) {
  return {
    mirrorKey,
    dialog: 'FTTH service without navigation since this morning; ONT in sync, no traffic, rebooted twice.',
    troubleType: 'FTTH_PROVISION_RANGED_NO_NAVEGA',
    troubleDescription: 'Customer has no navigation after provision, ONT ranged',
    troubleDetectionTime: '2026-01-15T08:30:00Z',
    preferredPriority: 2,
    troubledObject: 'FTTH-28013-000123',
    customerTroubleNum: 'CT-558121',
    homeId: 'HID-0099231',
    gescal37ID: '2800000712345000010000000000000000001',
    wh1Parameter: 'OLT-MAD-07/1/3/12',
    customer: 70,
  };
}

/** The body of `POST /troubleTicket`, with a counted mirrorKey. */
export const CREATE_BODY = JSON.stringify({
  baseTroubleTicketState: 'OPENACTIVE',
  ...troubleInput(`ONV-${COUNTER}`),
});
