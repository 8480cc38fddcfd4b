import type { Command } from '../app.ts';

/** Shows what this machine has of what Bregma needs. */
export const doctor: Command = {
  run: async (app) => (await import('../doctor/show-doctor.ts')).showDoctor(app),
};
