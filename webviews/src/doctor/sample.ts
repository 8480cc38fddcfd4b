import type { DoctorModel } from './model.ts';

/** A machine that lacks one thing that it needs and one that it does not. */
export const sample = (): DoctorModel => ({
  version: '0.1.0',
  busy: false,
  findings: [
    { id: 'node', what: 'Node', state: 'ok', detail: '22.23.2' },
    {
      id: 'gpu',
      what: 'Graphics card',
      state: 'optional',
      detail: 'None was found: simulations run on the processor.',
    },
    { id: 'duckdb', what: 'DuckDB', state: 'missing', detail: 'It is not installed.', fix: 'npm i', button: 'Install' },
  ],
});
