import type { ShippedEntry } from '../../core/collection.ts';

/** Vehicle models of the example, with the first eight characters of their numbers, up to the check digit. */
export const MODELS: readonly { readonly entry: ShippedEntry; readonly vin: string }[] = [
  { entry: { key: '101', data: { make: 'Volkswagen', name: 'Golf VII' } }, vin: 'WVWZZZAU' },
  { entry: { key: '102', data: { make: 'Volkswagen', name: 'Caddy' } }, vin: 'WV2ZZZ2K' },
  { entry: { key: '201', data: { make: 'Škoda', name: 'Octavia III' } }, vin: 'TMBJG7NE' },
  { entry: { key: '301', data: { make: 'Renault', name: 'Mégane IV' } }, vin: 'VF1RFB00' },
  { entry: { key: '302', data: { make: 'Peugeot', name: '308 II' } }, vin: 'VF3LBBHZ' },
  { entry: { key: '401', data: { make: 'Seat', name: 'León III' } }, vin: 'VSSZZZ5F' },
  { entry: { key: '501', data: { make: 'Ford', name: 'Transit Custom' } }, vin: 'WF0YXXTT' },
  { entry: { key: '601', data: { make: 'Scania', name: 'R 450' } }, vin: 'YS2R4X20' },
  { entry: { key: '701', data: { make: 'Honda', name: 'Jazz III' } }, vin: 'JHMGK585' },
  { entry: { key: '801', data: { make: 'Volvo', name: 'V60 II' } }, vin: 'YV1ZWA8U' },
];

/** Trucks have two batteries in a row. */
export const TRUCKS: ReadonlySet<string> = new Set(['601']);

export const REASONS: readonly ShippedEntry[] = [
  { key: 'no-connection', data: { name: 'The adapter could not be reached' } },
  { key: 'vehicle-gone', data: { name: 'The vehicle has left the workshop' } },
  { key: 'wrong-vehicle', data: { name: 'The ticket names another vehicle' } },
  { key: 'mechanical-fault', data: { name: 'The fault is mechanical and has to be mended first' } },
];

export const DEMO_PROVIDERS: readonly ShippedEntry[] = [
  { key: 'remote-24', data: { name: 'Remote 24' } },
  { key: 'key-experts', data: { name: 'Key Experts', reclaimable: false } },
];

/** Invented operators of the example. */
export const OPERATORS = [
  { email: 'olga.brandt@operators.example', name: 'Olga Brandt' },
  { email: 'pieter.dekker@operators.example', name: 'Pieter Dekker' },
  { email: 'ines.carvalho@operators.example', name: 'Inês Carvalho' },
  { email: 'marek.novak@operators.example', name: 'Marek Novák' },
  { email: 'sofia.lindgren@operators.example', name: 'Sofia Lindgren' },
] as const;

/** Workshops that ask for service, by the id that the portal has for them. */
export const WORKSHOPS = [
  { id: '3b0c4f5e-5d1a-4c63-9a57-0c6f1f1d0a01', short: 'GRN' },
  { id: '3b0c4f5e-5d1a-4c63-9a57-0c6f1f1d0a02', short: 'KLV' },
  { id: '3b0c4f5e-5d1a-4c63-9a57-0c6f1f1d0a03', short: 'MTZ' },
  { id: '3b0c4f5e-5d1a-4c63-9a57-0c6f1f1d0a04', short: 'BCN' },
  { id: '3b0c4f5e-5d1a-4c63-9a57-0c6f1f1d0a05', short: 'OSL' },
  { id: '3b0c4f5e-5d1a-4c63-9a57-0c6f1f1d0a06', short: 'POR' },
  { id: '3b0c4f5e-5d1a-4c63-9a57-0c6f1f1d0a07', short: 'GDN' },
] as const;
