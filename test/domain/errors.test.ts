import { errorSaid, sayError, unknownName } from '@bregma/core/errors';
import { describe, expect, test } from 'vitest';

describe('an error about a name that is not there', () => {
  const error = unknownName('neuron', 'AVAl', ['AVAL', 'AVAR'], 'Call describe_data.', 'in this release');

  test('says what is missing, where, and what is near', () => {
    expect(error.message).toBe("No neuron 'AVAl' in this release. Did you mean AVAL, AVAR?");
    expect(error.next).toBe('Call describe_data.');
  });

  test('carries the same as fields, so that nobody reads it out of the words', () => {
    expect(error.fields).toEqual({ what: 'neuron', id: 'AVAl', nearest: ['AVAL', 'AVAR'] });
    expect(error.code).toBe('unknown-name');
  });

  test('is the same error behind the border of a process', () => {
    const behind = errorSaid(structuredClone(sayError(error)));
    expect({ ...behind, message: behind.message }).toEqual({ ...error, message: error.message });
  });
});
