import { circuit } from './families/circuit.ts';
import { commandCircuit } from './families/command-circuit.ts';

/** Beside `circuit-1`: what knowing the neurons' names, and so their published wiring, adds. Its scores are never mixed with those. */
export const circuitNamed = circuit({
  name: 'circuit-2',
  title: 'Hidden spiking circuit, real names: what published wiring adds',
  neurons: commandCircuit,
  named: true,
});
