import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../core/collection.ts';
import { registerCollections } from '../../core/register-collections.ts';
import { compileSchema } from '../../http/schema-compile.ts';
import { PROVIDERS, serviceCollections, unknownKey, VEHICLE_MODELS, vehicleTitle } from './collections.ts';

const registry = registerCollections(serviceCollections);

function catalogueWith(collection: string, key: string, data: Record<string, unknown>) {
  const entry = { collection, key, data, version: 1, createdAt: null, updatedAt: null };
  return catalogueOf(new Map([[collection, [entry]]]));
}

describe('the reference data of service tickets', () => {
  it.each<[string, unknown, string[]]>([
    ['cancel-reasons', { name: 'No connection' }, []],
    ['cancel-reasons', {}, ['/name']],
    ['service-providers', { name: 'Remote 24', reclaimable: false }, []],
    ['service-providers', { name: '', reclaimable: 'no' }, ['/name', '/reclaimable']],
    ['vehicle-models', { make: 'Honda', name: 'NSX' }, []],
    ['vehicle-models', { make: 'Honda' }, ['/name']],
  ])('%s takes %j with the faults %j', (collection, data, faults) => {
    const result = compileSchema(registry.get(collection)?.schema as never).check(data);
    expect(result.ok ? [] : result.errors.map(({ pointer }) => pointer).toSorted()).toEqual(faults);
  });

  it('is asked for only where the account keeps some', () => {
    expect(unknownKey(catalogueOf(new Map()), PROVIDERS, 'x', '/p')).toEqual([]);
    const catalogue = catalogueWith(PROVIDERS, 'a', { name: 'A' });
    expect(unknownKey(catalogue, PROVIDERS, 'a', '/p')).toEqual([]);
    expect(unknownKey(catalogue, PROVIDERS, 'x', '/p')).toMatchObject([{ pointer: '/p', rule: 'unknown' }]);
  });

  it('gives a vehicle its name', () => {
    const vin = 'JH4KA7630PC007649';
    expect(vehicleTitle(catalogueOf(new Map()), 0, vin)).toBe(vin);
    const catalogue = catalogueWith(VEHICLE_MODELS, '0', { make: 'Honda', name: 'NSX' });
    expect(vehicleTitle(catalogue, 0, vin)).toBe('Honda NSX, JH4KA7630PC007649');
    expect(vehicleTitle(catalogueWith(VEHICLE_MODELS, '7', { name: 'Van' }), 7, vin)).toBe(`Van, ${vin}`);
  });
});
