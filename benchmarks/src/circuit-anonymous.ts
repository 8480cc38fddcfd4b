import { circuit } from './families/circuit.ts';
import { commandCircuit } from './families/command-circuit.ts';

/** What can be learned from interventions alone: names say nothing. */
export const circuitAnonymous = circuit({
  name: 'circuit-1',
  title: 'Hidden spiking circuit, names drawn: what interventions teach',
  neurons: commandCircuit,
  named: false,
});
