/**
 * Sign of a neuron's output from its transmitter, as in the fly: acetylcholine, dopamine, serotonin and octopamine excite, GABA
 * and glutamate inhibit (Shiu et al. 2024, Nature 634:210), histamine inhibits (Hardie 1989, Nature 339:704); 0 for any other and
 * for none. Also takes the sign itself: 1, −1, excitatory, inhibitory.
 */
export function signOfTransmitter(value: unknown): -1 | 0 | 1 {
  const text = String(value ?? '')
    .trim()
    .toLowerCase();
  if (/^-1(\.0)?$|^inhib|^gaba|^glu|^hist|^ha$/.test(text)) return -1;
  return /^\+?1(\.0)?$|^excit|^ach|^acetylch|^da$|^dop|^ser|^5-?ht|^oct|^oa$/.test(text) ? 1 : 0;
}
