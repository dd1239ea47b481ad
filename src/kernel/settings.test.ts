import { describe, expect, it } from 'vitest';
import { type SettingDefinition, settingFault } from './settings.ts';

function setting(type: SettingDefinition['type']): SettingDefinition {
  return { key: 'k', type, default: '', label: 'A setting' };
}

describe('settingFault', () => {
  it.each<[SettingDefinition['type'], string, string | null]>([
    ['duration', 'PT72H', null],
    ['duration', '72', 'must be an ISO 8601 duration such as PT72H'],
    ['duration', 'P999999Y', 'must be an ISO 8601 duration such as PT72H'],
    ['boolean', 'true', null],
    ['boolean', 'yes', 'must be true or false'],
    ['text', 'x'.repeat(1000), null],
    ['text', 'x'.repeat(1001), 'must have at most 1000 characters'],
    [['a', 'b'], 'b', null],
    [['a', 'b'], 'c', 'must be one of a, b'],
  ])('of type %j says of %.10j: %j', (type, value, fault) => {
    expect(settingFault(setting(type), value)).toBe(fault);
  });
});
