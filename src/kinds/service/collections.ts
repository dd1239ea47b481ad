import { type Static, Type } from 'typebox';
import type { Catalogue, Collection } from '../../core/collection.ts';
import type { FieldError } from '../../kernel/errors.ts';

export const CANCEL_REASONS = 'cancel-reasons';
export const PROVIDERS = 'service-providers';
export const VEHICLE_MODELS = 'vehicle-models';

const name = Type.String({ minLength: 1, maxLength: 255 });

const providerData = Type.Object({
  name,
  reclaimable: Type.Optional(
    Type.Boolean({ description: 'Whether tickets may be taken back from it; true when absent.' }),
  ),
});

const modelData = Type.Object({ name, make: Type.Optional(name) });

const ofService = { kind: 'service', keys: 'text', size: 'small' } as const;

export type ProviderData = Static<typeof providerData>;
type ModelData = Static<typeof modelData>;

/** What service tickets name by key. An account that keeps none of one sort takes any key of it. */
export const serviceCollections: readonly Collection[] = [
  {
    ...ofService,
    name: CANCEL_REASONS,
    label: 'Cancel reasons',
    one: 'cancel reason',
    schema: Type.Object({ name }),
  },
  {
    ...ofService,
    name: PROVIDERS,
    label: 'Service providers',
    one: 'service provider',
    schema: providerData,
  },
  {
    ...ofService,
    name: VEHICLE_MODELS,
    label: 'Vehicle models',
    one: 'vehicle model',
    schema: modelData,
  },
];

/** The fault of a key that the account does not have, though it keeps others of the sort. */
export function unknownKey(
  catalogue: Catalogue,
  collection: typeof CANCEL_REASONS | typeof PROVIDERS,
  key: string,
  pointer: string,
): FieldError[] {
  if (catalogue.entries(collection).length === 0 || catalogue.entry(collection, key)) return [];
  const one = collection === PROVIDERS ? 'service provider' : 'cancel reason';
  return [{ pointer, message: `must be the key of a ${one} of the account`, rule: 'unknown' }];
}

/** What people call a vehicle: its model, where the account knows it, and its number. */
export function vehicleTitle(catalogue: Catalogue, modelId: number, vin: string): string {
  const model = catalogue.entry(VEHICLE_MODELS, String(modelId))?.data as ModelData | undefined;
  return model ? `${[model.make, model.name].filter(Boolean).join(' ')}, ${vin}` : vin;
}
