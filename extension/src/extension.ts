import { activateHost } from './host/activate.ts';

/** Called by VS Code when the extension is first needed. */
export const activate = activateHost;
